"""The picture of a report as an SVG, for a room that has no library to draw with. Pure."""

from __future__ import annotations

from textwrap import wrap
from xml.etree import ElementTree as ET

from bot.charts import COLOURS, FAINT, balanced
from handlers.reports.poster import Poster
from handlers.reports.shapes import ROOM, Bars, Squares

WIDTH, LEFT, LINE, HIGH = 900, 60, 24, 230  # units of the drawing: all of it, before the bars, a line of words, a chart
ASKED, WIDE, LETTERS = 245, 74, 14  # where answers begin, their letters in a line, those of a bar's name
ALONE = 2  # the plain colour, for a chart of one series


def svg(poster: Poster) -> str:
    """The whole picture as text; every word in it is escaped."""
    drawn = ET.Element("svg", {"role": "img", "class": "chart", "xmlns": "http://www.w3.org/2000/svg"})
    ET.SubElement(drawn, "title").text = poster.words
    y = _answers(drawn, poster)
    for chart in poster.charts:
        y = _squares(drawn, chart, y) if isinstance(chart, Squares) else _bars(drawn, chart, y)
    if poster.note:
        _say(drawn, poster.note, 0, y + LINE, "note")
        y += 2 * LINE
    drawn.set("viewBox", f"0 0 {WIDTH} {y + 8}")
    return ET.tostring(drawn, encoding="unicode")


def _answers(drawn: ET.Element, poster: Poster) -> int:
    """A question and its answer a row; gives where they end."""
    y = 0
    for asked, told in poster.answers:
        questions, lines = wrap(asked, 30), balanced(told, WIDE) or [""]
        for n in range(max(len(questions), len(lines))):
            y += LINE
            _say(drawn, questions[n] if n < len(questions) else "", 0, y, "asked")
            _say(drawn, lines[n] if n < len(lines) else "", ASKED, y, "told")
    return y


def _bars(drawn: ET.Element, chart: Bars, y: int) -> int:
    """Stacked where there are several series, each part with its figure; what is hidden is an open bar."""
    _say(drawn, f"{chart.title}{' · ' if chart.aside else ''}{chart.aside}", 0, y + 2 * LINE, "heading")
    top, wide = y + 3 * LINE + 10, (WIDTH - LEFT) / max(len(chart.labels), 1)
    highest = chart.highest or 4
    several, every = len(chart.series) > 1, max(1, len(chart.labels) // 12)
    for n, name in enumerate(chart.series if several else ()):
        _box(drawn, LEFT + 160 * n, y + 2 * LINE + 10, 14, 14, COLOURS[n])
        _say(drawn, name, LEFT + 160 * n + 20, y + 2 * LINE + 22, "label")
    for x, label in enumerate(chart.labels):
        foot = float(top + HIGH)
        for n, values in enumerate(chart.series.values()):
            shade = FAINT if x in chart.faint else 1.0
            at = (LEFT + wide * (x + 0.1), foot, wide * 0.8)
            foot = _part(drawn, at, values[x], highest, COLOURS[n if several else ALONE], shade)
        if x % every == 0:
            _say(drawn, label[:LETTERS], LEFT + wide * (x + 0.5), top + HIGH + 16, "label middle")
    if not chart.labels:
        _say(drawn, "None", WIDTH / 2, top + HIGH / 2, "label middle")
    for n, line in enumerate(low := balanced(chart.low, 110)):
        _say(drawn, line, 0, top + HIGH + 16 + LINE * (n + 1), "label")
    return top + HIGH + LINE * (1 + len(low))


def _part(drawn: ET.Element, at: tuple[float, float, float], value: int | None, highest: int, colour: str, shade: float) -> float:
    """One bar or part of one, standing on a foot; gives where the next one stands."""
    x, foot, wide = at
    tall = HIGH * (value if value is not None else min(2, highest)) / highest
    if value == 0:
        return foot
    _box(drawn, x, foot - tall, wide, tall, "none" if value is None else colour).set("fill-opacity", f"{shade:.1f}")
    says = "?" if value is None else str(value)
    if tall >= HIGH / ROOM:
        _box(drawn, x + wide / 2 - 4 * len(says) - 3, foot - tall / 2 - 8, 8 * len(says) + 6, 16, "none").set("class", "behind")
        _say(drawn, says, x + wide / 2, foot - tall / 2 + 4, "figure middle")
    return foot - tall


def _squares(drawn: ET.Element, chart: Squares, y: int) -> int:
    """A table of figures, darker where there are more."""
    _say(drawn, chart.title, 0, y + 2 * LINE, "heading")
    top, wide = y + 2 * LINE + 10, (WIDTH - 120) / len(chart.columns)
    most = max((value or 0 for row in chart.values for value in row), default=0) or 1
    for n, (day, values) in enumerate(zip(chart.rows, chart.values, strict=True)):
        _say(drawn, day, 0, top + LINE * n + 17, "label")
        for x, value in enumerate(values):
            box = _box(drawn, 120 + wide * x, top + LINE * n, wide, LINE, COLOURS[ALONE])
            box.set("fill-opacity", f"{(value or 0) / most * 0.6:.2f}")
            _say(drawn, "?" if value is None else str(value), 120 + wide * (x + 0.5), top + LINE * n + 17, "figure middle")
    for x, hours in enumerate(chart.columns):
        _say(drawn, hours, 120 + wide * (x + 0.5), top + LINE * len(chart.rows) + 17, "label middle")
    return top + LINE * (len(chart.rows) + 1)


def _box(drawn: ET.Element, x: float, y: float, wide: float, tall: float, colour: str) -> ET.Element:
    numbers = {name: f"{value:.1f}" for name, value in {"x": x, "y": y, "width": wide, "height": tall}.items()}
    return ET.SubElement(drawn, "rect", {**numbers, "fill": colour, "stroke": "currentColor", "stroke-width": "0.6"})


def _say(drawn: ET.Element, says: str, x: float, y: float, kind: str) -> None:
    ET.SubElement(drawn, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", "class": kind}).text = says
