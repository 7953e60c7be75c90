"""A report as a workbook: one sheet of figures, one of episodes by reference; no name, no birth date, nothing that a cell could run.

Written as the few XML files that a workbook is: through a library a year of 60,000 episodes takes ten times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from handlers.reports import say
from handlers.reports.report import Report
from handlers.returns.cells import harmless
from policies import words
from policies.worktime import LONDON

EPISODES = ("Reference", "Why listed", "Team", "Category", "Risk", "Missing from", "Back", "Interview due", "Offered", "Declined", "Held")
WIDTHS = (34, 40, 18, 24, 12, 18, 18, 18, 18, 18, 18)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def xlsx(report: Report) -> bytes:
    """The whole report, every figure shown: for the one who asked, and nobody else."""
    sheets = {"Figures": _figures(report), "Episodes": _episodes(report)}
    into = BytesIO()
    with ZipFile(into, "w", ZIP_DEFLATED, compresslevel=4) as book:
        for name, text in _frame(list(sheets)).items():
            book.writestr(name, HEAD + text)
        for n, rows in enumerate(sheets.values(), 1):
            with book.open(f"xl/worksheets/sheet{n}.xml", "w") as sheet:
                for part in _sheet(rows):
                    sheet.write(part.encode())
    return into.getvalue()


def _frame(names: Sequence[str]) -> dict[str, str]:
    """The files around the sheets."""
    numbers = range(1, len(names) + 1)
    parts = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{KIND}.worksheet+xml"/>' for n in numbers)
    book = f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    related = "".join(f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(names, 1))
    first = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{rels}{book}{parts}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{first}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
    }


def _sheet(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The XML of a sheet, piece by piece; the first row stays in sight. A text is a text, whatever it begins with and holds."""
    columns = "".join(f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(WIDTHS, 1))
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    yield f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    yield f"<cols>{columns}</cols><sheetData>"
    for row in rows:
        yield f"<row>{''.join(map(_cell, row))}</row>"
    yield "</sheetData></worksheet>"


def _cell(value: object) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(harmless(str(value)))}</t></is></c>'


def _figures(report: Report) -> Iterator[Sequence[object]]:
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


def _episodes(report: Report) -> Iterator[Sequence[object]]:
    yield EPISODES
    for row, why in report.listing:
        times = (row.since, row.back, row.limit, row.offered, row.declined, row.conducted)
        yield (row.reference, why, row.team, words.label(row.category), row.risk, *map(_local, times))


def _local(at: datetime | None) -> str | None:
    """London's clock, in a form that sorts; a workbook knows no zones."""
    return at.astimezone(LONDON).isoformat(" ")[:16] if at else None
