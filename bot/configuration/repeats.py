"""An event that repeats, within bounds: what a rota can say and no more, so that no file keeps the bot busy for ever."""

from __future__ import annotations

from datetime import datetime
from typing import Any

OLDEST = 1990  # the year in which something that still repeats may have begun
PLAIN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH"})
SAID = {"DAILY": PLAIN, "WEEKLY": PLAIN, "MONTHLY": PLAIN | {"BYMONTHDAY", "BYSETPOS"}, "YEARLY": PLAIN | {"BYMONTHDAY"}}


def beginnings(rule: Any, start: datetime, since: datetime, until: datetime) -> list[datetime]:
    """Its beginnings in a span, by the clock on the wall. Raises ValueError for what is no rota."""
    from dateutil.rrule import rrulestr

    if isinstance(rule, list):
        raise TypeError("it has several rules; keep one")
    often = str(rule.get("FREQ", [""])[0]).upper()
    if often not in SAID:
        raise ValueError("a turn repeats daily, weekly, monthly or yearly")
    if strange := sorted(set(map(str.upper, rule)) - SAID[often]):
        raise ValueError(f"{often.lower()} with {strange[0]} is more than a rota says")
    if min(rule.get("INTERVAL") or [1]) < 1:
        raise ValueError("every 0 days is never")
    if start.year < OLDEST:
        raise ValueError(f"it began before {OLDEST}; give it a later beginning")
    return list(rrulestr(rule.to_ical().decode(), dtstart=start).between(since, until, inc=True))
