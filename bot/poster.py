"""A report as a PNG: the five answers in large letters, the charts below, and all of it readable in print."""

from __future__ import annotations

from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING

from bot.charts import DPI, WIDTH, balanced, draw, written
from handlers.reports.poster import Poster
from handlers.reports.shapes import Bars, Squares

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LINE, TOP, EDGE = 0.25, 0.45, 0.15  # inches: a line of an answer, the title, the margin
ASKED, NARROW, WIDE = 2.7, 26, 60  # inches for the questions, letters of a question and of an answer in a line
CHART, BELOW, ABOVE = 2.9, 0.65, 0.3  # a chart with the room for its labels and its title
BELOW_NAMES, SMALL, FIT = 0.38, 0.15, 2  # where words below a chart begin, a line of them, lines that fit


def png(poster: Poster) -> bytes:
    """The picture; its alternative text is `poster.words`."""
    return written(drawn(poster))


def drawn(poster: Poster) -> Figure:
    """The same before it is a file."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = [row for asked, told in poster.answers for row in zip_longest(wrap(asked, NARROW), balanced(told, WIDE), fillvalue="")]
    head = TOP + LINE * len(rows) + 2 * EDGE
    foot = LINE * len(balanced(poster.note, 120)) + EDGE
    below = [balanced(chart.low, 150) if isinstance(chart, Bars) else [] for chart in poster.charts]
    height = head + sum(CHART + _more(words) for words in below) + foot
    figure = Figure(figsize=(WIDTH, height), dpi=DPI)
    FigureCanvasAgg(figure)
    _head(figure, poster, rows, height)
    y = height - head
    for chart, words in zip(poster.charts, below, strict=True):
        y -= CHART + _more(words)
        _chart(figure, chart, words, y + BELOW + _more(words), height)
    for n, line in enumerate(reversed(balanced(poster.note, 120))):
        figure.text(EDGE / WIDTH, (EDGE / 2 + LINE * n) / height, line, fontsize=9, color="#333333")
    return figure


def _more(words: list[str]) -> float:
    """Inches that words below a chart need more than there is room."""
    return SMALL * max(0, len(words) - FIT)


def _chart(figure: Figure, chart: Bars | Squares, words: list[str], bottom: float, height: float) -> None:
    """A chart with its title above it, and below it what has no room in it."""
    axes = figure.add_axes((0.09, bottom / height, 0.89, (CHART - BELOW - ABOVE) / height))
    draw(axes, chart)
    axes.set_title(chart.title, loc="left", fontsize=11, fontweight="bold")
    if isinstance(chart, Bars):
        axes.set_title(chart.aside, loc="right", fontsize=9, color="#333333")
    for n, line in enumerate(words):
        figure.text(EDGE / WIDTH, (bottom - BELOW_NAMES - SMALL * n) / height, line, fontsize=8, color="#333333")


def _head(figure: Figure, poster: Poster, rows: list[tuple[str, str]], height: float) -> None:
    """The title, then line by line a question and its answer beside it."""
    y = height - EDGE - 0.22
    figure.text(EDGE / WIDTH, y / height, poster.title, fontsize=14, fontweight="bold")
    y -= TOP - 0.1
    for asked, told in rows:
        figure.text(EDGE / WIDTH, y / height, asked, fontsize=11, color="#333333")
        figure.text(ASKED / WIDTH, y / height, told, fontsize=12, fontweight="bold")
        y -= LINE
