"""Who may know of an episode: the authority it belongs to, one that it is shared with; of a restricted one only those permitted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from handlers import access
from handlers.desk import Actor, Desk
from handlers.directory import Person
from storage import episodes, permits
from storage.episodes import EpisodeRow
from storage.permits import Permit

REFERENCE = re.compile(r"\bHW-[0-9A-Z]{4,6}\b")
RESTRICTED = "a restricted episode"
OPENING = frozenset({"named", "glass"})
ACROSS = frozenset({"status", "note", "found"})  # what an authority may do in an episode that is shared with it


def may_know(desk: Desk, row: EpisodeRow, actor: Actor) -> bool:
    """Whether there is such an episode, as far as this actor is concerned."""
    if not row.restricted and row.authority == actor.authority:
        return True
    live = [p for p in permits.of_episode(desk.session, row.id) if p.on(desk.now)]
    if row.authority != actor.authority:
        return not row.restricted and of_council(actor) and any(p.kind == "shared" and p.who == actor.authority for p in live)
    if actor.id in barred(live):
        return False
    return any(p.kind in OPENING and p.who == actor.id for p in live) or actor.id in {p.id for p in approvers(desk, row, live)}


def of_council(actor: Actor) -> bool:
    """Whether somebody works for the council, or audits it: its partners see nothing of what another authority shares with it."""
    return any(access.group_of(role) in access.STAFF | {"auditor"} for role in actor.roles)


def uninvited(reference: str) -> str:
    """The sentence for a partner whom an episode does not concern."""
    return f"You are not invited to {reference}. Ask its social worker if you should be."


def barred(live: Iterable[Permit]) -> set[str]:
    """Who must not see a restricted episode, such as a relative of the child."""
    return {p.who for p in live if p.kind == "barred"}


def barred_from(desk: Desk, row: EpisodeRow) -> set[str]:
    """The same, for an episode; nobody where it is not restricted."""
    return barred(p for p in permits.of_episode(desk.session, row.id) if p.on(desk.now)) if row.restricted else set()


def approvers(desk: Desk, row: EpisodeRow, live: Sequence[Permit] | None = None) -> list[Person]:
    """Who decides about a restricted episode: whom homeward.yml names, else the coordinator, else the seniors; never one who is barred."""
    known = live if live is not None else [p for p in permits.of_episode(desk.session, row.id) if p.on(desk.now)]
    not_these, directory = barred(known), desk.directory
    named = [directory.person(directory.away.get(a, a) or "") for a in desk.authority(row.authority).approvers]
    groups = [[p for p in named if p], _in(desk, row.authority, "coordinator"), _in(desk, row.authority, "senior")]
    allowed = ([p for p in group if p.id not in not_these and p.held(row.authority, desk.today)] for group in groups)
    return next((group for group in allowed if group), [])


def other_authority(desk: Desk, row: EpisodeRow, person: Person) -> str | None:
    """The authority that somebody works for and with which an episode of another is shared, for one who has no role in that."""
    mine = desk.directory.authorities_of(person, desk.today)
    if row.authority in mine or row.restricted:
        return None
    shared = {p.who for p in permits.of_episode(desk.session, row.id) if p.kind == "shared" and p.on(desk.now)}
    return next((a for a in mine if a in shared), None)


def shared_rows(desk: Desk, authority: str) -> list[EpisodeRow]:
    """Open episodes of other authorities that this one may see."""
    live = [p.episode_id for p in permits.shared_with(desk.session, authority) if p.on(desk.now)]
    rows = [episodes.by_id(desk.session, episode_id) for episode_id in dict.fromkeys(live)]
    return [row for row in rows if row and not row.restricted and row.status not in {"closed", "void"}]


def without_restricted(desk: Desk, text: str) -> str:
    """A sentence for a room, in which no reference of a restricted episode stands."""
    for reference in set(REFERENCE.findall(text)):
        row = episodes.by_reference(desk.session, reference)
        if row and row.restricted:
            text = text.replace(reference, RESTRICTED)
    return text if text[:1] != RESTRICTED[0] else text[0].upper() + text[1:]


def _in(desk: Desk, authority: str, group: str) -> list[Person]:
    people = [p for p in desk.directory.people if p.id not in desk.directory.away]
    return [p for p in people if any(access.group_of(role) == group for role in p.held(authority, desk.today))]
