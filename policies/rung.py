"""A step of a ladder, what its moment depends on, and the hours that pings keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Literal, NamedTuple

from policies.history import Ack
from policies.meeting import Response
from policies.obligations import Obligation
from policies.pack import Pack
from policies.worktime import LONDON, Calendar, at_local, end_of_day, is_night

Kind = Literal["notice", "invite", "chase", "reminder", "due", "escalation"]


class Rung(NamedTuple):
    """One step of a ladder: whom, when, as what; `reason` is said in the post. What follows a "/" in a name counts its repeats."""

    name: str
    kind: Kind
    to: str
    at: datetime
    reason: str


_NOTHING: Mapping[tuple[str, str], datetime] = MappingProxyType({})


class Situation(NamedTuple):
    """What the hours and the pauses depend on.

    `back`: the child has been found, and pings keep office hours. `known_at`: when the bot first knew of the obligation;
    a mark that had passed by then goes to its owner first. `arming` above 1: the due time was moved since; `before` holds
    what was sent under earlier due times, which stands for a rung whose new moment had passed by then. `leads`: of several
    obligations that one meeting is fixed for, the one that invites to it.
    """

    pack: Pack
    calendar: Calendar
    back: bool
    missing: bool
    high_risk: bool
    known_at: datetime
    used: Mapping[tuple[str, str], datetime]
    before: Mapping[tuple[str, str], datetime] = _NOTHING
    arming: int = 1
    acks: tuple[Ack, ...] = ()
    responses: tuple[Response, ...] = ()
    leads: bool = True


def by_day(moment: datetime, o: Obligation) -> datetime:
    """A reminder that would fall in the night comes the evening before, never later than its time."""
    if not is_night(moment):
        return moment
    local = moment.astimezone(LONDON)
    evening = at_local(local.date() - timedelta(days=local.time() < time(7)), time(21, 30))
    return max(evening, o.arises_at)


def early_enough(moment: datetime, o: Obligation, s: Situation) -> datetime:
    """What announces something comes in the office hours before its moment, not in those after it, when the child is back."""
    return max(o.arises_at, s.calendar.office_before(moment) if s.back and not s.high_risk else moment)


def morning(moment: datetime) -> datetime:
    """What can wait comes at 08:30 rather than in the night."""
    if not is_night(moment):
        return moment
    local = moment.astimezone(LONDON)
    return at_local(local.date() + timedelta(days=local.time() >= time(22)), time(8, 30))


def due_moment(o: Obligation) -> datetime:
    """A duty counted in days is called for at 09:00 on its last day (house); every other, or one extended to an hour, then."""
    assert o.due is not None  # noqa: S101
    day = o.due.astimezone(LONDON).date()
    if o.duty.clock in {"calendar_days", "working_days"} and (not o.extended or o.due == end_of_day(day)):
        return at_local(day, time(9))
    return o.due
