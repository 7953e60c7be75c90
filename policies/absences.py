"""School days in a row with an absence."""

from __future__ import annotations

from datetime import date, timedelta

from policies.history import Episode
from policies.worktime import LONDON, Calendar


def days_in_a_row(absences: list[Episode], last: date, calendar: Calendar) -> int:
    """How many working days in a row, ending with `last`, have one of the absences; days not worked are passed over."""
    days: set[date] = set()
    for episode in absences:
        if episode.missing_since:
            first = episode.missing_since.astimezone(LONDON).date()
            end = episode.found_at.astimezone(LONDON).date() if episode.found_at else first
            days |= {first + timedelta(days=n) for n in range((min(end, last) - first).days + 1)}
    count, day = 0, last
    while day in days or not calendar.works(day):
        count += day in days and calendar.works(day)
        day -= timedelta(days=1)
    return count
