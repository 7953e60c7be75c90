"""The calendar beside us: meetings fixed, moved and called off here are so there, and what people answer there counts here."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from handlers.booked import outcomes
from handlers.booked.answers import answered
from handlers.desk import Desks
from handlers.errors import HandlerError, Uncertain
from handlers.gathering.booking import event_of
from handlers.ports import Calendar, Event, Held, Looked
from storage import bookings
from storage.bookings import Booking

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=3)  # longer than the calls for one booking take with all their patience


@dataclass(frozen=True)
class Work:
    """One booking that is due, as it stood before it was claimed."""

    booking: Booking
    event: Event
    over: bool  # it has begun, so nobody is invited to it any more


def book(desks: Desks, calendar: Calendar, going: Callable[[], bool] = lambda: True) -> int:
    """Do what is due, for as long as it is `going`; gives how much went through. After trouble the rest waits for the next run."""
    done = 0
    while going() and (work := _next(desks)):
        try:
            outcome = _asked(calendar, work)
        except HandlerError as trouble:
            log.warning("the calendar: %s", trouble)
            with desks() as desk:
                outcomes.put_off(desk, work.booking, trouble)
            return done
        with desks() as desk:
            if work.booking.to_send:
                outcomes.went(desk, work.booking, outcome if isinstance(outcome, Held) else None)
            elif isinstance(outcome, Looked):
                answered(desk, work.booking, outcome)
            else:
                outcomes.taken_out(desk, work.booking)
        done += 1
    return done


def _next(desks: Desks) -> Work | None:
    with desks() as desk:
        claimed = bookings.claim(desk.session, desk.now, LEASE)
        if claimed is None:
            return None
        event = event_of(desk, claimed)
        return Work(claimed, event, event.starts <= desk.now)


def _asked(calendar: Calendar, work: Work) -> Held | Looked | None:
    try:
        return _sent(calendar, work) if work.booking.to_send else calendar.look(work.booking.reference or "")
    except HandlerError:
        raise
    except Exception as error:  # noqa: BLE001 - one answer that cannot be read keeps no other meeting waiting
        raise Uncertain(type(error).__name__) from None


def _sent(calendar: Calendar, work: Work) -> Held | None:
    """Make the calendar what is wanted; gives what stands there then. What may have been tried before is looked for first."""
    booking = work.booking
    there = booking.reference
    if there is None and booking.doubt:
        found = calendar.find(booking.id)
        there = found.reference if found else None
    if booking.off:
        if there:
            calendar.cancel(there)
        return None
    moved = calendar.move(there, work.event) if there else None
    quiet = booking.about["quiet"]  # restricted since it was asked for: nothing new leaves the house
    return moved or (None if work.over or quiet else calendar.hold(_anew(work.event, there)))


def _anew(event: Event, gone: str | None) -> Event:
    """In the place of one that somebody deleted it has a name of its own: calendars keep the names of what was deleted."""
    return replace(event, id=f"{event.id}-{hashlib.sha256(gone.encode()).hexdigest()[:8]}") if gone else event
