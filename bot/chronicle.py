"""A chronology on paper: a PDF whose metadata say nothing of anybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bot import paper
from handlers.chronicle.chronology import Chronology, Event
from handlers.chronicle.sentences import when

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

WIDTHS = (34, 38, 78, 30)  # of the columns, in mm
OWED = (26, 66, 34, 28, 26)


def pdf(of: Chronology, picture: bytes | None = None, words: str = "") -> bytes:
    """The chronology as a PDF on A4, with a chart and the same in words."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    into = BytesIO()
    edge = 15 * mm
    document = SimpleDocTemplate(
        into,
        pagesize=A4,
        title="Homeward: chronology",
        author="Homeward",
        leftMargin=edge,
        rightMargin=edge,
        topMargin=edge,
        bottomMargin=edge,
    )
    footed = paper.footed(of.title + (" · redacted" if of.redacted else ""))
    document.build(list(_story(of, picture, words)), onFirstPage=footed, onLaterPages=footed)
    return into.getvalue()


def _story(of: Chronology, picture: bytes | None, words: str) -> Iterator[Flowable]:
    from reportlab.lib.units import mm
    from reportlab.platypus import Image, Paragraph

    style = paper.styles()
    yield Paragraph(escape(of.title), style["title"])
    for line in of.summary:
        yield Paragraph(escape(line), style["line"])
    if picture:
        yield Image(BytesIO(picture), width=176 * mm, height=90 * mm)
        yield Paragraph(escape(words), style["line"])
    yield Paragraph("What happened", style["heading"])
    yield _table(("When", "Who", "What", "Where it stands"), map(_event, of.events), WIDTHS)
    yield Paragraph("What was owed", style["heading"])
    owed = ((one.reference, one.what, one.owner, one.due, one.ended) for one in of.owed)
    yield _table(("Episode", "What", "Who owes it", "Due", "How it ended"), owed, OWED)
    yield Paragraph(escape(of.anchors), style["line"])


def _event(event: Event) -> Sequence[str]:
    later = f" (written down {when(event.recorded)})" if event.recorded else ""
    own = f" — {event.own_words}" if event.own_words else ""
    return when(event.at) + later, event.who, event.what + own, event.anchor


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> Flowable:
    """Rows that may break over pages, with the heading on each."""
    from reportlab.lib import colors
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.platypus import LongTable, Paragraph, TableStyle

    plain, bold = paper.fonts()
    small = ParagraphStyle("small", fontName=plain, fontSize=7.5, leading=9.5, splitLongWords=1)
    strong = ParagraphStyle("strong", small, fontName=bold)
    cells: list[list[Any]] = [[Paragraph(escape(text), strong) for text in heading]]
    cells += [[Paragraph(escape(text[:1500]), small) for text in row] for row in rows]
    lines = TableStyle(
        [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.grey), ("TOPPADDING", (0, 0), (-1, -1), 2)]
    )
    return LongTable(cells, colWidths=[width * mm for width in widths], repeatRows=1, style=lines)
