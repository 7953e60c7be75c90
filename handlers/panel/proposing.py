"""Which children meet the protocol's criteria for the panel, and why; who sits on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.desk import Desk
from handlers.errors import Refused
from policies.pack import Pack
from storage import episodes, panels
from storage.episodes import EpisodeRow

REFERRAL, MEETINGS = "panel_referral", ("panel_meeting", "multi_agency_forum")


@dataclass(frozen=True)
class Rules:
    """What the protocol says of its panel: the rule, who calls it, whose agencies sit on it."""

    rule: str
    owner: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Proposed:
    """A child, by the episode it is proposed for; `why`: rule ids, `because` the same in words, with their clauses."""

    row: EpisodeRow
    why: tuple[str, ...]
    because: tuple[str, ...]


def rules(pack: Pack) -> Rules:
    """Raises Refused where the protocol has no panel."""
    cycle = next((c for c in pack.cycles if c.action in MEETINGS), None)
    if cycle:
        return Rules(cycle.id, cycle.owner, cycle.attendees)
    duty = next((d for d in pack.duties if d.action == "panel_meeting"), None)
    if duty is None:
        raise Refused(f"The protocol of {pack.name} has no panel.")
    return Rules(duty.id, duty.owner[-1].role, tuple(route.role for route in duty.attendees))


def counted(found: Sequence[Proposed]) -> str:
    """How many there are, as the beginning of a sentence."""
    return "1 child meets" if len(found) == 1 else f"{len(found)} children meet"


def proposed(desk: Desk, authority: str) -> list[Proposed]:
    """Children referred to the panel and not yet on a list, and those whom the last panel kept; once each, restricted ones left out."""
    why: dict[str, list[str]] = {}
    rows: dict[str, EpisodeRow] = {}
    referred = [(o.episode_id, o.rule) for o in panels.referred(desk.session, authority, [REFERRAL])]
    for episode_id, rule in (*_kept(desk, authority), *referred):
        row = episodes.by_id(desk.session, episode_id)
        if row and not row.restricted and row.status != "void":
            rows[row.child_id] = row
            why.setdefault(row.child_id, []).append(rule)
    return [Proposed(row, tuple(dict.fromkeys(why[child])), because(desk, row, why[child])) for child, row in rows.items()]


def _kept(desk: Desk, authority: str) -> list[tuple[str, str]]:
    """Whom the last panel kept on its list."""
    last = panels.latest(desk.session, authority)
    cases = panels.cases(desk.session, last.id) if last else []
    return [(case.episode_id, rule) for case in cases if case.stays for rule in case.why or ["kept"]]


def because(desk: Desk, row: EpisodeRow, why: Sequence[str]) -> tuple[str, ...]:
    """The rules in words, with their clauses."""
    known = {duty.id: duty for duty in desk.pack(row.pack_hash).duties}
    found = dict.fromkeys(why)
    return tuple(
        f"{known[r].says.split(':')[0]} ({', '.join(known[r].clauses)})" if r in known else "kept by the last panel" for r in found
    )
