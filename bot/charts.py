"""Charts as PNG: colours that everybody can tell apart, hatches for black-and-white print, the figures written in."""

from __future__ import annotations

import re
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from handlers.reports.shapes import ROOM, Bars, Course, Squares
from policies.worktime import LONDON

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#D55E00", "#E69F00", "#0072B2", "#56B4E9", "#CCCCCC", "#009E73")  # Okabe and Ito
HATCHES = ("xx", "//", "", "..", "\\\\", "++")
ALONE = 2  # the plain one, for a chart of one series
WIDTH, HEIGHT, DPI = 9.0, 4.6, 110
UNKNOWN = 2.0  # how high a hidden bar is drawn
KEPT = "\u00a0"  # a space at which no line ends
FAINT = 0.4  # a bar that is not whole
FEW = 12  # bars that have room for a word


def png(picture: Bars | Squares | Course) -> bytes:
    """A picture; its alternative text is `picture.words`."""
    return written(drawn(picture))


def drawn(picture: Bars | Squares | Course) -> Figure:
    """The same before it is a file."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    draw(axes, picture)
    axes.set_title(picture.title, loc="left", fontsize=12, fontweight="bold", wrap=True)
    figure.supxlabel(picture.words, fontsize=9, x=0.01, ha="left")
    return figure


def draw(axes: Axes, picture: Bars | Squares | Course) -> None:
    """One chart into its place."""
    if isinstance(picture, Squares):
        _squares(axes, picture)
    elif isinstance(picture, Course):
        _course(axes, picture)
    else:
        _bars(axes, picture)


def balanced(text: str, width: int) -> list[str]:
    """Lines of about one length, so that no word stands alone on the last one; a figure stays with what it counts."""
    bound = re.sub(r"(?<=\d) (?=\w)", KEPT, text)
    lines = wrap(bound, width)
    lines = next((as_many for less in range(width // 2, width) if len(as_many := wrap(bound, less)) == len(lines)), lines)
    return [line.replace(KEPT, " ") for line in lines]


def written(figure: Figure) -> bytes:
    """A figure as a file."""
    into = BytesIO()
    figure.savefig(into, format="png", metadata={"Software": "Homeward"})
    return into.getvalue()


def texts(figure: Figure) -> list[str]:
    """Every text that stands in a figure, which in the file is nothing but dots."""
    from matplotlib.text import Text

    figure.draw_without_rendering()  # the labels of an axis are written then
    return [found.get_text() for found in figure.findobj(lambda one: isinstance(one, Text)) if isinstance(found, Text)]


def _bars(axes: Axes, picture: Bars) -> None:
    """Stacked where there are several series, with the figure in each part."""
    bottom = [0.0] * len(picture.labels)
    highest = picture.highest
    least = highest / ROOM
    for n, (name, values) in enumerate(picture.series.items()):
        for x, value in enumerate(values):
            _bar(axes, x, value, bottom, n, several=len(picture.series) > 1, least=least)
            if x in picture.faint:
                axes.patches[-1].set_alpha(FAINT)
        axes.bar([0], [0], color=COLOURS[n], hatch=HATCHES[n], edgecolor="black", linewidth=0.4, label=name)
    if not highest:
        axes.set(yticks=[], ylim=(0, 2 * UNKNOWN))
    if not picture.labels:
        axes.text(0.5, 0.5, "None", ha="center", fontsize=12, transform=axes.transAxes)
        axes.set_xlim(0, 1)
    axes.yaxis.get_major_locator().set_params(**({"integer": True} if highest else {}))
    every = max(1, len(picture.labels) // 26)
    axes.set_xticks(
        range(0, len(picture.labels), every), picture.labels[::every], rotation=60 if len(picture.labels) > 8 else 0, fontsize=8
    )
    axes.set_ylabel(picture.unit)
    axes.spines[["top", "right"]].set_visible(False)
    if len(picture.series) > 1:
        axes.legend(fontsize=8, frameon=False, ncols=len(picture.series), loc="upper right")


def _bar(axes: Axes, x: int, value: int | None, bottom: list[float], n: int, *, several: bool, least: float) -> None:
    height = UNKNOWN if value is None else float(value)
    colour, hatch = ("white", "") if value is None else (COLOURS[n if several else ALONE], HATCHES[n if several else ALONE])
    axes.bar(
        x, height, bottom=bottom[x], color=colour, hatch=hatch, edgecolor="black", linewidth=0.4, linestyle=":" if value is None else "-"
    )
    if height and (height >= least if several else len(bottom) <= 60):
        where = bottom[x] + height / 2 if several else bottom[x] + height
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8} if several else None
        says = str(value) if value is not None else "hidden" if len(bottom) <= FEW and not several else "?"
        axes.text(x, where, says, ha="center", va="center" if several else "bottom", fontsize=7, bbox=box)
    bottom[x] += height


def _squares(axes: Axes, picture: Squares) -> None:
    most = max((value or 0 for row in picture.values for value in row), default=0) or 1
    shades: list[list[float]] = [[(value or 0) / most for value in row] for row in picture.values]
    axes.imshow(shades, cmap="cividis_r", vmin=0, vmax=1, aspect="auto")
    for y, row in enumerate(picture.values):
        for x, value in enumerate(row):
            dark = (value or 0) / most > 0.55
            axes.text(x, y, "?" if value is None else str(value), ha="center", va="center", fontsize=9, color="white" if dark else "black")
    axes.set_xticks(range(len(picture.columns)), picture.columns, fontsize=8)
    axes.set_yticks(range(len(picture.rows)), picture.rows, fontsize=8)
    axes.set_xlabel("hours of the day, London", fontsize=8)


def _course(axes: Axes, picture: Course) -> None:
    """A stem an episode, as high as it was long; under it how many the protocol's window held at that moment."""
    from matplotlib.dates import ConciseDateFormatter

    moments: list[Any] = [at.astimezone(LONDON) for at in picture.began]
    if not moments:
        axes.text(0.5, 0.5, "No missing episode", ha="center", transform=axes.transAxes)
        return
    axes.vlines(moments, 0, picture.hours, color=COLOURS[ALONE], linewidth=2)
    axes.plot(moments, picture.hours, "o", color=COLOURS[ALONE])
    axes.set_ylabel("hours missing")
    form: Any = ConciseDateFormatter
    axes.xaxis.set_major_formatter(form(axes.xaxis.get_major_locator()))
    for n, (days, count) in enumerate(picture.windows[:2], 1):
        held = [sum(0 <= (at - other).total_seconds() <= days * 86400 for other in moments) for at in moments]
        crossed = [(at, hours) for at, hours, many in zip(moments, picture.hours, held, strict=True) if many >= count]
        if crossed:
            marker = "sD"[n - 1]
            axes.plot(
                *zip(*crossed, strict=True), marker, ms=11, mfc="none", mec=COLOURS[n - 1], mew=2, ls="", label=f"{count} in {days} days"
            )
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=8, frameon=False, title="threshold reached", title_fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
