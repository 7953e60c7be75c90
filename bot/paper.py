"""What goes on paper: the sheet of open children, as text and as a PDF whose metadata say nothing of anybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any

from handlers.pages.sheet import Child, Sheet
from policies.worktime import said

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

CALLS = 3  # lines to write on, a child
WROTE = "Rang ____________________  at ________  spoke to ____________________  ___________________________"
FOOT = "This paper does not ring anybody, nor the police. Type what was done as soon as chat is back: found, told, phoned, done."


def plain(sheet: Sheet) -> str:
    """The sheet as text."""
    lines = [_title(sheet), sheet.summary, ""]
    for heading, children in _parts(sheet):
        lines += [heading, ""]
        for child in children:
            lines += [f"{child.reference}{' · ' + child.who if child.who else ''}", *(f"  {line}" for line in _said(child)), ""]
    return "\n".join([*lines, *_warnings(sheet), FOOT])


def printed(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as one PDF on A4."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    into = BytesIO()
    paper = SimpleDocTemplate(
        into,
        pagesize=A4,
        title="Homeward: open children",
        author="Homeward",
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
    )
    foot = footed(" · ".join(_title(sheet) for sheet in sheets))
    paper.build(list(_story(sheets)), onFirstPage=foot, onLaterPages=foot)
    return into.getvalue()


def _title(sheet: Sheet) -> str:
    return f"{sheet.authority}: open children at {said(sheet.at)}"


def _parts(sheet: Sheet) -> Iterator[tuple[str, tuple[Child, ...]]]:
    if sheet.missing:
        yield "Not back, the longest missing first", sheet.missing
    if sheet.back:
        yield "Back, with something late", sheet.back


def _said(child: Child) -> Iterator[str]:
    yield child.headline[0].upper() + child.headline[1:]
    yield child.police
    yield from (f"LATE: {line}" for line in child.late)
    yield from (f"Within 24 h: {line}" for line in child.soon)
    if child.silent:
        yield f"Not reached by any message: {', '.join(child.silent)}. Ring them."


def _warnings(sheet: Sheet) -> Iterator[str]:
    if sheet.broken:
        yield f"Could not be worked out, look at them by hand: {', '.join(sheet.broken)}."


def _story(sheets: Iterable[Sheet]) -> Iterator[Flowable]:
    from reportlab.platypus import HRFlowable, KeepTogether, PageBreak, Paragraph, Spacer

    style = styles()
    for n, sheet in enumerate(sheets):
        if n:
            yield PageBreak()
        yield Paragraph(escape(_title(sheet)), style["title"])
        yield Paragraph(escape(sheet.summary), style["line"])
        for heading, children in _parts(sheet):
            yield Paragraph(heading, style["heading"])
            for child in children:
                name = f"{child.reference} · {child.who}" if child.who else child.reference
                about = [Paragraph(escape(line), style["late" if line.startswith("LATE") else "line"]) for line in _said(child)]
                blank = [Paragraph(WROTE, style["blank"]) for _ in range(CALLS)]
                yield KeepTogether([HRFlowable(width="100%"), Paragraph(escape(name), style["child"]), *about, *blank, Spacer(0, 6)])
        for line in (*_warnings(sheet), FOOT):
            yield Paragraph(escape(line), style["late"])


@cache
def fonts() -> tuple[str, str]:
    """Letters of every name in Europe, from a font that comes with what draws the charts."""
    from pathlib import Path

    from matplotlib import get_data_path
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name in ("DejaVuSans", "DejaVuSans-Bold"):
        pdfmetrics.registerFont(TTFont(name, Path(get_data_path()) / "fonts" / "ttf" / f"{name}.ttf"))
    return "DejaVuSans", "DejaVuSans-Bold"


def styles() -> dict[str, Any]:
    from reportlab.lib.styles import ParagraphStyle

    plain_font, bold = fonts()
    line = ParagraphStyle("line", fontName=plain_font, fontSize=9.5, leading=13)
    return {
        "title": ParagraphStyle("title", line, fontName=bold, fontSize=15, leading=20),
        "heading": ParagraphStyle("heading", line, fontName=bold, fontSize=12, leading=18, spaceBefore=8),
        "child": ParagraphStyle("child", line, fontName=bold, fontSize=11, leading=16),
        "line": line,
        "late": ParagraphStyle("late", line, fontName=bold),
        "blank": ParagraphStyle("blank", line, leading=20),
    }


def footed(text: str) -> Any:
    def draw(canvas: Any, paper: Any) -> None:
        canvas.saveState()
        canvas.setFont(fonts()[0], 8)
        canvas.drawString(paper.leftMargin, 24, f"{text[:90]} · page {canvas.getPageNumber()} · keep it as you keep a case file")
        canvas.restoreState()

    return draw
