"""The line of each open child at the change of shift: how it stands, and what falls due before the next one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from handlers.away import away_as
from handlers.case import Case, worked_out
from handlers.desk import Desk
from policies import words
from policies.behind import once
from policies.obligations import Obligation
from policies.worktime import lasting, said
from storage import episodes
from storage.episodes import EpisodeRow

MOST = 4  # duties named in a line; the rest is counted


@dataclass(frozen=True)
class Line:
    """One child. `says` names it and how long it is away, `state` what is late and what falls due."""

    row: EpisodeRow
    says: str
    state: str
    urgent: bool


def lines(desk: Desk, authority: str, until: datetime) -> list[Line]:
    """Every open child of the authority, those still missing first, the longest away in front; restricted ones are left out."""
    found = [_line(desk, row, until) for row in episodes.open_of(desk.session, authority) if not row.restricted]
    return sorted(found, key=lambda line: (not line.urgent, line.row.began))


def hidden(desk: Desk, authority: str) -> int:
    """How many open episodes are restricted: counted, never listed."""
    return sum(row.restricted for row in episodes.open_of(desk.session, authority))


def _line(desk: Desk, row: EpisodeRow, until: datetime) -> Line:
    found = worked_out(desk, row)
    if found is None:
        return Line(row, f"{row.reference}: could not be worked out", "look at it by hand, and tell the administrator", urgent=True)
    case = found[0]
    every = [o for o in once(case.derived(desk).obligations, desk.now) if o.status == "open" and o.due]
    late = [o for o in every if o.due and o.due <= desk.now and o.arises_at <= desk.now]
    coming = [o for o in every if o.due and desk.now < o.due <= until]
    parts = [f"late: {_listed(late)}"] if late else []
    parts.append(f"due before {said(until)}: {_listed(coming)}" if coming else f"nothing falls due before {said(until)}")
    return Line(row, f"{row.reference}: {_how(desk, case)}", "; ".join(parts), urgent=row.status in {"open", "located"})


def _how(desk: Desk, case: Case) -> str:
    """missing, absent or away, and for how long: a room learns no more than that."""
    e = case.episode
    if e.found_at:
        return f"back since {said(e.returned_at)}" if e.returned_at else f"located {said(e.found_at)}, not back yet"
    away = away_as(case, case.derived(desk), desk.now)
    return f"{away} for {lasting(desk.now - case.row.began)}"


def _listed(obligations: Iterable[Obligation]) -> str:
    ordered = sorted(obligations, key=lambda o: o.due or o.arises_at)
    named = [f"{words.label(o.duty.action)} ({words.label(o.owner)}, {said(o.due)})" for o in ordered[:MOST] if o.due]
    return ", ".join(named) + (f" and {len(ordered) - MOST} more" if len(ordered) > MOST else "")
