"""Pictures and workbooks of a report, opened by the programs that people open them with, or near enough."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from bench.year.town import AUTHORITY
from bot.charts import balanced
from bot.poster import png
from bot.workbook import EPISODES, xlsx
from handlers.desk import Desk
from handlers.reports import catalogue, design, periods, pictures, report, say
from handlers.reports.answers import answers
from handlers.reports.measures import MEASURES, overdue
from handlers.reports.periods import Period
from handlers.reports.poster import MOST_WORDS, poster
from handlers.reports.report import Report
from handlers.reports.shapes import Bars
from handlers.reports.tiles import SHARES
from handlers.reports.urgent import about, first


def test_the_workbook_lists_references_and_figures_and_no_restricted_episode(year_desk: Desk) -> None:
    made = report.make(year_desk, AUTHORITY, catalogue.BY_WORD["annual"], periods.holding(design.YEAR, date(2026, 11, 10)))
    book = load_workbook(BytesIO(xlsx(made)))
    assert book.sheetnames == ["Figures", "Episodes"]
    rows = list(book["Episodes"].iter_rows(values_only=True))
    assert rows[0] == EPISODES
    assert [row[0] for row in rows[1:]] == [row.reference for row, _ in made.listing]
    restricted = {row.reference for row in made.rows if row.restricted and MEASURES["episodes"].keeps(row, made.span)}
    assert restricted
    assert restricted.isdisjoint({row[0] for row in rows})
    figures = {row[0]: row[1] for row in book["Figures"].iter_rows(values_only=True)}
    assert figures["Missing episodes"] == made.tile("episodes").now


def test_a_workbook_opens_and_runs_nothing_whatever_a_team_is_called(year_desk: Desk) -> None:
    made = report.make(year_desk, AUTHORITY, catalogue.BY_WORD["annual"], periods.holding(design.YEAR, date(2026, 11, 10)))
    called = ("=1+1", "a\x00\x0b\x1fb", "\ud800", "\uffff", "<x>&")
    rows = tuple((replace(row, team=team), why) for (row, why), team in zip(made.listing, called, strict=False))
    book = load_workbook(BytesIO(xlsx(replace(made, listing=rows))))
    cells = [row[2] for row in book["Episodes"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == ["'=1+1", "a   b", "?", "?", "<x>&"]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}


def test_a_hidden_picture_shows_no_figure_under_five(year_desk: Desk) -> None:
    made = report.make(year_desk, AUTHORITY, catalogue.BY_WORD["quarterly"], periods.holding(design.QUARTER, date(2026, 11, 10)))
    for draw in pictures.KINDS.values():
        picture = draw(made, whole=False)
        values = picture.series.values() if isinstance(picture, Bars) else picture.values
        assert not {value for row in values for value in row} & {1, 2, 3, 4}
        assert picture.words
    assert png(poster(made, whole=False)).startswith(b"\x89PNG")


def test_every_report_has_a_picture_that_answers_what_everybody_asks_first(year_desk: Desk) -> None:
    for one in catalogue.DESIGNS:
        made = report.make(year_desk, AUTHORITY, one, periods.holding(one.every, date(2026, 11, 10)))
        whole = poster(made, whole=True)
        asked = dict(whole.answers)
        about = made.tile(one.about)
        assert one.lead or asked[about.name] == str(about.now)
        own = 1 if one.finding else 0
        assert f"{about.now}" in whole.answers[own][1]
        assert len(whole.answers) == 5 + own
        last = one_day_before(made.period.ends)
        assert asked["Return interviews late"] == f"{made.tile('overdue').now} past their time at 23:59 on {last}, old ones too"
        assert max(len(question) for question in asked) <= 26  # one line
        assert whole.charts
        assert all(answer in whole.words for answer in asked.values()) or len(whole.words) == MOST_WORDS
        assert "HW-" not in poster(made, whole=False).words


def test_no_two_reports_of_a_month_begin_alike(year_desk: Desk) -> None:
    every = [monthly_of(year_desk, date(2026, 11, 10), one.word) for one in catalogue.DESIGNS if one.every == design.MONTH and not one.lead]
    begins = {made.design.word: poster(made, whole=True).answers[0] for made in every}
    assert len(set(begins.values())) == len(begins)
    bars, squares = (draw(every[0], whole=True) for draw in (pictures.weeks, pictures.hours))
    for part in ("Monday 20-24 (6", "23 Nov (19"):
        assert part in begins["trends"][1]
        assert part.split(" (")[0] in f"{bars.words} {squares.words}", "as its charts have it"
    assert begins["themes"][1].startswith("category: missing from care (32); risk: medium (45); care: ")


def test_it_says_of_interviews_and_of_children_apart_whether_there_are_more_and_not_where_nothing_was_recorded(year_desk: Desk) -> None:
    def said(word: str, day: date, *, whole: bool = True) -> str:
        one = catalogue.BY_WORD[word]
        made = report.make(year_desk, AUTHORITY, one, periods.holding(one.every, day))
        return dict(poster(made, whole=whole).answers)["Better than before?"]

    monthly = [
        report.make(year_desk, AUTHORITY, catalogue.BY_WORD["monthly"], Period(date(2026, m, 1), date(2026, m + 1, 1))) for m in (9, 10)
    ]
    (late_then, late), (gone_then, gone) = ([made.tile(name).now for made in monthly] for name in ("overdue", "children"))
    assert said("monthly", date(2026, 10, 10)) == (
        f"Late interviews: {more(late, late_then)} ({late}, was {late_then}). "
        f"Children missing: {more(gone, gone_then)} ({gone}, was {gone_then} in September 2026)."
    )
    assert said("annual", date(2026, 10, 10)) == "Nobody can say: too little was recorded then."
    assert said("leavers", date(2026, 10, 10), whole=False) == (
        "Late interviews: not said here, it would show a figure under 5. Care leavers missing: not said here, for the same reason."
    )


def more(now: int, then: int) -> str:
    return "more" if now > then else "fewer" if now < then else "as many"


def one_day_before(day: date) -> str:
    return f"{day - timedelta(days=1):%a %-d %B}"


@pytest.mark.parametrize(
    ("now", "before", "says"),
    [
        (90, 80, "Children missing: 90 in 31 days, was 80 in the 28 days of February 2027."),
        (70, 80, "Children missing: fewer (70 in 31 days, was 80 in the 28 days of February 2027)."),
    ],
)
def test_months_of_unlike_length_get_a_verdict_only_where_their_days_cannot_be_the_reason(
    year_desk: Desk, now: int, before: int, says: str
) -> None:
    made = monthly_of(year_desk, date(2027, 3, 10))
    counted = [tile for tile in made.tiles if tile.measure not in SHARES]
    made = replace(made, tiles=tuple(replace(t, now=now, before=before) if t.measure == "children" else t for t in counted))
    assert dict(answers(made, whole=True))["Better than before?"].endswith(says)
    line = next(line for line in say.lines(made, whole=True) if line.startswith("Missing episodes:"))
    episodes = made.tile("episodes")
    assert line.endswith(f": {episodes.before}") != made.comparable(episodes.now, episodes.before)


def monthly_of(desk: Desk, day: date, word: str = "monthly") -> Report:
    one = catalogue.BY_WORD[word]
    return report.make(desk, AUTHORITY, one, periods.holding(one.every, day))


def test_a_child_still_missing_comes_first_in_every_report_of_one_end_and_then_the_oldest_interview(year_desk: Desk) -> None:
    made = monthly_of(year_desk, date(2026, 11, 10))
    gone = min((r for r in made.rows if MEASURES["episodes"].keeps(r, made.span) and not r.restricted), key=lambda row: row.reference)
    late = next(row for row in made.rows if overdue(row, made.span))
    gone = replace(gone, began=made.span.until - timedelta(hours=9, minutes=3), team="Kestrel")
    late = replace(late, team="Wren", due=made.span.until - timedelta(days=684))
    tiles = tuple(replace(tile, now=3) if tile.measure == "still_missing" else tile for tile in made.tiles)
    for one in ("monthly", "interviews", "absent"):
        asked = replace(made, design=catalogue.BY_WORD[one], still=(gone,), oldest=late, tiles=tiles)
        apart = ", not among the absent," if one == "absent" else ""
        assert first(asked, "3", whole=True) == (
            f"{gone.reference}{apart} is still missing (9 h 3 min at 23:59 on Mon 30 November, Kestrel); so are 2 others. "
            f"Then the interview of {late.reference} (Wren), due 16 January 2025, nearly two years late."
        )
    hidden = first(replace(made, still=(gone,), oldest=late), "hidden", whole=False)
    assert hidden.startswith("The child missing longest is still missing (9 h 3 min at 23:59 on Mon 30 November)")
    assert first(replace(made, still=(), oldest=None), "2", whole=True) == "2 children are still missing, restricted."
    assert first(replace(made, still=(), oldest=None), "0", whole=True) == "Nothing is late; thank the teams."


@pytest.mark.parametrize(
    ("days", "says"),
    [(2, "48 h"), (12, "12 days"), (150, "5 months"), (551, "18 months"), (350, "nearly a year"), (684, "nearly two years")],
)
def test_a_long_time_is_said_as_people_say_it(days: int, says: str) -> None:
    assert about(timedelta(days=days)) == says


def test_the_first_and_the_last_week_of_a_month_are_lighter_where_they_are_parts(year_desk: Desk) -> None:
    drawn = pictures.weeks(monthly_of(year_desk, date(2026, 10, 10)), whole=True)  # Thursday 1 to Saturday 31 October
    assert (drawn.labels[0], drawn.labels[-1], set(drawn.faint)) == ("28 Sep", "26 Oct", {0, 4})
    assert "part of a week" in drawn.aside
    assert pictures.weeks(monthly_of(year_desk, date(2027, 2, 10)), whole=True).faint == frozenset()  # Monday 1 to Sunday 28 February


def test_bars_say_what_they_count_and_how_many_children_that_is(year_desk: Desk) -> None:
    made = monthly_of(year_desk, date(2026, 11, 10), "vulnerability")
    drawn = pictures.first_part(made, whole=True)
    assert drawn.unit == "episodes"
    assert drawn.aside == f"{made.tile('absences').now} episodes of {made.tile('absent_children').now} children"
    for one in catalogue.DESIGNS:
        some = monthly_of(year_desk, date(2026, 11, 10), one.word)
        assert all(chart.unit for chart in poster(some, whole=True).charts if isinstance(chart, Bars))


def test_a_figure_that_has_no_room_in_its_bar_stands_below() -> None:
    drawn = Bars("By team", ("Wren", "Heron"), {"late": (100, 3), "in time": (40, 0), "hidden": (None, None)}, "interviews", "")
    assert drawn.low == "No room in the bar: Heron 3 late."
    assert Bars("By team", ("Wren", "Heron"), {"late": (100, 3)}, "interviews", "").low == ""


def test_no_word_stands_alone_on_the_last_line() -> None:
    text = "Late interviews: more (142, was 128). Children absent or away then: 13."
    lines = balanced(text, 68)
    assert (" ".join(lines), len(lines)) == (text, 2)
    assert min(map(len, lines)) > 20
    assert balanced("Kestrel (43)", 60) == ["Kestrel (43)"]
