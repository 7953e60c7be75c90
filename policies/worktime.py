"""Time as protocols count it: elapsed, calendar days, working days, working hours; local time is Europe/London."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
Clock = Literal["elapsed", "calendar_days", "working_days", "working_hours"]
_ISO = re.compile(r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


@dataclass(frozen=True)
class Length:
    """A length of time as a protocol writes it; months are kept apart, since they are not a number of hours."""

    months: int = 0
    exact: timedelta = timedelta()
    said: str = field(default="", compare=False)

    @classmethod
    def parse(cls, text: str) -> Length:
        """`P3D`, `PT72H`, `P1M`, `-PT4H`. Raises ValueError in words when it is not an ISO 8601 duration."""
        found = _ISO.fullmatch(text)
        parts = [int(found[n] or 0) for n in range(2, 9)] if found else []
        if not found or text in {"P", "PT", "-P"} or text.endswith("T") or max(parts) > LONGEST:
            msg = f"'{text}' is not a length of time; write P3D for three days, PT72H for 72 hours, P1M for a month"
            raise ValueError(msg)
        sign = -1 if found[1] else 1
        years, months, weeks, days, hours, minutes, seconds = parts
        exact = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
        return cls(months=sign * (12 * years + months), exact=sign * exact, said=_said(parts))

    @cached_property
    def back(self) -> Length:
        """As long, towards the past."""
        return Length(-self.months, -self.exact)

    def __str__(self) -> str:
        return self.said or lasting(self.exact)


_UNITS = ("year", "month", "week", "day", "h", "min", "s")
_COUNTED = frozenset({"year", "month", "week", "day"})
LONGEST = 100_000  # of any unit; more is a slip of the pen


def _said(parts: list[int]) -> str:
    """`P3D` is 3 days and `PT72H` is 72 h, as the protocol wrote it."""
    named = [(count, unit) for count, unit in zip(parts, _UNITS, strict=False) if count]
    return " ".join(f"{count} {unit}{'s' if unit in _COUNTED and count > 1 else ''}" for count, unit in named) or "0 min"


@dataclass(frozen=True)
class Calendar:
    """Which days are worked: Monday to Friday, less England's bank holidays and the authority's own closed days."""

    closed: frozenset[date] = field(default_factory=frozenset)

    def works(self, day: date) -> bool:
        """Whether `day` is a working day."""
        return day.weekday() < 5 and day not in self.closed and day not in _bank_holidays(day.year)

    @lru_cache(maxsize=1024)  # noqa: B019 - a few calendars, which are equal when their closed days are
    def next_working(self, day: date, count: int = 1) -> date:
        """The `count`-th working day after `day`."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.works(day)
        return day

    def office_time(self, moment: datetime) -> datetime:
        """`moment` itself in office hours (09:00-17:00 on working days), else the next time the office opens."""
        local = moment.astimezone(LONDON)
        if self.works(local.date()) and local.time() < time(9):
            return at_local(local.date(), time(9))
        if self.works(local.date()) and local.time() < time(17):
            return moment
        return at_local(self.next_working(local.date()), time(9))

    def office_before(self, moment: datetime) -> datetime:
        """`moment` itself in office hours, else the morning of the last working day before it, which leaves the day to act."""
        if self.office_time(moment) == moment:
            return moment
        local = moment.astimezone(LONDON)
        day = local.date() if local.time() >= time(17) else local.date() - timedelta(days=1)
        while not self.works(day):
            day -= timedelta(days=1)
        return at_local(day, time(9))


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - 100 ms, and most commands never ask

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


@lru_cache(maxsize=4096)
def at_local(day: date, clock: time) -> datetime:
    """The moment, in UTC, at which London's clocks show `clock` on `day`; the first one in the repeated hour."""
    return datetime.combine(day, clock, tzinfo=LONDON).astimezone(UTC)


def is_night(moment: datetime) -> bool:
    """Between 22:00 and 07:00 in London."""
    clock = moment.astimezone(LONDON).time()
    return clock >= time(22) or clock < time(7)


def add(moment: datetime, length: Length) -> datetime:
    """`moment` plus `length`: exact time through UTC, months by London's calendar (clamped to the month's last day)."""
    if length.months:
        moment = _add_months(moment.astimezone(LONDON), length.months).astimezone(UTC)
    return moment.astimezone(UTC) + length.exact


def _add_months(local: datetime, months: int) -> datetime:
    years, month = divmod(local.month - 1 + months, 12)
    for day in range(local.day, 0, -1):
        try:
            return local.replace(year=local.year + years, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError(local)


def due(anchor: datetime, length: Length, clock: Clock, calendar: Calendar) -> datetime:
    """When something asked for within `length` of `anchor` falls due (MATRIX G2, G3); days end at 23:59:59 local."""
    if clock == "elapsed":
        return add(anchor, length)
    start = anchor.astimezone(LONDON).date()
    if clock == "calendar_days":
        return end_of_day(add(at_local(start, time(12)), length).astimezone(LONDON).date())
    if clock == "working_days":
        return end_of_day(calendar.next_working(start, length.exact.days))
    return _working_hours(anchor, length.exact, calendar)


def end_of_day(day: date) -> datetime:
    """23:59:59 in London on `day`."""
    return at_local(day, time(23, 59, 59))


def _working_hours(moment: datetime, left: timedelta, calendar: Calendar) -> datetime:
    """Hours that pass on working days only, all 24 of them."""
    while True:
        today = moment.astimezone(LONDON).date()
        midnight = at_local(today + timedelta(days=1), time(0))
        if calendar.works(today):
            if left <= midnight - moment:
                return moment.astimezone(UTC) + left
            left -= midnight - moment
        moment = midnight


@lru_cache(maxsize=4096)
def said(moment: datetime) -> str:
    """A moment as people say it here: `Sun 1 Feb 21:30`."""
    local = moment.astimezone(LONDON)
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month]} {local.hour:02d}:{local.minute:02d}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def lasting(length: timedelta) -> str:
    """A length as people say it: `45 min`, `4 h 40 min`, `3 days 2 h`."""
    minutes = max(0, int(length.total_seconds() // 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days >= 3:
        return f"{days} days {hours} h" if hours else f"{days} days"
    hours += days * 24
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{rest} min"
