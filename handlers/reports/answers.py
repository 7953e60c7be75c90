"""What everybody asks of a report first: how many children, how many late, which team, better or worse, what to do first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.reports.hiding import HIDDEN, LEAST, share, split, together
from handlers.reports.measures import MEASURES
from handlers.reports.report import SHARES, Report
from policies.worktime import lasting, said


def answers(report: Report, *, whole: bool) -> tuple[tuple[str, str], ...]:
    """The five, each with its question."""
    shown = figures(report, whole=whole)
    return (
        (MEASURES[report.design.about].name, shown.now[report.design.about]),
        ("Return interviews late", shown.now["overdue"]),
        ("Team with most late", worst(report, whole=whole)),
        (f"Better than {report.before.name}?", compared(report, shown)),
        ("What to do first", first(report, whole=whole)),
    )


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


def compared(report: Report, shown: Figures) -> str:
    """Better or worse, by the interviews that are late; nobody can say where less than half of that time was recorded."""
    began, before = report.records_began, report.before.span
    if began is None or began > before.since + (before.until - before.since) / 2:
        return "Nobody can say: too little was recorded then."
    if HIDDEN in {shown.now["overdue"], shown.then["overdue"]}:
        return f"Not said here: it would show a figure under {LEAST}."
    verdict = {"better": "Yes, better", "worse": "No, worse", "the same": "About the same"}[report.tile("overdue").better]
    about = report.design.about
    return f"{verdict}: {shown.then['overdue']} were late then. {MEASURES[about].name} then: {shown.then[about]}."


def worst(report: Report, *, whole: bool) -> str:
    """The team with most interviews late."""
    if not report.late_by_team:
        return "None: no interview is late."
    team, late = next(iter(report.late_by_team)), split(report.late_by_team, whole=whole)
    return f"{team} ({late[team]})"


def first(report: Report, *, whole: bool) -> str:
    """A child who is still missing, then the interview that is late for longest."""
    if report.design.id != "weekly_outstanding_rhi_report" and report.still:
        row = report.still[0]
        which = row.reference if whole else "the child who is missing longest"
        return f"Look for {which}, still missing after {lasting(report.as_of - (row.began or row.start))}; then the late interviews."
    if report.oldest is None or report.oldest.limit is None:
        return "Nothing is late; thank the teams."
    row, limit = report.oldest, report.oldest.limit
    which = f"{row.reference} ({row.team})" if whole else f"the oldest of {row.team}"
    return f"Get the return interview of {which} done: it was due {said(limit)} {limit.year}, {lasting(report.as_of - limit)} ago."
