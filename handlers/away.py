"""As what a child is away, and since when, as everybody may read it."""

from __future__ import annotations

from datetime import datetime

from handlers.case import Case
from policies.obligations import Derived
from policies.worktime import said


def since(case: Case, derived: Derived, category: str) -> str:
    """Since when the child is missing; and away, where they were away first (BURY-76)."""
    away = case.episode.missing_since
    began = derived.reading.missing_from(case.episode) if category == "missing" else None
    if not away or not began or began == away:
        return f"since {said(away)}" if away else ""
    return f"since {said(began)}, away since {said(away)}"


def away_as(case: Case, derived: Derived, now: datetime) -> str:
    """missing, absent or away: a room learns no more than that (DESIGN section 10)."""
    stretch = [s for s in derived.reading.stretches if s.start <= now][-1:]
    if not stretch or stretch[0].missing:
        return "missing"
    return "absent" if stretch[0].absent and stretch[0].category == "absent" else "away"
