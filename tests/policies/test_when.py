"""What somebody typed at two in the morning is read as they meant it, or answered with how to type it."""

from datetime import date, datetime

import pytest

from policies.when import NotATime, born, when
from policies.worktime import LONDON, said
from tests.moments import london, utc

NIGHT = london("2026-02-02 00:30")  # a Monday


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("now", "2026-02-02 00:30"),
        ("21:30", "2026-02-01 21:30"),  # typed at 00:30: yesterday
        ("00:15", "2026-02-02 00:15"),
        ("00:30", "2026-02-02 00:30"),  # this very minute has come
        ("00:31", "2026-02-01 00:31"),
        ("21.30", "2026-02-01 21:30"),
        ("21h30", "2026-02-01 21:30"),
        ("2130", "2026-02-01 21:30"),
        ("9pm", "2026-02-01 21:00"),
        ("9.30 PM", "2026-02-01 21:30"),
        ("12am", "2026-02-02 00:00"),
        ("12:15pm", "2026-02-01 12:15"),
        ("yesterday 21:30", "2026-02-01 21:30"),
        ("Yesterday at 21:30", "2026-02-01 21:30"),
        ("21:30 yesterday", "2026-02-01 21:30"),
        ("yesterday 2130", "2026-02-01 21:30"),
        ("today 00:10", "2026-02-02 00:10"),
        ("sunday 21:30", "2026-02-01 21:30"),
        ("Sat 23:00", "2026-01-31 23:00"),
        ("on Tuesday at 4pm", "2026-01-27 16:00"),
        ("Mon 00:15", "2026-02-02 00:15"),
        ("Mon 00:45", "2026-01-26 00:45"),  # today's has not come yet: a week ago
        ("1 Feb 21:30", "2026-02-01 21:30"),
        ("1st February 2026, 21:30", "2026-02-01 21:30"),
        ("Sun 1 Feb 21:30", "2026-02-01 21:30"),  # as the bot itself says it
        ("01/02 21:30", "2026-02-01 21:30"),
        ("01/02/26 21:30", "2026-02-01 21:30"),
        ("1/2/2026 21:30", "2026-02-01 21:30"),
        ("31 Dec 23:50", "2025-12-31 23:50"),  # the year has turned
        ("2026-02-01 21:30", "2026-02-01 21:30"),
        ("2026-02-01T21:30", "2026-02-01 21:30"),
        ("2026-02-01T21:30:00+01:00", "2026-02-01 20:30"),
        ("  21:30  ", "2026-02-01 21:30"),
        ("٢١:٣٠", "2026-02-01 21:30"),  # digits of another script are digits
        ("3 Feb 21:30", "2026-02-03 21:30"),  # a slip stays visible: next is said to be in the future, not a year ago
    ],
)
def test_a_typed_time_is_the_latest_that_has_passed(typed: str, meant: str) -> None:
    assert when(typed, NIGHT) == london(meant)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12:00", "2026-02-02 12:00"),
        ("00:15", "2026-02-03 00:15"),
        ("tomorrow 12:00", "2026-02-03 12:00"),
        ("tue 12:00", "2026-02-03 12:00"),
        ("mon 12:00", "2026-02-02 12:00"),
        ("mon 00:15", "2026-02-09 00:15"),
        ("sun 12:00", "2026-02-08 12:00"),
        ("3 Feb 12:00", "2026-02-03 12:00"),
        ("1 Feb 12:00", "2026-02-01 12:00"),  # said to have passed, rather than moved a year on
    ],
)
def test_a_time_ahead_is_the_next_that_comes(typed: str, meant: str) -> None:
    assert when(typed, NIGHT, ahead=True) == london(meant)


def test_at_the_end_of_december_a_day_of_january_lies_ahead() -> None:
    assert when("2 Jan 12:00", london("2026-12-30 10:00"), ahead=True) == london("2027-01-02 12:00")


@pytest.mark.parametrize(
    ("now", "typed", "meant"),
    [
        ("2026-10-25 02:30", "01:30", "2026-10-25 00:30"),  # long past: the earlier of the two
        ("2026-10-25 01:20", "01:10", "2026-10-25 00:10"),  # typed in the second one
        ("2026-10-25 00:40", "01:30", "2026-10-25 00:30"),  # typed in the first one
        ("2026-10-25 00:20", "01:30", "2026-10-24 00:30"),  # the first one has not come yet
        ("2026-03-29 09:00", "02:30", "2026-03-29 01:30"),
        ("2026-03-29 09:00", "00:30", "2026-03-29 00:30"),
        ("2026-03-29 09:00", "yesterday 21:30", "2026-03-28 21:30"),
        ("2026-03-29 09:00", "01:30", "2026-03-29 01:30"),  # the hour that is not there: an hour later on the clock
    ],
)
def test_on_the_nights_when_the_clocks_change(now: str, typed: str, meant: str) -> None:
    assert when(typed, utc(now)) == utc(meant)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "yesterday",
        "25:00",
        "21:75",
        "13pm",
        "0am",
        "9",
        "1 Feb 2026",
        "31 Feb 21:30",
        "29 Feb 21:30",
        "32/01 21:30",
        "1 Foo 21:30",
        "monkey 21:30",
        "sunset 21:30",
        "1/2/20265 21:30",
        "2026-02-011 21:30",
        "21:300",
        "121:30",
        "21:30 22:30",
        "2026-13-01T10:00",
        "9999-12-31T23:59-05:00",
        "0001-01-01T00:00+05:00",
        "👧👧👧",
        "مساء أمس",
        "\u202e21:30 tomorrow-ish",
        pytest.param("x" * 10_000, id="ten thousand letters"),
        pytest.param("1" * 10_000, id="ten thousand digits"),
    ],
)
def test_what_is_no_time_is_answered_with_how_to_type_one(typed: str) -> None:
    with pytest.raises(NotATime, match="Type ") as raised:
        when(typed, NIGHT)
    assert len(str(raised.value)) < 140


@pytest.mark.parametrize("typed", ["4 Mar 2012", "4th march 2012", "04/03/2012", "4/3/2012", "2012-03-04", " 4  mar  2012 "])
def test_a_birth_date_is_read_day_first(typed: str) -> None:
    assert born(typed) == date(2012, 3, 4)


@pytest.mark.parametrize(
    "typed", ["", "12", "4 Mar", "04/03/12", "03/13/2012x", "31 Feb 2012", "4 Mar 20123", "1/2/20123", "13 years", "yesterday 2012"]
)
def test_what_is_no_birth_date_is_answered_with_how_to_type_one(typed: str) -> None:
    with pytest.raises(NotATime, match="Type 4 Mar 2012"):
        born(typed)


def test_every_minute_the_bot_says_is_one_it_reads() -> None:
    for hour in range(24 * 7):
        moment = datetime.fromtimestamp(london("2026-01-26 00:30").timestamp() + hour * 3600, LONDON)
        assert when(said(moment), NIGHT) == moment
