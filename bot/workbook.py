"""A report as a workbook: one sheet of figures, one of episodes by reference; no name, no birth date, nothing that a cell could run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO

from handlers.reports import say
from handlers.reports.report import Report
from policies import words
from policies.worktime import LONDON

EPISODES = ("Reference", "Why listed", "Team", "Category", "Risk", "Missing from", "Back", "Interview due", "Offered", "Declined", "Held")
RUNS = ("=", "+", "-", "@", "\t", "\r")


def xlsx(report: Report) -> bytes:
    """The whole report, every figure shown: for the one who asked, and nobody else."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.worksheets[0])
    figures = book.create_sheet("Figures")
    for row in _figures(report):
        figures.append([_safe(value) for value in row])
    episodes = book.create_sheet("Episodes")
    episodes.append(list(EPISODES))
    for cells in _episodes(report):
        episodes.append([_safe(value) for value in cells])
    for sheet in (figures, episodes):
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
        for letter, width in zip("ABCDEFGHIJK", (34, 40, 18, 24, 12, 18, 18, 18, 18, 18, 18), strict=True):
            sheet.column_dimensions[letter].width = width
    into = BytesIO()
    book.save(into)
    return into.getvalue()


def _figures(report: Report) -> Iterable[Sequence[object]]:
    yield say.headline(report), report.period.name, report.before.name
    for tile in report.tiles:
        yield tile.name, tile.now, tile.before
    for part in report.parts:
        yield (part.title,)
        yield from part.counts.items()
    if report.marks:
        yield "What fell due", "in time", "late", "still open", "waived"
        for mark in report.marks:
            yield words.label(mark.action), mark.in_time, mark.late, mark.missed, mark.waived


def _episodes(report: Report) -> Iterable[Sequence[object]]:
    for row, why in report.listing:
        times = (row.began or row.start, row.back, row.limit, row.offered, row.declined, row.conducted)
        yield (row.reference, why, row.team, words.label(row.category), row.risk, *map(_local, times))


def _local(at: datetime | None) -> datetime | None:
    """London's clock, without a zone: workbooks know none."""
    return at.astimezone(LONDON).replace(tzinfo=None, microsecond=0) if at else None


def _safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(RUNS) else value
