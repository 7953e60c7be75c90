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
    """The whole report, every figure shown: for the one who asked, and nobody else. Written row by row: a year may have 60,000."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    figures, episodes = book.create_sheet("Figures"), book.create_sheet("Episodes")
    for sheet in (figures, episodes):
        sheet.freeze_panes = "A2"
        for letter, width in zip("ABCDEFGHIJK", (34, 40, 18, 24, 12, 18, 18, 18, 18, 18, 18), strict=True):
            sheet.column_dimensions[letter].width = width
    for row in _figures(report):
        figures.append([_safe(value) for value in row])
    episodes.append(list(EPISODES))
    for cells in _episodes(report):
        episodes.append([_safe(value) for value in cells])
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


def _local(at: datetime | None) -> str | None:
    """London's clock, in a form that sorts; a workbook knows no zones, and its own dates cost it most of the time."""
    return at.astimezone(LONDON).isoformat(" ")[:16] if at else None


def _safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(RUNS) else value
