"""What is known about a child at one moment: stated facts, and those the bot works out from the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from policies.absences import days_in_a_row
from policies.ages import age
from policies.history import LASTING, Child, Episode, held
from policies.segments import Segment
from policies.worktime import LONDON, Calendar, Length, add

IN_CARE = frozenset({"looked_after", "looked_after_out_of_area", "looked_after_by_other_la", "eligible"})
CARE_CATEGORIES = frozenset({"missing_from_care", "away_from_placement_without_authorisation"})
NOT_OPEN = frozenset({"not_open", "contact_screening", "taf"})


class Known(NamedTuple):
    """What every moment of one reading has in common."""

    child: Child
    episode: Episode
    stretches: tuple[Segment, ...]
    calendar: Calendar
    missing_from: Callable[[Episode], datetime | None]
    absences: Callable[[Episode], bool] = bool
    frequent: bool = False


class Moment:
    """The facts of one episode at `at`; answers every fact of the vocabulary, None when nobody knows."""

    def __init__(self, known: Known, at: datetime) -> None:
        self.child, self.episode, self.stretches, self.calendar, self.missing_from, self.absences, self.frequent = known
        self.at = at
        self._known: dict[str, Any] = {}

    def value(self, fact: str) -> Any:
        """The fact's value at this moment."""
        known = self._known
        if fact in known:
            return known[fact]
        worked_out = WORKED_OUT.get(fact)
        value = known[fact] = worked_out(self) if worked_out else self.stated(fact)
        return value

    def decision(self, action: str) -> str | None:
        """The outcome of the newest decision of an action up to this moment, `done` when it has none, None when there was none."""
        outcomes = [d.outcome or "done" for d in self.episode.done if d.action == action and d.at <= self.at]
        return outcomes[-1] if outcomes else None

    def stated(self, fact: str) -> Any:
        """The value somebody gave, without working anything out."""
        timeline = self.episode.facts.get(fact)
        if not timeline:
            return None
        if fact in LASTING:
            return timeline[-1][1]
        return next((value for since, value in reversed(timeline) if since <= self.at), None)


def _category(m: Moment) -> Any:
    within = [s.category for s in m.stretches if s.start <= m.at]
    return within[-1] if within else (m.episode.categories[0][1] if m.episode.categories else None)


def _was_missing(m: Moment) -> bool:
    return any(s.missing and s.start <= m.at for s in m.stretches)


def _open_case(m: Moment) -> Any:
    stated = m.stated("open_case")
    status = m.value("care_status")
    return stated if stated is not None else (None if status is None else status not in NOT_OPEN)


def _allocated_worker(m: Moment) -> Any:
    stated = m.stated("allocated_worker")
    if stated is not None:
        return stated or None
    return None if _open_case(m) is False else "social_worker"


def _hours(m: Moment) -> Any:
    start = m.episode.missing_since
    end = m.episode.found_at if m.episode.found_at and m.episode.found_at <= m.at else m.at
    return (end - start) / timedelta(hours=1) if start else None


def _out_of_hours(m: Moment) -> Any:
    told = m.episode.notified_at
    return None if told is None else m.calendar.office_time(told) != told


def _within(m: Moment, window: Length, *, missing: bool = True) -> list[Episode]:
    """Episodes that began in `window` up to this one's start, this one included (MATRIX G4); a missing one began when it was that."""
    start = m.missing_from if missing else _absent_from(m)
    now = start(m.episode) or m.episode.missing_since
    if now is None:
        return []
    first = add(now, window.back)
    return [e for e in m.child.episodes if e is m.episode or ((s := start(e)) and first <= s <= now)]


def _absent_from(m: Moment) -> Callable[[Episode], datetime | None]:
    return lambda e: e.missing_since if m.absences(e) else None


def _previous_in_3_months(m: Moment) -> bool:
    return len(_within(m, Length(months=3))) > 1


def _meeting_number(m: Moment) -> int:
    return 1 + len(held(m.child, "strategy_meeting", m.at))


def _meeting_before(m: Moment) -> bool:
    start = m.episode.missing_since
    return start is not None and any(start - timedelta(days=28) <= at < start for at in held(m.child, "strategy_meeting", start))


def _in_care(m: Moment) -> bool | None:
    status = m.value("care_status")
    return None if status is None else status in IN_CARE


def _care_status(m: Moment) -> Any:
    """What was stated; else a category that only a looked-after child can be in says it (BURY-06, BURY-07)."""
    stated = m.stated("care_status")
    if stated is not None:
        return stated
    return "looked_after" if any(s.category in CARE_CATEGORIES and s.start <= m.at for s in m.stretches) else None


def _interviewed(m: Moment) -> Any:
    stated = m.stated("interview_completed")
    done = [d.at for d in m.episode.done if d.action == "return_interview" and d.outcome != "declined" and d.at <= m.at]
    return stated or (done[0] if done else None)


def _safe_return(m: Moment) -> bool | None:
    stated = m.stated("safe_return")
    back = m.episode.returned_at
    if stated is not None or m.episode.found_at is None:
        return stated if isinstance(stated, bool) else None
    return back is not None and back <= m.at


def _highest_stage(m: Moment) -> int:
    stages = {"stage_1_meeting": 1, "stage_2_meeting": 2, "stage_3_strategy_meeting": 3}
    recent = [d for e in _within(m, Length(exact=timedelta(days=90))) for d in e.done if d.at <= m.at and not d.decision]
    return max([m.stated("highest_stage_held") or 0, *(stages.get(d.action, 0) for d in recent)])


def _consecutive(m: Moment) -> Any:
    """School days in a row with an absent episode, up to the day this one began (C-25); a stated number wins."""
    stated = m.stated("consecutive_absences")
    began = m.episode.missing_since
    if stated is not None or began is None:
        return stated
    absent = [e for e in m.child.episodes if not e.voided_at and m.absences(e)]
    return days_in_a_row(absent, began.astimezone(LONDON).date(), m.calendar)


def _counted(days: int, *, missing: bool = True) -> Callable[[Moment], int]:
    return lambda m: len(_within(m, Length(exact=timedelta(days=days)), missing=missing))


WORKED_OUT: dict[str, Callable[[Moment], Any]] = {
    "age": lambda m: age(m.child, m.episode),
    "category": _category,
    "was_missing": _was_missing,
    "was_absent": lambda m: any(not s.missing and s.start <= m.at for s in m.stretches),
    "limit_lapsed": lambda m: any(s.lapsed and s.start <= m.at for s in m.stretches),
    "strategy_meeting_before": _meeting_before,
    "safe_return": _safe_return,
    "back_safe": lambda m: bool(m.episode.returned_at and m.episode.found_at and m.episode.returned_at <= m.at),
    "in_care": _in_care,
    "care_status": _care_status,
    "interview_completed": _interviewed,
    "frequently_missing": lambda m: m.frequent,
    "returned": lambda m: bool(m.episode.found_at and m.episode.found_at <= m.at),
    "open_case": _open_case,
    "allocated_worker": _allocated_worker,
    "duration_missing": _hours,
    "out_of_hours": _out_of_hours,
    "episodes_in_28d": _counted(28),
    "episodes_in_90d": _counted(90),
    "absences_in_28d": _counted(28, missing=False),
    "episodes_in_month": lambda m: len(_within(m, Length(months=1))),
    "episodes_total": lambda m: len(_within(m, Length(months=1200))),
    "previous_incident_within_3_months": _previous_in_3_months,
    "strategy_meeting_number": _meeting_number,
    "consecutive_absences": _consecutive,
    "highest_stage_held": _highest_stage,
}
