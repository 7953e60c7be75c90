"""A report in sentences and lines of figures: for those who may see all, or with figures under five hidden."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.reports import gatherings
from handlers.reports.answers import answers, figures
from handlers.reports.hiding import LEAST, shown, split
from handlers.reports.report import Report
from handlers.reports.tiles import Part
from policies import words

MOST_ROWS = 12


def headline(report: Report) -> str:
    """What it is, of whom, of when."""
    return f"{report.design.title}: {report.authority}, {report.period.name}"


def lines(report: Report, *, whole: bool) -> tuple[str, ...]:
    """The report: how many children, how many interviews late, which team, better or worse, what to do first; then the rest."""
    return tuple(_said(report, whole=whole))


def _said(report: Report, *, whole: bool) -> Iterator[str]:
    yield from (answered(*one) for one in answers(report, whole=whole))
    shown_figures = figures(report, whole=whole)
    others = [tile for tile in report.tiles if tile.measure not in {report.design.about, "overdue"}]
    yield from (f"{tile.name}: {shown_figures.of(tile.measure)}" for tile in others)
    yield from (f"{name}: {value}" for name, value in report.middles if whole or report.tile("episodes").now >= LEAST)
    yield from (_part(part, whole=whole) for part in report.parts if part.counts)
    yield from gatherings.lines(report.gatherings, report.marks, whole=whole) if report.gatherings else ()
    yield from _marks(report, whole=whole)
    yield from filter(None, (report.design.note, _unlisted(report), report.partial, report.late))
    if not whole:
        yield f"Figures under {LEAST} are hidden here, and others that would tell them."


def answered(asked: str, told: str) -> str:
    """A question and its answer in a line."""
    return f"{asked}{'' if asked.endswith('?') else ':'} {told}"


def _part(part: Part, *, whole: bool) -> str:
    counts = list(split(part.counts, whole=whole).items())
    more = f" · {len(counts) - MOST_ROWS} more" if len(counts) > MOST_ROWS else ""
    return f"{part.title}: " + " · ".join(f"{name} {count}" for name, count in counts[:MOST_ROWS]) + more


def _marks(report: Report, *, whole: bool) -> Iterator[str]:
    if not report.marks:
        return
    yield "What fell due (in time · late · still open · waived):"
    for mark in sorted(report.marks, key=lambda one: -one.missed)[:MOST_ROWS]:
        counts = split({"in time": mark.in_time, "late": mark.late, "open": mark.missed, "waived": mark.waived}, whole=whole)
        yield f"  {words.label(mark.action).capitalize()}: {' · '.join(counts.values())}"
    yield f"Escalations: {shown(report.escalations, whole=whole)}"
    most, middle = report.busiest
    if most:
        yield f"Posts to one person in a shift: {middle} in the middle, {most} at most (20 is the most there should be)"


def _unlisted(report: Report) -> str:
    return f"{report.unlisted} restricted episodes are counted and not listed." if report.unlisted >= LEAST else ""
