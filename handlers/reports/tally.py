"""Keeping the figures up with the journal: whatever was written since the last look is folded anew."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from handlers.desk import Desk, Desks
from handlers.record import happening
from policies.figures import Figure, figure
from storage import children, episodes, figures, journal, settings
from storage.errors import Erased

AT_ONCE = 2000  # entries of the journal in one transaction: half a second


def tally(desks: Desks) -> int:
    """A cycle: bring every authority's figures up to its journal; gives how many entries were read."""
    with desks() as desk:
        authorities = [authority.id for authority in desk.office.directory.authorities]
    return sum(_all_of(desks, authority) for authority in authorities)


def _all_of(desks: Desks, authority: str) -> int:
    count = 0
    while True:
        with desks() as desk:
            read = bring_up(desk, authority)
        count += read
        if read < AT_ONCE:
            return count


def bring_up_all(desk: Desk, authority: str) -> None:
    """The same in the transaction of a report, of which most has been done by the cycle."""
    while bring_up(desk, authority) == AT_ONCE:
        pass


def bring_up(desk: Desk, authority: str, limit: int = AT_ONCE) -> int:
    """Read on in one authority's journal; gives how many entries that were."""
    name = f"figures:{authority}"
    before = int(settings.get(desk.session, name) or 0)
    reached, ids = figures.read_after(desk.session, authority, before, limit)
    if reached == before:
        return 0
    settings.put(desk.session, name, str(reached))  # first: another process that does the same waits here
    figures.write(desk.session, [stored(made) for made in _made(desk, ids)])
    return reached - before


def _made(desk: Desk, ids: list[str]) -> list[Figure]:
    rows = {row.id: row for row in episodes.by_ids(desk.session, ids)}
    try:
        entries = journal.of_episodes(desk.session, desk.vault, list(rows))
        born = _births(desk, [row.child_id for row in rows.values()])
    except Erased:
        return []
    made = []
    for episode_id, row in rows.items():
        told = entries[episode_id]
        if not any(entry.erased for entry in told):  # of an erased child what was counted stays counted
            made.append(figure(desk.pack(row.pack_hash), born.get(row.child_id), episode_id, [happening(entry) for entry in told]))
    return made


def _births(desk: Desk, ids: list[str]) -> dict[str, date]:
    known = children.identities(desk.session, desk.vault, list(dict.fromkeys(ids)))
    return {child: date.fromisoformat(who["date_of_birth"]) for child, who in known.items() if who.get("date_of_birth")}


def stored(made: Figure) -> dict[str, Any]:
    """A figure as its row."""
    stretches = [[s.code, s.start.isoformat(), s.end.isoformat() if s.end else None] for s in made.stretches]
    return vars(made) | {
        "stretches": stretches,
        "meetings": [[m.action, m.at.isoformat(), m.came, m.needed, m.there] for m in made.meetings],
    }


def moment(text: str | None) -> datetime | None:
    """A moment of a stored stretch."""
    return datetime.fromisoformat(text) if text else None
