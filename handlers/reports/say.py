"""A report in sentences and lines of figures: for those who may see all, or with figures under five hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handlers.reports.hiding import HIDDEN, LEAST, share, shown, split, together
from handlers.reports.report import SHARES, Part, Report
from policies import words
from policies.worktime import lasting, said

MOST_ROWS = 12


def headline(report: Report) -> str:
    """What it is, of whom, of when."""
    return f"{report.design.title}: {report.authority}, {report.period.name}"


def lines(report: Report, *, whole: bool) -> tuple[str, ...]:
    """The report: how many children, how many interviews late, which team, better or worse, what to do first; then the rest."""
    return tuple(_said(report, whole=whole))


def _said(report: Report, *, whole: bool) -> Iterator[str]:
    shown_figures = figures(report, whole=whole)
    yield f"Children missing: {shown_figures.of('children')}"
    yield f"Interviews late: {shown_figures.of('overdue')}"
    yield worst(report, whole=whole)
    yield f"First: {first(report, whole=whole)}"
    yield f"Before is {report.before.name}."
    others = [tile for tile in report.tiles if tile.measure not in {"children", "overdue"}]
    yield from (f"{tile.name}: {shown_figures.of(tile.measure)}" for tile in others)
    yield from (f"{name}: {value}" for name, value in report.middles if whole or report.tile("episodes").now >= LEAST)
    yield from (_part(part, whole=whole) for part in report.parts if part.counts)
    yield from _marks(report, whole=whole)
    yield from filter(None, (report.design.note, _unlisted(report), report.partial, report.late))
    if not whole:
        yield f"Figures under {LEAST} are hidden here, and others that would tell them."


@dataclass(frozen=True)
class Figures:
    """Every figure of a report as it may be shown, now and in the period before."""

    report: Report
    now: Mapping[str, str]
    then: Mapping[str, str]

    def of(self, measure: str) -> str:
        """One figure, the share it is, and how it compares."""
        tile = self.report.tile(measure)
        now, then = self.now[measure], self.then[measure]
        whole = SHARES.get(measure)
        part = f" ({share(tile.now, tile.of)} of {tile.of})" if whole and tile.of and HIDDEN not in {now, self.now[whole]} else ""
        return f"{now}{part}; before: {then}" + ("" if HIDDEN in {now, then} else f", {tile.better}")


def figures(report: Report, *, whole: bool) -> Figures:
    """What may be shown to those who may see all, or to everybody else."""
    now = {tile.measure: tile.now for tile in report.tiles}
    now |= {SHARES[tile.measure]: tile.of for tile in report.tiles if tile.of is not None}
    then = {tile.measure: tile.before for tile in report.tiles}
    return Figures(report, together(now, whole=whole), together(then, whole=whole))


def worst(report: Report, *, whole: bool) -> str:
    """The team with most interviews late."""
    if report.worst is None or not report.worst[1]:
        return "No interview is late in any team."
    team, count = report.worst
    late = split(next(iter(_late_by_team(report)), {team: count}), whole=whole)
    return f"Most are late in: {team} ({late.get(team, HIDDEN)})"


def _late_by_team(report: Report) -> Iterator[dict[str, int]]:
    yield from (dict(part.counts) for part in report.parts if part.title == "Interviews late, by team")


def first(report: Report, *, whole: bool) -> str:
    """What to do first: a child who is still missing, then the interview that is late for longest."""
    if report.design.id != "weekly_outstanding_rhi_report" and report.still and "still_missing" in report.design.tiles:
        row = report.still[0]
        which = row.reference if whole else "the child who is missing longest"
        return f"look at {which}: missing for {lasting(report.as_of - (row.began or row.start))}. Then the late interviews."
    if report.oldest is None or report.oldest.limit is None:
        return "nothing is late; thank the teams."
    row, limit = report.oldest, report.oldest.limit
    which = f"{row.reference} of {row.team}" if whole else f"the oldest of {row.team}"
    return f"get the return interview of {which} done: it was due {said(limit)} {limit.year}, {lasting(report.as_of - limit)} ago."


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
