"""Times as people type them, read in Europe/London: `21:30` is the latest one that has passed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from policies.worktime import LONDON, at_local

_CLOCK = re.compile(r"(?<![\d:./-])(\d{1,2})(?:[:.h](\d{2}))?\s?(am|pm)?(?![\d:./-])(?=\s|$)")
_DIGITS = re.compile(r"(\d{2})(\d{2})(?=\s|$)")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s([a-z]{3})[a-z]*(?:\s(\d{4}))?")
_MONTHS = {name: n for n, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)}
_DAYS = re.compile(
    r"(?:(mon)(?:day)?|(tue)(?:s|sday)?|(wed)(?:s|nesday)?|(thu)(?:r|rs|rsday)?|(fri)(?:day)?|(sat)(?:urday)?|(sun)(?:day)?)"
)
_NEAR = {"today": 0, "yesterday": -1, "tomorrow": 1}
_OURS = timedelta(days=183)  # a day without a year is this year's, unless the year has just turned


class NotATime(ValueError):
    """The text is no time; says what to type."""


def when(text: str, now: datetime, *, ahead: bool = False) -> datetime:
    """The moment meant, in UTC. Without a day: the latest such time before `now`, or with `ahead` the next one.

    In the hour that comes twice in October it is the earlier. Raises NotATime.
    """
    plain = " ".join(text.lower().replace(",", " ").split())
    if plain in {"now", "just now"}:
        return now
    if moment := _iso(plain):
        return moment
    clock, day = _split(plain)
    if clock is None:
        raise NotATime(f"'{_short(text)}' is not a time. Type 21:30, {'tomorrow' if ahead else 'yesterday'} 21:30, or 1 Feb 21:30.")
    meant = [at_local(candidate, clock) for candidate in _candidates(day, now.astimezone(LONDON).date())]
    if not meant:
        raise NotATime(f"'{_short(day)}' is not a day. Type 1 Feb, {'tomorrow' if ahead else 'yesterday'}, or 2026-02-01.")
    return _nearest(meant, now, ahead=ahead)


def born(text: str) -> date:
    """A birth date: 4 Mar 2012, 04/03/2012 or 2012-03-04. Raises NotATime."""
    plain = " ".join(text.lower().replace(",", " ").split())
    for pattern, order in ((_ISO, (1, 2, 3)), (_NUMERIC, (3, 2, 1)), (_NAMED, (3, 2, 1))):
        found = pattern.fullmatch(plain)
        year, month, day = (found[n] for n in order) if found else (None, None, None)
        if year and len(year) == 4 and month and day and (made := _date(int(year), _month(month), int(day))):
            return made
    raise NotATime(f"'{_short(text)}' is not a birth date. Type 4 Mar 2012.")


def _short(text: str) -> str:
    return text.strip()[:40]


def _iso(plain: str) -> datetime | None:
    """`2026-02-01T21:30`, with an offset or in London."""
    if not re.match(r"\d{4}-?\d\d-?\d\dt\d", plain):
        return None
    try:
        moment = datetime.fromisoformat(plain.upper())
        return moment.astimezone(UTC) if moment.tzinfo else at_local(moment.date(), moment.time())
    except (ValueError, OverflowError):
        return None


def _split(plain: str) -> tuple[time | None, str]:
    """The time of day, and what is left to say the day; four digits are a time only beside a day that is a word."""
    for found in _CLOCK.finditer(plain):
        clock = _clock(found)
        if clock is not None:
            return clock, _day_words(plain[: found.start()] + " " + plain[found.end() :])
    for found in _DIGITS.finditer(plain):
        left = _day_words(plain[: found.start()] + " " + plain[found.end() :])
        if not any(letter.isdigit() for letter in left) and int(found[1]) < 24 and int(found[2]) < 60:
            return time(int(found[1]), int(found[2])), left
    return None, plain


def _clock(found: re.Match[str]) -> time | None:
    """A bare hour is a time only with am or pm."""
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if not (found[2] or half) or minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + 12 * (half == "pm")
    return time(hour, minute)


def _day_words(plain: str) -> str:
    """What is said of the day, without the small words; a weekday beside a date adds nothing."""
    words = [word for word in plain.split() if word not in {"at", "on"}]
    if len(words) > 1 and _DAYS.fullmatch(words[0]):
        words = words[1:]
    return " ".join(words)


def _candidates(plain: str, today: date) -> Iterator[date]:
    """Every day that may be meant; none when the words say no day."""
    if not plain:
        yield from (today + timedelta(days=n) for n in (-1, 0, 1))
    elif plain in _NEAR:
        yield today + timedelta(days=_NEAR[plain])
    elif found := _DAYS.fullmatch(plain):
        back = (today.weekday() - (found.lastindex or 1) + 1) % 7
        yield from (today + timedelta(days=n - back) for n in (-7, 0, 7))
    else:
        yield from _dated(plain, today)


def _dated(plain: str, today: date) -> Iterator[date]:
    if found := _ISO.fullmatch(plain):
        years, month, day = [int(found[1])], int(found[2]), int(found[3])
    elif found := _NUMERIC.fullmatch(plain) or _NAMED.fullmatch(plain):
        years, month, day = _years(found[3], today), _month(found[2]), int(found[1])
    else:
        return
    yield from (made for year in years if (made := _date(year, month, day)))


def _years(said: str | None, today: date) -> list[int]:
    if said is None:
        return [today.year - 1, today.year, today.year + 1]
    return [int(said) + 2000 * (len(said) == 2)]


def _month(said: str) -> int:
    return int(said) if said.isdigit() else _MONTHS.get(said, 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(meant: list[datetime], now: datetime, *, ahead: bool) -> datetime:
    """The latest that has passed, or the next; when that is half a year away, the nearest, so that a slip is seen."""
    fitting = [m for m in meant if (m > now) is ahead] or meant
    chosen = min(fitting) if ahead else max(fitting)
    return chosen if abs(chosen - now) <= _OURS else min(meant, key=lambda m: abs(m - now))
