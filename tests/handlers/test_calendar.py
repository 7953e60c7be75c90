"""The calendar file, read by a reader of its own that knows nothing of the library which wrote it (RFC 5545)."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr

from handlers.outgoing import Answer
from tests.fakes import Duty
from tests.handlers.conftest import Opens
from tests.moments import london
from tests.protocols import duty as rule

LINE = re.compile(r"^([A-Z-]+)((?:;[A-Z-]+=(?:\"[^\"]*\"|[^\";:]*))*):(.*)$")


@dataclass
class Part:
    """One component: its properties as (parameters, value), and the components in it."""

    name: str
    has: dict[str, list[tuple[dict[str, str], str]]] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)

    def one(self, name: str) -> str:
        """The value of a property that stands there exactly once."""
        ((_, value),) = self.has[name]
        return value


def read(content: bytes) -> Part:
    """The calendar; fails on whatever RFC 5545 does not allow."""
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 and b"\n" not in line for line in lines), "a line is longer than 75 octets"
    text = content.decode().replace("\r\n ", "").split("\r\n")[:-1]
    stack = [Part("")]
    for line in text:
        found = LINE.match(line)
        assert found, line
        name, given, value = found.groups()
        if name == "BEGIN":
            stack.append(Part(value))
        elif name == "END":
            done = stack.pop()
            assert done.name == value
            stack[-1].parts.append(done)
        else:
            parameters = dict(p.split("=", 1) for p in re.findall(r";([A-Z-]+=(?:\"[^\"]*\"|[^\";:]*))", given))
            stack[-1].has.setdefault(name, []).append((parameters, value))
    (calendar,) = stack[0].parts
    assert calendar.name == "VCALENDAR"
    assert calendar.one("VERSION") == "2.0"
    assert calendar.one("PRODID")
    return calendar


def moment(calendar: Part, name: str) -> datetime:
    """When, worked out from the time zone that stands in the file itself."""
    event = next(p for p in calendar.parts if p.name == "VEVENT")
    ((parameters, value),) = event.has[name]
    if value.endswith("Z"):
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    local = datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - the file's zone says the rest
    zone = next(p for p in calendar.parts if p.name == "VTIMEZONE" and p.one("TZID") == parameters["TZID"])
    onsets = []
    for part in zone.parts:
        start = datetime.strptime(part.one("DTSTART"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
        last = rrulestr(part.one("RRULE"), dtstart=start).before(local, inc=True)
        if last:
            onsets.append((last, offset(part.one("TZOFFSETTO"))))
    return (local - max(onsets)[1]).replace(tzinfo=UTC)


def offset(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))


@pytest.fixture
def missing(opens: Opens) -> Duty:
    duty = opens(rule("meet", "strategy_meeting", due="P300D", attendees=["police"], chair=["team_manager"]))
    duty.report()
    return duty


def file_of(duty: Duty, by: str = "police") -> bytes:
    """What `agenda` gives somebody for their calendar."""
    answer = duty.answer(duty.hear(f"agenda {duty.reference} strategy", by))
    (file,) = answer.files
    assert (file.name, file.kind) == (f"{duty.reference}-strategy-meeting.ics", "text/calendar")
    return file.content


def fix(duty: Duty, starts: str, **values: str) -> Answer:
    return duty.answer(duty.submit(duty.hear(f"meeting {duty.reference} strategy"), "social_worker", starts=starts, **values))


@pytest.mark.parametrize(
    ("starts", "at"),
    [
        ("5 Feb 10:00", "2026-02-05 10:00"),
        ("3 Jun 10:00", "2026-06-03 10:00"),
        ("29 Mar 03:30", "2026-03-29 03:30"),
        ("25 Oct 2026 00:30", "2026-10-25 00:30"),
        ("25 Oct 2026 01:30", "2026-10-25 01:30"),
        ("2026-10-25T01:30+00:00", "2026-10-25 01:30"),
    ],
)
def test_it_names_the_moment_that_was_fixed_also_around_the_changes_of_the_clock(missing: Duty, starts: str, at: str) -> None:
    fix(missing, starts)
    calendar = read(file_of(missing))
    second = timedelta(hours=1) if "+" in starts else timedelta()
    assert moment(calendar, "DTSTART") == london(at).astimezone(UTC) + second
    assert moment(calendar, "DTEND") - moment(calendar, "DTSTART") == timedelta(hours=1)


def test_moved_and_called_off_it_stays_the_same_event(missing: Duty) -> None:
    fix(missing, "5 Feb 10:00", place="Room 4; the Town Hall, second floor " + "é" * 60)
    first = read(file_of(missing))
    event = first.parts[-1]
    assert first.one("METHOD") == "REQUEST"
    assert event.one("STATUS") == "CONFIRMED"
    assert event.one("SUMMARY") == f"Strategy meeting: {missing.reference}"
    assert event.one("LOCATION").startswith(r"Room 4\; the Town Hall\, second floor")
    assert read(file_of(missing)).parts[-1].one("UID") == event.one("UID")
    fix(missing, "6 Feb 14:00")
    second = read(file_of(missing)).parts[-1]
    missing.type("cancel", meeting="strategy_meeting", reason="the child is back")
    off = read(file_of(missing))
    last = off.parts[-1]
    assert {e.one("UID") for e in (event, second, last)} == {event.one("UID")}
    assert [int(e.one("SEQUENCE")) for e in (event, second, last)] == [0, 1, 2]
    assert (off.one("METHOD"), last.one("STATUS")) == ("CANCEL", "CANCELLED")
    assert moment(off, "DTSTART") == london("2026-02-06 14:00").astimezone(UTC)
    fix(missing, "9 Feb 10:00")
    assert read(file_of(missing)).parts[-1].one("UID") != event.one("UID")


def test_it_names_no_child_and_says_who_sends_it_to_whom(missing: Duty) -> None:
    fix(missing, "5 Feb 10:00")
    event = read(file_of(missing)).parts[-1]
    assert event.one("ORGANIZER").startswith("mailto:")
    ((parameters, _),) = event.has["ATTENDEE"]
    assert parameters["CN"] == "Police"
    assert event.one("CLASS") == "CONFIDENTIAL"
