"""What a report of its own finds: the pattern of trends, the themes of a panel; its first line, so that no two reports begin alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.reports import pictures
from handlers.reports.hiding import HIDDEN, split
from handlers.reports.report import Report
from handlers.reports.shapes import Bars, Squares
from handlers.reports.tiles import Part

Finding = tuple[str, str]


def pattern(report: Report, *, whole: bool) -> Finding:
    """When most children went missing: on which day and hours, in which week."""
    squares, bars = pictures.hours(report, whole=whole), pictures.weeks(report, whole=whole)
    found = (f"on {_square(squares)}" if _square(squares) else "", f"in the week from {_bar(bars)}" if _bar(bars) else "")
    return "When most went missing", "; ".join(part for part in found if part) or "No figure is high enough to show."


def _square(drawn: Squares) -> str:
    every = (
        (value or 0, day, hours)
        for day, row in zip(drawn.rows, drawn.values, strict=True)
        for hours, value in zip(drawn.columns, row, strict=True)
    )
    most, day, hours = max(every, key=lambda one: one[0])
    return f"{day} {hours} ({most} episodes)" if most else ""


def _bar(drawn: Bars) -> str:
    (values,) = drawn.series.values()
    most, label = max(((value or 0, label) for value, label in zip(values, drawn.labels, strict=True)), default=(0, ""))
    return f"{label} ({most})" if most else ""


def themes(report: Report, *, whole: bool) -> Finding:
    """Of what kind most of the episodes were, by each key the report splits them by."""
    found = [_most(part, whole=whole) for part in report.parts if part.measure == "episodes" and part.counts]
    return "Most of the episodes", "; ".join(found) or "No episode began in the period."


def _most(part: Part, *, whole: bool) -> str:
    told = split(part.counts, whole=whole)
    name = max(told, key=lambda one: int(told[one]) if told[one] != HIDDEN else 0)
    return f"{part.title.rpartition(' by ')[2]}: {name} ({told[name]})"


KINDS: Mapping[str, Callable[..., Finding]] = {"pattern": pattern, "themes": themes}
