"""Turns of the rota: who is on call for a role, by days of the week or from one moment to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from policies.worktime import LONDON, at_local

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Shift:
    """A line of the rota: who holds a role on call, on which days, between which times (over midnight if `to` is earlier)."""

    role: str
    authority: str
    person: str
    days: tuple[str, ...]
    starts: time
    ends: time
    team: str | None = None

    def covers(self, moment: datetime) -> bool:
        """Whether this shift is on at `moment`."""
        local = moment.astimezone(LONDON)
        clock, today, yesterday = local.time(), DAYS[local.weekday()], DAYS[local.weekday() - 1]
        if self.starts < self.ends:
            return today in self.days and self.starts <= clock < self.ends
        return (today in self.days and clock >= self.starts) or (yesterday in self.days and clock < self.ends)

    def edges(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """The moments between the two at which it may begin or end."""
        day = since.astimezone(LONDON).date()
        while at_local(day, time()) < until:
            yield from (edge for clock in (self.starts, self.ends) if since < (edge := at_local(day, clock)) < until)
            day += timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """One turn with a beginning and an end, such as an event of a calendar file."""

    role: str
    authority: str
    person: str
    starts: datetime
    ends: datetime
    team: str | None = None

    def covers(self, moment: datetime) -> bool:
        """Whether this turn is on at `moment`."""
        return self.starts <= moment < self.ends

    def edges(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """Its beginning and end, as far as they lie between the two."""
        return (edge for edge in (self.starts, self.ends) if since < edge < until)


Turn = Shift | Span
