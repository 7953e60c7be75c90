"""Time as protocols count it, over clock changes, weekends, bank holidays and Christmas."""

from datetime import date, time, timedelta

import pytest

from policies.worktime import Calendar, Clock, Length, add, at_local, due, is_night, lasting, said
from tests.moments import london, utc

ENGLAND = Calendar()
CLOSED_ON_THURSDAY = Calendar(frozenset({date(2026, 2, 5)}))


@pytest.mark.parametrize(
    ("written", "months", "exact"),
    [
        ("P3D", 0, timedelta(days=3)),
        ("PT72H", 0, timedelta(hours=72)),
        ("PT0S", 0, timedelta()),
        ("PT90M", 0, timedelta(minutes=90)),
        ("PT90S", 0, timedelta(seconds=90)),
        ("P2W", 0, timedelta(weeks=2)),
        ("P1DT12H", 0, timedelta(hours=36)),
        ("P1M", 1, timedelta()),
        ("P1Y6M", 18, timedelta()),
        ("-PT4H", 0, timedelta(hours=-4)),
    ],
)
def test_a_length_is_read_as_it_is_written(written: str, months: int, exact: timedelta) -> None:
    assert Length.parse(written) == Length(months, exact)


@pytest.mark.parametrize(
    "written", ["", "P", "PT", "-P", "P3", "3D", "P3DT", "PT3D", "P1.5D", "three days", "72", "P-3D", "p3d", "P999999999999D"]
)
def test_what_is_no_length_is_refused_in_words(written: str) -> None:
    with pytest.raises(ValueError, match="not a length of time") as raised:
        Length.parse(written)
    assert "P3D" in str(raised.value)  # says how to write one


@pytest.mark.parametrize(
    ("written", "said_as"),
    [
        ("PT24H", "24 h"),
        ("PT72H", "72 h"),
        ("P1D", "1 day"),
        ("P3D", "3 days"),
        ("P2W", "2 weeks"),
        ("PT30M", "30 min"),
        ("PT1H30M", "1 h 30 min"),
        ("P1M", "1 month"),
        ("P2M", "2 months"),
        ("PT0S", "0 min"),
    ],
)
def test_a_length_is_said_as_people_say_it(written: str, said_as: str) -> None:
    assert str(Length.parse(written)) == said_as


@pytest.mark.parametrize(
    ("anchor", "written", "clock", "falls"),
    [
        # -- elapsed: exact hours, whatever the clocks do
        ("2026-02-01 21:00", "PT24H", "elapsed", "2026-02-02 21:00"),
        ("2026-03-28 21:00", "PT24H", "elapsed", "2026-03-29 22:00"),  # the night of 23 hours
        ("2026-10-24 21:00", "PT24H", "elapsed", "2026-10-25 20:00"),  # the night of 25 hours
        ("2026-03-27 10:00", "P3D", "elapsed", "2026-03-30 11:00"),  # three days are 72 hours
        ("2026-10-23 10:00", "PT72H", "elapsed", "2026-10-26 09:00"),
        # -- months by the calendar, at the same local time, clamped to the last day
        ("2026-01-31 10:00", "P1M", "elapsed", "2026-02-28 10:00"),
        ("2028-01-31 10:00", "P1M", "elapsed", "2028-02-29 10:00"),
        ("2026-03-15 10:00", "P1M", "elapsed", "2026-04-15 10:00"),  # summer time between
        ("2026-12-15 10:00", "P1M", "elapsed", "2027-01-15 10:00"),
        ("2026-11-30 10:00", "P3M", "elapsed", "2027-02-28 10:00"),
        # -- calendar days end at the end of the last one
        ("2026-02-01 00:01", "P3D", "calendar_days", "2026-02-04 23:59:59"),
        ("2026-02-01 23:59", "P3D", "calendar_days", "2026-02-04 23:59:59"),
        ("2026-03-28 23:30", "P1D", "calendar_days", "2026-03-29 23:59:59"),
        ("2026-10-25 01:30", "P1D", "calendar_days", "2026-10-26 23:59:59"),
        ("2026-01-31 12:00", "P1M", "calendar_days", "2026-02-28 23:59:59"),
        # -- working days
        ("2026-02-02 10:00", "P1D", "working_days", "2026-02-03 23:59:59"),
        ("2026-02-06 10:00", "P1D", "working_days", "2026-02-09 23:59:59"),  # Friday to Monday
        ("2026-02-07 10:00", "P1D", "working_days", "2026-02-09 23:59:59"),  # Saturday counts from Monday
        ("2026-04-02 10:00", "P1D", "working_days", "2026-04-07 23:59:59"),  # over Easter
        ("2026-04-02 10:00", "P3D", "working_days", "2026-04-09 23:59:59"),
        ("2026-12-24 10:00", "P1D", "working_days", "2026-12-29 23:59:59"),  # Boxing Day on a Saturday: Monday is off
        ("2027-12-24 10:00", "P1D", "working_days", "2027-12-29 23:59:59"),  # Christmas on a Saturday: Monday and Tuesday are off
        ("2026-12-31 10:00", "P1D", "working_days", "2027-01-04 23:59:59"),  # New Year's Day
        ("2026-05-01 10:00", "P5D", "working_days", "2026-05-11 23:59:59"),  # early May bank holiday
        # -- working hours: all 24 of a working day
        ("2026-02-02 10:00", "PT72H", "working_hours", "2026-02-05 10:00"),
        ("2026-02-06 10:00", "PT72H", "working_hours", "2026-02-11 10:00"),  # 14 h on Friday, 48 h, 10 h on Wednesday
        ("2026-02-07 10:00", "PT72H", "working_hours", "2026-02-12 00:00"),  # nothing passes at the weekend
        ("2026-02-07 10:00", "PT0S", "working_hours", "2026-02-09 00:00"),
        ("2026-12-24 18:00", "PT6H", "working_hours", "2026-12-25 00:00"),
        ("2026-12-24 18:00", "PT7H", "working_hours", "2026-12-29 01:00"),
        ("2026-03-27 12:00", "PT24H", "working_hours", "2026-03-30 12:00"),  # the short night is a Sunday
        ("2026-10-23 12:00", "PT24H", "working_hours", "2026-10-26 12:00"),  # so is the long one
    ],
)
def test_what_is_asked_for_falls_due(anchor: str, written: str, clock: Clock, falls: str) -> None:
    assert due(london(anchor), Length.parse(written), clock, ENGLAND) == london(falls)


def test_an_authoritys_own_closed_day_is_no_working_day() -> None:
    assert due(london("2026-02-04 10:00"), Length.parse("P1D"), "working_days", CLOSED_ON_THURSDAY) == london("2026-02-06 23:59:59")
    assert due(london("2026-02-04 12:00"), Length.parse("PT24H"), "working_hours", CLOSED_ON_THURSDAY) == london("2026-02-06 12:00")


@pytest.mark.parametrize(
    ("end", "window", "begins"),
    [
        ("2026-03-31 10:00", "P1M", "2026-02-28 10:00"),  # clamped
        ("2026-04-15 10:00", "P1M", "2026-03-15 10:00"),  # the same local time
        ("2026-04-01 10:00", "P28D", "2026-03-04 09:00"),  # 28 × 24 hours
        ("2026-11-01 10:00", "P90D", "2026-08-03 11:00"),
    ],
)
def test_a_window_reaches_back(end: str, window: str, begins: str) -> None:
    length = Length.parse(window)
    assert add(london(end), Length(-length.months, -length.exact)) == london(begins)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-02-02 09:00", "2026-02-02 09:00"),
        ("2026-02-02 16:59", "2026-02-02 16:59"),
        ("2026-02-02 17:00", "2026-02-03 09:00"),
        ("2026-02-02 08:59", "2026-02-02 09:00"),
        ("2026-02-06 17:00", "2026-02-09 09:00"),
        ("2026-02-08 12:00", "2026-02-09 09:00"),
        ("2026-04-02 18:00", "2026-04-07 09:00"),
        ("2026-12-24 17:00", "2026-12-29 09:00"),
        ("2026-03-29 12:00", "2026-03-30 09:00"),
    ],
)
def test_the_office_opens(moment: str, opens: str) -> None:
    assert ENGLAND.office_time(london(moment)) == london(opens)


@pytest.mark.parametrize(
    ("clock", "night"), [("21:59", False), ("22:00", True), ("03:00", True), ("06:59", True), ("07:00", False), ("12:00", False)]
)
def test_night_is_from_ten_to_seven_on_londons_clocks(clock: str, night: bool) -> None:
    assert is_night(london(f"2026-07-01 {clock}")) is night
    assert is_night(london(f"2026-01-01 {clock}")) is night


def test_the_repeated_hour_is_the_earlier_one() -> None:
    assert at_local(date(2026, 10, 25), time(1, 30)) == utc("2026-10-25 00:30")


def test_the_skipped_hour_comes_an_hour_later() -> None:
    assert said(at_local(date(2026, 3, 29), time(1, 30))) == "Sun 29 Mar 02:30"


@pytest.mark.parametrize(
    ("length", "said_as"),
    [
        (timedelta(minutes=45), "45 min"),
        (timedelta(hours=4, minutes=40), "4 h 40 min"),
        (timedelta(hours=4), "4 h"),
        (timedelta(hours=50), "50 h"),
        (timedelta(days=3, hours=2), "3 days 2 h"),
        (timedelta(days=5), "5 days"),
        (timedelta(seconds=59), "0 min"),
        (timedelta(hours=-1), "0 min"),
    ],
)
def test_how_long_is_said_as_people_say_it(length: timedelta, said_as: str) -> None:
    assert lasting(length) == said_as
