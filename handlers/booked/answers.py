"""What people answered in the calendar becomes an answer here, under the same rules as a press; one given here later stands."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from handlers.booked.outcomes import heard_of, next_look, note
from handlers.case import Case
from handlers.desk import Desk, actor
from handlers.errors import HandlerError
from handlers.gathering.attendance import gathering, own
from handlers.gathering.booking import address_of
from handlers.ports import Looked
from handlers.verbs.respond import Respond, respond
from policies.meeting import Meeting
from storage import bookings
from storage.bookings import Booking

log = logging.getLogger(__name__)


def answered(desk: Desk, booking: Booking, found: Looked) -> None:
    """Take over what is new since the last look, and where to join if only the calendar knows it now."""
    case = heard_of(desk, booking)
    told = {person: found.answers[address] for person, address in _addresses(desk, booking) if address in found.answers}
    kept: dict[str, Any] = {person: [answer, at.isoformat() if at else ""] for person, (answer, at) in told.items()}
    bookings.looked(desk.session, booking, kept, desk.now, next_look(desk, booking))
    meeting = case.episode.fixed(booking.action)
    if meeting is None or meeting.id != booking.id:
        return
    if found.link and found.link != meeting.link:
        note(desk, case, booking, "link", found.link)
    for person, (answer, at) in told.items():
        if kept[person] != booking.answers.get(person):
            _take(desk, case, meeting, person, answer, at or booking.looked_at or meeting.asked_at)


def _addresses(desk: Desk, booking: Booking) -> list[tuple[str, str]]:
    """Only those whom we invited: an invitation that was passed on is nobody's answer here."""
    found: dict[str, str] = {}
    for person in booking.about["people"]:
        address = address_of(desk, person, booking.authority)
        if address:
            found.setdefault(address.lower(), person)  # of several who share a mailbox the first one answers
    return [(person, address) for address, person in found.items()]


def _take(desk: Desk, case: Case, meeting: Meeting, person: str, answer: str, at: datetime) -> None:
    """An answer to an earlier time is none; of two of the same person the later one counts, wherever it was given."""
    at = min(at, desk.now)
    latest = max((r.at for r in case.episode.responses if r.action == meeting.action and r.actor == person), default=None)
    if at < meeting.asked_at or (latest and latest >= at):
        return
    try:
        with desk.session.begin_nested():
            who = actor(desk, person, case.row.authority)
            there = gathering(desk, case, meeting.action)
            mine = own(who, there.standings) if there else None
            if mine or any(r.to == f"@{person}" for r in case.episode.responses):
                respond(Respond(case.row.reference, meeting.action, who.person.agency, answer, how="calendar", at=at), desk, who)
    except HandlerError as refused:
        log.warning("an answer in the calendar to %s does not count: %s", case.row.reference, type(refused).__name__)
