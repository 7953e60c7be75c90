"""Times as people type them, read in Europe/London: `21:30` is the latest one that has passed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from policies.worktime import LONDON, at_local

_CLOCK = re.compile(r"(\d{1,2})[:.h](\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{2,4}))?")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3})[a-z]*(?:\s+(\d{4}))?")
_MONTHS = {name: n for n, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)}
_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class NotATime(ValueError):
    """The text is no time; says what to type."""


def when(text: str, now: datetime, *, ahead: bool = False) -> datetime:
    """The moment meant, in UTC. Without a day: the latest such time before `now`, or with `ahead` the next one.

    In the hour that comes twice in October it is the earlier. Raises NotATime.
    """
    plain = " ".join(text.strip().lower().replace(",", " ").split())
    if plain in {"now", "just now"}:
        return now
    if "t" in plain and _is_iso(plain):
        moment = datetime.fromisoformat(plain.upper())
        return moment.astimezone(UTC) if moment.tzinfo else at_local(moment.date(), moment.time())
    clock = _clock(plain)
    today = now.astimezone(LONDON).date()
    day = _day(_CLOCK.sub(" ", plain).strip(), today, ahead=ahead)
    if clock is None:
        raise NotATime(f"'{text[:40]}' is not a time. Type 21:30, yesterday 21:30, or 1 Feb 21:30.")
    return at_local(day, clock) if day else _nearest(clock, now, ahead=ahead)


def born(text: str) -> date:
    """A birth date: 4 Mar 2012, 04/03/2012 or 2012-03-04. Raises NotATime."""
    plain = " ".join(text.strip().lower().split())
    day = _day(plain, date(1900, 1, 1), ahead=False) if re.search(r"\d{4}", plain) else None
    if day is None:
        raise NotATime(f"'{text[:40]}' is not a birth date. Type 4 Mar 2012.")
    return day


def _is_iso(plain: str) -> bool:
    try:
        datetime.fromisoformat(plain.upper())
    except ValueError:
        return False
    return True


def _clock(plain: str) -> time | None:
    found = _CLOCK.search(plain)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def _nearest(clock: time, now: datetime, *, ahead: bool) -> datetime:
    today = now.astimezone(LONDON).date()
    candidates = [at_local(today + timedelta(days=n), clock) for n in (-1, 0, 1)]
    return min(c for c in candidates if c > now) if ahead else max(c for c in candidates if c <= now)


def _day(plain: str, today: date, *, ahead: bool) -> date | None:
    """The day meant, None when none is said."""
    if plain in {"", "at"}:
        return None
    named = {"today": 0, "yesterday": -1, "tomorrow": 1}
    if plain in named:
        return today + timedelta(days=named[plain])
    if plain[:3] in _DAYS and plain.isalpha():
        back = (today.weekday() - _DAYS.index(plain[:3])) % 7
        return today + timedelta(days=(7 - back) % 7 if ahead else -back)
    return _dated(plain, today)


def _dated(plain: str, today: date) -> date:
    try:
        if found := _ISO.search(plain):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NUMERIC.search(plain):
            year = int(found[3]) if found[3] else today.year
            return date(year + 2000 if year < 100 else year, int(found[2]), int(found[1]))
        if (found := _NAMED.search(plain)) and found[2] in _MONTHS:
            return date(int(found[3]) if found[3] else today.year, _MONTHS[found[2]], int(found[1]))
    except ValueError:
        pass
    raise NotATime(f"'{plain[:40]}' is not a day. Type 1 Feb, yesterday, or 2026-02-01.")
