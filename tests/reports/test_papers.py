"""Pictures and workbooks of a report, opened by the programs that people open them with, or near enough."""

from datetime import date
from io import BytesIO

from openpyxl import load_workbook

from bench.year.town import AUTHORITY
from bot.poster import png
from bot.workbook import EPISODES, xlsx
from handlers.desk import Desk
from handlers.reports import catalogue, design, periods, pictures, report
from handlers.reports.measures import MEASURES
from handlers.reports.periods import Period
from handlers.reports.poster import MOST_WORDS, poster


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


def test_a_hidden_picture_shows_no_figure_under_five(year_desk: Desk) -> None:
    made = report.make(year_desk, AUTHORITY, catalogue.BY_WORD["quarterly"], periods.holding(design.QUARTER, date(2026, 11, 10)))
    for draw in pictures.KINDS.values():
        picture = draw(made, whole=False)
        values = picture.series.values() if isinstance(picture, pictures.Bars) else picture.values
        assert not {value for row in values for value in row} & {1, 2, 3, 4}
        assert picture.words
    assert png(poster(made, whole=False)).startswith(b"\x89PNG")


def test_every_report_has_a_picture_that_answers_what_everybody_asks_first(year_desk: Desk) -> None:
    for one in catalogue.DESIGNS:
        made = report.make(year_desk, AUTHORITY, one, periods.holding(one.every, date(2026, 11, 10)))
        whole = poster(made, whole=True)
        asked = dict(whole.answers)
        assert asked[MEASURES[one.about].name] == str(made.tile(one.about).now)
        assert asked["Return interviews late"] == str(made.tile("overdue").now)
        assert whole.charts
        assert all(answer in whole.words for answer in asked.values()) or len(whole.words) == MOST_WORDS
        assert "HW-" not in poster(made, whole=False).words


def test_it_says_better_or_worse_by_the_interviews_that_are_late_and_not_where_nothing_was_recorded(year_desk: Desk) -> None:
    def said(word: str, day: date, *, whole: bool = True) -> str:
        one = catalogue.BY_WORD[word]
        period = periods.holding(one.every, day)
        made = report.make(year_desk, AUTHORITY, one, period)
        return dict(poster(made, whole=whole).answers)[f"Better than {periods.before(one.every, period).name}?"]

    monthly = [
        report.make(year_desk, AUTHORITY, catalogue.BY_WORD["monthly"], Period(date(2026, m, 1), date(2026, m + 1, 1))) for m in (9, 10)
    ]
    then, now = (made.tile("overdue").now for made in monthly)
    verdict = "Yes, better" if now < then else "No, worse" if now > then else "About the same"
    assert said("monthly", date(2026, 10, 10)).startswith(f"{verdict}: {then} were late then. Children missing then: ")
    assert said("annual", date(2026, 10, 10)) == "Nobody can say: too little was recorded then."
    assert said("leavers", date(2026, 10, 10), whole=False) == "Not said here: it would show a figure under 5."
