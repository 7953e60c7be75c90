"""Pictures and workbooks of a report, opened by the programs that people open them with, or near enough."""

from datetime import date
from io import BytesIO

from openpyxl import load_workbook

from bench.year.town import AUTHORITY
from bot.charts import png
from bot.workbook import EPISODES, xlsx
from handlers.desk import Desk
from handlers.reports import catalogue, periods, pictures, report
from handlers.reports.measures import MEASURES


def test_the_workbook_lists_references_and_figures_and_no_restricted_episode(year_desk: Desk) -> None:
    made = report.make(year_desk, AUTHORITY, catalogue.BY_WORD["annual"], periods.holding(catalogue.YEAR, date(2026, 11, 10)))
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
    made = report.make(year_desk, AUTHORITY, catalogue.BY_WORD["quarterly"], periods.holding(catalogue.QUARTER, date(2026, 11, 10)))
    for draw in pictures.KINDS.values():
        picture = draw(made, whole=False)
        values = picture.series.values() if isinstance(picture, pictures.Bars) else picture.values
        assert not {value for row in values for value in row} & {1, 2, 3, 4}
        assert picture.words
    assert png(pictures.hours(made, whole=False)).startswith(b"\x89PNG")
