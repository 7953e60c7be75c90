"""One child's case, locked and read: rows, pack, and what happened as the policies see it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from handlers import seeing
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.record import happening
from policies.folding import fold
from policies.history import Child, Episode, Happening
from policies.obligations import Derived, Obligation, derive
from policies.pack import Pack
from policies.worktime import Calendar
from storage import allocations, children, episodes, journal, obligations, outbox, pings
from storage.episodes import EpisodeRow
from storage.journal import Entry
from storage.obligations import ObligationRow
from storage.outbox import Post
from storage.pings import Ping

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stored:
    """What is kept of one episode beside its row: of an episode that begins, nothing."""

    obligations: Sequence[ObligationRow] = ()
    pings: Sequence[Ping] = ()
    cards: Sequence[Post] = ()
    allocated: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A child with all episodes, and the one that is spoken of. `told` holds the happenings of each, in order.

    `stored` where that was read ahead, or is nothing yet.
    """

    row: EpisodeRow
    rows: tuple[EpisodeRow, ...]
    pack: Pack
    child: Child
    episode: Episode
    told: Mapping[str, Sequence[Happening]]
    calendar: Calendar
    stored: Stored | None = None

    def of(self, row: EpisodeRow, pack: Pack) -> Case:
        """The same child's case, speaking of another episode."""
        episode = next(e for e in self.child.episodes if e.id == row.id)
        return Case(row, self.rows, pack, self.child, episode, self.told, self.calendar)

    @property
    def allocated(self) -> Mapping[str, str] | None:
        """Who was allocated to the child, where that was read ahead."""
        return self.stored.allocated if self.stored else None

    def reread(self, desk: Desk) -> Case:
        """The case again, after something was written to the journal in this transaction."""
        return read(desk, self.rows, self.row.id)

    def derived(self, desk: Desk) -> Derived:
        """What the pack asks in this episode now."""
        return derive(self.pack, self.child, self.episode, self.calendar, desk.now)


def open_case(desk: Desk, reference: str, actor: Actor | None = None, *, shared: bool = False) -> Case:
    """The case of an episode by its reference, locked. Raises Refused when there is none that the actor may know of.

    `shared`: this may also be done by an authority with which the episode is shared.
    """
    row = known_row(desk, reference, actor) if actor else episodes.by_reference(desk.session, reference)
    if row is None:
        raise Refused(nothing_there(reference))
    if actor and row.authority != actor.authority and not shared:
        owner = desk.authority(row.authority).name
        raise Refused(
            f"{row.reference} is {owner}'s, and shared with you to see, to add notes to and to record the child as found. Ask them."
        )
    return take(desk, row.child_id, row.id)


def known_row(desk: Desk, reference: str, actor: Actor) -> EpisodeRow | None:
    """An episode by its reference, if the actor may know of it."""
    row = episodes.by_reference(desk.session, reference)
    return row if row and seeing.may_know(desk, row, actor) else None


def nothing_there(reference: str) -> str:
    """The same sentence for what does not exist and for what nobody may know of."""
    return f"There is no episode {reference.strip().upper()[:12]} here. Type 'list' to see those that are open."


def take(desk: Desk, child_id: str, episode_id: str) -> Case:
    """Lock the child, then its episodes, and read them."""
    return read(desk, tuple(episodes.lock(desk.session, child_id)), episode_id)


def look(desk: Desk, row: EpisodeRow) -> Case:
    """The same without a lock, for showing."""
    return read(desk, tuple(episodes.of_child(desk.session, row.child_id)), row.id)


def worked_out(desk: Desk, row: EpisodeRow) -> tuple[Case, list[Obligation]] | None:
    """The case and what has arisen in it; None when it cannot be worked out: of many, one must not hide the others."""
    try:
        case = look(desk, row)
        return case, case.derived(desk).arisen(desk.now)
    except Exception as error:  # noqa: BLE001 - whatever it is; the reminding cycle raises it
        log.error("episode %s could not be worked out: %s", row.id, type(error).__name__)
        return None


def read(desk: Desk, rows: tuple[EpisodeRow, ...], episode_id: str) -> Case:
    """The case from rows already fetched."""
    entries = journal.of_episodes(desk.session, desk.vault, [r.id for r in rows])
    row = next(r for r in rows if r.id == episode_id)
    born = children.identity(desk.session, desk.vault, row.child_id).get("date_of_birth")
    return _case(desk, rows, episode_id, entries, born)


def _case(
    desk: Desk,
    rows: tuple[EpisodeRow, ...],
    episode_id: str,
    entries: Mapping[str, Sequence[Entry]],
    born: str | None,
    stored: Stored | None = None,
) -> Case:
    row = next(r for r in rows if r.id == episode_id)
    if any(e.erased for e in entries.get(episode_id, ())):
        raise Refused(f"{row.reference} is erased: what was known of it is destroyed, and cannot be read again.")
    told = {r.id: [happening(e) for e in entries.get(r.id, ()) if not e.erased] for r in rows}
    rows = tuple(r for r in rows if told[r.id])
    folded = tuple(fold(r.id, told[r.id], number=n) for n, r in enumerate(rows, 1))  # merging two children changes the order
    child = Child(row.child_id, folded, date.fromisoformat(born) if born else None)
    episode = next(e for e in folded if e.id == episode_id)
    return Case(row, rows, desk.pack(row.pack_hash), child, episode, told, desk.authority(row.authority).calendar, stored)


def begin(desk: Desk, row: EpisodeRow, told: Sequence[Happening], born: date | None) -> Case:
    """The case of a child's first episode, from what was just written."""
    episode = fold(row.id, told, number=row.number)
    child = Child(row.child_id, (episode,), born)
    calendar = desk.authority(row.authority).calendar
    return Case(row, (row,), desk.pack(row.pack_hash), child, episode, {row.id: told}, calendar, Stored())


def take_all(desk: Desk, ids: Sequence[str]) -> list[Case]:
    """Many cases at once, locked and read in a few statements; of a child with several of the episodes, the case of one."""
    families = episodes.lock_families(desk.session, ids)
    rows = [row for family in families.values() for row in family]
    entries = journal.of_episodes(desk.session, desk.vault, [row.id for row in rows])
    mine = [row for row in rows if row.id in families]
    born = children.identities(desk.session, desk.vault, [row.child_id for row in mine])
    stored = _stored(desk, mine)
    return [
        _case(desk, tuple(families[row.id]), row.id, entries, born.get(row.child_id, {}).get("date_of_birth"), stored[row.id])
        for row in mine
    ]


def _stored(desk: Desk, rows: Sequence[EpisodeRow]) -> dict[str, Stored]:
    session, ids = desk.session, [row.id for row in rows]
    owed, sent = obligations.of_episodes(session, ids), pings.of_episodes(session, ids)
    cards: dict[str, list[Post]] = {episode_id: [] for episode_id in ids}
    for post in outbox.cards_of(session, ids):
        cards[post.episode_id or ""].append(post)
    allocated = allocations.of_children(session, [row.child_id for row in rows])
    return {row.id: Stored(owed[row.id], sent[row.id], cards[row.id], allocated[row.child_id]) for row in rows}


def latest_open(case: Case) -> EpisodeRow | None:
    """The child's episode that is still open, if any."""
    return next((r for r in reversed(case.rows) if r.status in {"open", "located"}), None)
