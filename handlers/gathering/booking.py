"""What is wanted of the calendar beside us for each meeting: kept with every change, sent by a cycle of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers import seeing
from handlers.addressing import Book
from handlers.case import Case
from handlers.desk import Desk
from handlers.gathering.attendance import gathered
from handlers.gathering.calendar import LASTS
from handlers.ports import Event
from policies import words
from policies.answers import sent_instead
from policies.behind import behind
from policies.meeting import Meeting
from policies.obligations import Derived
from storage import bookings, episodes
from storage.bookings import Booking

ANSWER_COUNTS = "An answer given here counts in chat as well. The meeting is moved and called off there, not in this calendar."
HEADED = ("starts", "sent", "also", "chair", "quiet")  # a change of these is sent again; who else holds a role by now is not


def keep(desk: Desk, case: Case, derived: Derived, book: Book) -> None:
    """Write down what is wanted where it is something else than before; without a calendar nothing is."""
    if not desk.office.calendar:
        return
    there = {booking.id: booking for booking in bookings.of_episode(desk.session, case.row.id)}
    for meeting in case.episode.meetings:
        before = there.get(meeting.id)
        off = _off(case, meeting)
        if before is None and not off and _begins(desk, case, meeting):
            about = _about(desk, case, derived, meeting, book)
            bookings.put(desk.session, Booking(meeting.id, case.row.authority, case.row.id, meeting.action, about, next_at=desk.now))
        elif before and (before.off != off or (not off and meeting.state == "fixed")):
            _changed(desk, before, _about(desk, case, derived, meeting, book), off=off)
        elif before and not off and case.row.restricted and not before.about["quiet"]:  # over, and still to be read there
            bookings.want(desk.session, before.id, {**before.about, "quiet": True}, off=False, now=desk.now)


def _off(case: Case, meeting: Meeting) -> bool:
    """Called off, or over before it was to begin, or of an episode that was none: nobody is to come at that time."""
    early = meeting.ended_at is not None and meeting.ended_at < meeting.starts
    return meeting.state == "cancelled" or early or case.episode.voided_at is not None


def _begins(desk: Desk, case: Case, meeting: Meeting) -> bool:
    """Of a restricted episode nothing new leaves the house; what stands in a calendar by then is moved and cancelled."""
    return meeting.state == "fixed" and meeting.starts > desk.now - LASTS and not case.row.restricted


def _changed(desk: Desk, before: Booking, about: dict[str, Any], *, off: bool) -> None:
    if before.off != off or any(before.about[name] != about[name] for name in HEADED):
        bookings.want(desk.session, before.id, about, off=off, now=desk.now)


def _about(desk: Desk, case: Case, derived: Derived, meeting: Meeting, book: Book) -> dict[str, Any]:
    """When it is, and ids of those who are invited; whoever was sent instead and whoever was invited later are named apart."""
    sent = [person[1:] for person in sent_instead(meeting.action, case.episode.responses)]
    o = next((o for o in behind(derived.obligations, meeting) if o.status == "open"), None)
    found = gathered(desk, case, o) if o else None
    roles = [role for s in found.standings for role in s.roles] if found else list(meeting.named)
    named = found.named if found else meeting.named
    invited = [role[1:] if role.startswith("@") else named.get(role, "") for role in roles]
    chair = book.target(o.chair).people[:1] if o and o.chair else ()
    people = dict.fromkeys([*filter(None, invited), *sent, *(person.id for person in chair)])
    return {
        "starts": meeting.starts.isoformat(),
        "sent": sent,
        "quiet": case.row.restricted,
        "also": list(meeting.also),
        "chair": meeting.chair,
        "people": list(people),
        "clauses": list(o.duty.clauses) if o else [],
    }


def invite_anew(desk: Desk, person: str) -> None:
    """Somebody was suspended, may act again, or must not see it: who is invited to what stands in the calendar has changed."""
    for booking in bookings.with_person(desk.session, person):
        bookings.want(desk.session, booking.id, booking.about, off=False, now=desk.now)


def event_of(desk: Desk, booking: Booking) -> Event:
    """What the calendar is to hold: a reference and clauses; where it is and what it is about are told privately, here."""
    (row,) = episodes.by_ids(desk.session, [booking.episode_id])
    starts = datetime.fromisoformat(booking.about["starts"])
    barred = seeing.barred_from(desk, row)
    people = (person for person in booking.about["people"] if person not in barred)
    invited = dict.fromkeys(filter(None, (address_of(desk, person, booking.authority) for person in people)))
    plain, neutral = _lines(row.reference, booking), _neutral(row.reference)
    return Event(
        id=f"{booking.id}-{booking.made}",
        meeting=booking.id,
        title=f"Homeward: {row.reference}",
        lines=neutral if booking.about["quiet"] else plain,
        starts=starts,
        ends=starts + LASTS,
        invited=tuple(invited),
        was=plain if booking.about["quiet"] else (),
    )


def _lines(reference: str, booking: Booking) -> tuple[str, ...]:
    name = words.label(booking.action)
    asked = f", asked for by {', '.join(booking.about['clauses'])}" if booking.about["clauses"] else ""
    told = f"Where it is and what it is about: type 'agenda {reference} {name}' to Homeward."
    return f"{name.capitalize()} about {reference}{asked}.", told, ANSWER_COUNTS


def _neutral(reference: str) -> tuple[str, ...]:
    """Of a restricted episode, which meeting it is and under which clause is told privately as well."""
    told = f"Where it is and what it is about: type 'status {reference}' to Homeward."
    return f"A meeting about {reference}.", told, ANSWER_COUNTS


def address_of(desk: Desk, person_id: str, authority: str) -> str | None:
    """Where somebody reads mail; nobody who was suspended or has left is invited."""
    person, closed = desk.directory.person(person_id), desk.directory.suspended
    if person is None or not person.held(authority, desk.today) or {(person_id, None), (person_id, authority)} & closed:
        return None
    return next((account.user for account in person.accounts if account.platform == "mail"), None)
