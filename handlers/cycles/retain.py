"""Once a month it is said whose time is over; nothing is erased unless somebody does it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from handlers import retention
from handlers.alarms import raise_alarm
from handlers.desk import Desk, Desks
from policies.worktime import at_local
from storage import figures, settings
from storage.retention import Ended

FROM = time(9)
MOST = 10  # references in a sentence; the rest is counted


def retain(desks: Desks) -> int:
    """On the first working day of a month, from nine o'clock, for each authority once; gives how many were told."""
    told = 0
    with desks() as desk:
        for authority in desk.office.directory.authorities:
            if _is_time(desk, authority.id):
                settings.put(desk.session, _done(authority.id), _month(desk))
                over = [one for one in retention.due(desk, authority.id) if not one.held]
                told += bool(over) and raise_alarm(
                    desk, authority.id, f"{_done(authority.id)}:{_month(desk)}", _said(desk, authority.id, over)
                )
    return told


def next_line(desk: Desk) -> datetime | None:
    """When it is said next, after now; None where no record is kept."""
    every = (authority.id for authority in desk.office.directory.authorities)
    mornings = (_next(desk, one) for one in every if figures.first_notified(desk.session, one))
    return min((morning for morning in mornings if morning > desk.now), default=None)


def _next(desk: Desk, authority: str) -> datetime:
    """Nine o'clock of the next working day of a month for which it is not said yet."""
    calendar, day = desk.authority(authority).calendar, desk.today
    if settings.get(desk.session, _done(authority)) == _month(desk):
        day = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    elif desk.now >= at_local(day, FROM):
        day += timedelta(days=1)
    return at_local(day if calendar.works(day) else calendar.next_working(day), FROM)


def _is_time(desk: Desk, authority: str) -> bool:
    works = desk.authority(authority).calendar.works(desk.today)
    return works and desk.now >= at_local(desk.today, FROM) and settings.get(desk.session, _done(authority)) != _month(desk)


def _said(desk: Desk, authority: str, over: Sequence[Ended]) -> str:
    references = [reference for one in over for reference in one.references]
    more = f" and {len(references) - MOST} more" if len(references) > MOST else ""
    many = f"The records of {len(over)} children are" if len(over) > 1 else "The record of one child is"
    return (
        f"{many} older than the {desk.authority(authority).keep_months} months that they are kept: {', '.join(references[:MOST])}{more}."
        " Nothing is erased by itself. Somebody who may looks with `homeward records due`, and erases with `homeward records run`."
    )


def _done(authority: str) -> str:
    return f"retention:{authority}"


def _month(desk: Desk) -> str:
    return f"{desk.today:%Y-%m}"
