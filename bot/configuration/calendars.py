"""A rota kept as a calendar file: each event is a turn of the person it invites or is called after."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

from bot.configuration.parts import Configuration
from bot.configuration.people import MailAccount
from bot.configuration.repeats import beginnings
from bot.configuration.rota import CalendarPart
from bot.errors import Unusable
from handlers.rota import Span
from policies import words
from policies.worktime import LONDON

BEFORE, AFTER = timedelta(days=2), timedelta(days=400)  # of today: what is read from an event that repeats for ever
MOST = 5000  # turns of one file
BIGGEST = 2_000_000  # bytes of one file: twice what so many turns need
LONGEST = 5.0  # seconds in which a file is worked out


def spans(part: CalendarPart, of: Configuration, folder: Path, now: datetime) -> tuple[Span, ...]:
    """The turns of one file, for a year to come. Raises Unusable with one sentence."""
    file, begun = folder / part.file, time.monotonic()
    events = _events(file)
    try:
        return _spans(part, events, _people(of, part), file, now, lambda: time.monotonic() - begun)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:  # a property that is not what the standard says
        raise Unusable(f"{file} cannot be read as a calendar: {' '.join(str(error).split())[:200]}") from None


def _spans(
    part: CalendarPart, events: Sequence[Any], people: dict[str, str], file: Path, now: datetime, taken: Callable[[], float]
) -> tuple[Span, ...]:
    replaced = {(str(e.get("UID")), _moment(e["RECURRENCE-ID"].dt)) for e in events if "RECURRENCE-ID" in e}
    found: list[Span] = []
    for event in events:
        named = _named(event, people, file)
        for starts, ends in _turns(event, replaced, now, file):
            found += [Span(part.role, part.authority, person, starts, ends, part.team) for person in named]
        if len(found) > MOST:
            raise Unusable(f"{file} has more than {MOST:,} turns; take the old events out.")
        if taken() > LONGEST:
            raise Unusable(f"{file} takes more than {LONGEST:.0f} s to work out; take out events that repeat and never come.")
    return tuple(sorted(found, key=lambda span: (span.starts, span.person)))


def _events(file: Path) -> list[Any]:
    try:
        from icalendar import Calendar
    except ModuleNotFoundError:
        raise Unusable(f"{file} is a calendar, and icalendar is not installed: install homeward[reports], or run `make install`.") from None
    try:
        if file.stat().st_size > BIGGEST:
            raise Unusable(f"{file} is larger than {BIGGEST:,} bytes; take the old events out.")
        calendars = Calendar.from_ical(file.read_text(encoding="utf-8"), multiple=True)
    except FileNotFoundError:
        raise Unusable(f"There is no calendar {file}; its path is read from the folder of homeward.yml.") from None
    except (OSError, ValueError) as error:
        raise Unusable(f"{file} cannot be read as a calendar: {' '.join(str(error).split())[:200]}") from None
    events = [event for calendar in calendars for event in calendar.walk("VEVENT") if str(event.get("STATUS")) != "CANCELLED"]
    if broken := next((event for event in events if "DTSTART" not in event), None):
        raise Unusable(f"{file}: the event '{str(broken.get('SUMMARY'))[:40]}' does not say when it begins.")
    return events


def _people(of: Configuration, part: CalendarPart) -> dict[str, str]:
    """Everything by which a holder of the role can be named, in small letters → their id."""
    found: dict[str, str] = {}
    for person in of.people:
        if any((held.role, held.authority) == (part.role, part.authority) for held in person.roles):
            found |= {person.id.casefold(): person.id, person.name.casefold(): person.id}
            found |= {a.address.casefold(): person.id for a in person.accounts if isinstance(a, MailAccount)}
    return found


def _named(event: Any, people: dict[str, str], file: Path) -> Sequence[str]:
    """Who has the turn: whom the event invites, else whom it is called after."""
    invited = event.get("ATTENDEE") or []
    addresses = [str(a) for a in (invited if isinstance(invited, list) else [invited])]
    called = [a.lower().removeprefix("mailto:") for a in addresses] or [str(event.get("SUMMARY") or "").strip()]
    for name in called:
        if name.casefold() not in people:
            near = words.nearest(name, set(people)) or "; give them the role in homeward.yml first."
            raise Unusable(f"{file}: '{name[:60]}' is nobody who holds the role{near}")
    return [people[name.casefold()] for name in called]


def _turns(event: Any, replaced: set[tuple[str, datetime]], now: datetime, file: Path) -> Iterator[tuple[datetime, datetime]]:
    begins = event["DTSTART"].dt
    start = _local(begins)
    length = _moment(event.end) - _moment(begins) if "DTEND" in event or "DURATION" in event else _one_day(begins)
    if length <= timedelta(0):
        raise Unusable(f"{file}: the event '{str(event.get('SUMMARY'))[:40]}' ends before it begins.")
    without = {_moment(moment) for moment in _dates(event, "EXDATE")}
    one = "RECURRENCE-ID" in event
    for at in dict.fromkeys([*_repeated(event, start, now, file), *map(_local, _dates(event, "RDATE"))]):
        moment = at.astimezone(UTC)
        if moment in without or (not one and (str(event.get("UID")), moment) in replaced):
            continue
        if now - BEFORE <= moment + length and moment <= now + AFTER:
            yield moment, moment + length


def _repeated(event: Any, start: datetime, now: datetime, file: Path) -> list[datetime]:
    """Its beginnings: by the clock on the wall, so that 17:00 stays 17:00 when the clocks change."""
    if "RRULE" not in event or "RECURRENCE-ID" in event:
        return [start]
    try:
        return beginnings(event["RRULE"], start, now - BEFORE - timedelta(days=31), now + AFTER)
    except (ValueError, TypeError, OverflowError) as error:
        raise Unusable(f"{file}: the event '{str(event.get('SUMMARY'))[:40]}' repeats in a way that cannot be read ({error}).") from None


def _dates(event: Any, name: str) -> list[Any]:
    given = event.get(name) or []
    return [day.dt for listed in (given if isinstance(given, list) else [given]) for day in listed.dts]


def _local(moment: date | datetime) -> datetime:
    """A day begins at midnight in London; a time without a zone is London's."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, clock(), LONDON)
    return moment.replace(tzinfo=LONDON) if moment.tzinfo is None else moment


def _moment(moment: date | datetime) -> datetime:
    return _local(moment).astimezone(UTC)


def _one_day(begins: date | datetime) -> timedelta:
    return timedelta(0) if isinstance(begins, datetime) else timedelta(days=1)
