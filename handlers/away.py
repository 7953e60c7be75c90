"""As what a child is away, and since when, as everybody may read it."""

from __future__ import annotations

from datetime import datetime

from handlers.case import Case
from policies.obligations import Derived
from policies.worktime import lasting, said
from storage.episodes import EpisodeRow


def began(case: Case, derived: Derived, now: datetime) -> datetime | None:
    """Since when the child is what they are: missing, where they were away first, from when they were missing (BURY-76)."""
    gone = derived.reading.missing_from(case.episode) if away_as(case, derived, now) == "missing" else None
    return gone or case.episode.missing_since


def since(row: EpisodeRow) -> str:
    """The same in words, by what is stored; and away, where they were away first."""
    first = row.missing_since or row.notified_at
    return f"since {said(row.began)}" + (f", away since {said(first)}" if row.began != first else "")


def lasting_in(row: EpisodeRow, now: datetime) -> str:
    """How long the child has been what they are, ` for 3 h`; nothing once found."""
    return f" for {lasting(now - row.began)}" if row.status == "open" else ""


def away_as(case: Case, derived: Derived, now: datetime) -> str:
    """missing, absent or away: a room learns no more than that (DESIGN section 10)."""
    stretch = [s for s in derived.reading.stretches if s.start <= now][-1:]
    if not stretch or stretch[0].missing:
        return "missing"
    return "absent" if stretch[0].absent and stretch[0].category == "absent" else "away"
