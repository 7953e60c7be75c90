"""The stretches of time that reports are about: weeks from Monday, months, two months and quarters from April, years to 31 March."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from handlers.reports.rows import Span
from policies.worktime import Calendar, Length, at_local

MONTH = Length(months=1)
OPENS = time(8, 30)


@dataclass(frozen=True)
class Period:
    """From `starts` up to the day before `ends`."""

    starts: date
    ends: date

    @property
    def span(self) -> Span:
        """Its moments."""
        return Span(at_local(self.starts, time(0)), at_local(self.ends, time(0)))

    @property
    def name(self) -> str:
        """`March 2027`, `the week from 22 March 2027`, `January to March 2027`, `the year to 31 March 2027`."""
        last = self.ends - timedelta(days=1)
        if (self.ends - self.starts).days == 7:
            return f"the week from {self.starts:%-d %B %Y}"
        if (self.starts.year, self.starts.month) == (last.year, last.month):
            return f"{last:%B %Y}"
        if (self.ends - self.starts).days > 360:
            return f"the year to {last:%-d %B %Y}"
        first = f"{self.starts:%B}" if self.starts.year == last.year else f"{self.starts:%B %Y}"
        return f"{first} to {last:%B %Y}"


def holding(every: Length, day: date) -> Period:
    """The period of this length that a day lies in."""
    if not every.months:
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=7))
    since_april = (day.year * 12 + day.month - 4) // every.months * every.months
    return Period(_first(since_april), _first(since_april + every.months))


def before(every: Length, period: Period) -> Period:
    """The one before."""
    return holding(every, period.starts - timedelta(days=1))


def made_on(period: Period, calendar: Calendar) -> date:
    """The working day on whose morning its report is due."""
    return period.ends if calendar.works(period.ends) else calendar.next_working(period.ends)


def named(text: str, every: Length) -> Period:
    """The period with this day (2027-03-22) or month (2027-03). Raises ValueError in words."""
    try:
        day = date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    except ValueError:
        raise ValueError(f"'{text[:20]}' is no day or month; write 2027-03 or 2027-03-22.") from None
    return holding(every, day)


def _first(months_since_april: int) -> date:
    """The first of a month, counted from April of the year 0."""
    year, month = divmod(months_since_april + 3, 12)
    return date(year, month + 1, 1)
