"""A meeting as a calendar file: one stable UID, a rising SEQUENCE, London time, and CANCEL when it is off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from handlers.directory import Person
from handlers.enclosed import File
from policies import words
from policies.meeting import Meeting
from policies.worktime import LONDON

if TYPE_CHECKING:
    from icalendar import Event, Timezone

LASTS = timedelta(hours=1)  # house; nobody types how long a meeting is
KIND = "text/calendar"
OUTLOOK = "https://outlook.office.com/calendar/0/deeplink/compose"
NOBODY = "mailto:nobody@homeward.invalid"  # of those without an address of their own
_ZONES = (  # the last Sunday of March and of October; the local time of each is that which the clocks showed before
    ("DAYLIGHT", "1996-03-31T01:00", timedelta(), timedelta(hours=1), 3, "BST"),
    ("STANDARD", "1996-10-27T02:00", timedelta(hours=1), timedelta(), 10, "GMT"),
)


def calendar_file(meeting: Meeting, reference: str, to: Person, organiser: Person | None, now: datetime) -> File:
    """The file for one person who is invited. It names the episode, never the child; the place is for those who are invited."""
    from icalendar import Calendar  # noqa: PLC0415 - half a second, and most processes never make one

    off = meeting.state == "cancelled"
    calendar = Calendar()
    calendar.add("prodid", "-//Homeward//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if off else "REQUEST")
    calendar.add_component(_zone())
    calendar.add_component(_event(meeting, reference, to, organiser, now))
    name = f"{reference}-{meeting.action.replace('_', '-')}.ics"
    return File(name, KIND, calendar.to_ical(), "" if off else _address_of_a_form(meeting, reference))


def _event(meeting: Meeting, reference: str, to: Person, organiser: Person | None, now: datetime) -> Event:
    from icalendar import Event, vCalAddress  # noqa: PLC0415 - as above

    off = meeting.state == "cancelled"
    event = Event()
    event.add("uid", f"{meeting.id}@homeward")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", _local(meeting.starts))
    event.add("dtend", _local(meeting.starts + LASTS))
    event.add("summary", f"{words.label(meeting.action).capitalize()}: {reference}")
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    event.add("class", "CONFIDENTIAL")
    where = "; ".join(filter(None, (meeting.place, meeting.link)))
    if where and not off:
        event.add("location", where)
    if meeting.link and not off:
        event.add("url", meeting.link)
    sender, attendee = vCalAddress(_address(organiser)), vCalAddress(_address(to))
    sender.params["cn"] = "Homeward"
    attendee.params |= {"cn": to.name, "role": "REQ-PARTICIPANT", "partstat": "NEEDS-ACTION"}
    event.add("organizer", sender)
    event.add("attendee", attendee)
    return event


def _address_of_a_form(meeting: Meeting, reference: str) -> str:
    """Outlook's own form for a new entry, filled in: the reference and the time. What an address says may be read on the way."""
    said = {"subject": f"Homeward: {reference}", "startdt": _utc(meeting.starts), "enddt": _utc(meeting.starts + LASTS)}
    return f"{OUTLOOK}?{urlencode({'path': '/calendar/action/compose', 'rru': 'addevent', **said}, quote_via=quote)}"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _local(moment: datetime) -> datetime:
    """London's clock, where it says which moment is meant: the second of an hour that comes twice only UTC can name."""
    local = moment.astimezone(LONDON)
    return moment.astimezone(UTC) if local.fold else local


def _address(person: Person | None) -> str:
    mail = next((a.user for a in person.accounts if a.platform == "mail"), None) if person else None
    return f"mailto:{mail}" if mail else NOBODY


def _zone() -> Timezone:
    """London's rule since 1996, as people's calendars read it."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard  # noqa: PLC0415

    zone = Timezone()
    zone.add("tzid", "Europe/London")
    for name, first, before, after, month, short in _ZONES:
        part = TimezoneDaylight() if name == "DAYLIGHT" else TimezoneStandard()
        part.add("dtstart", datetime.fromisoformat(first))
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzname", short)
        zone.add_component(part)
    return zone
