"""What everybody asks of a report first: how many children, how many late, which team, better or worse, what to do first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from handlers.reports import findings
from handlers.reports.hiding import HIDDEN, LEAST, share, split, together
from handlers.reports.listings import late
from handlers.reports.measures import MEASURES, asked_of
from handlers.reports.report import Report
from handlers.reports.tiles import AT_THE_END, LISTED, SHARES
from handlers.reports.urgent import at_the_end, first


def answers(report: Report, *, whole: bool) -> tuple[tuple[str, str], ...]:
    """What it finds of its own, if anything, then the five, each with its question."""
    shown, own = figures(report, whole=whole), findings.KINDS.get(report.design.finding)
    return (
        *((own(report, whole=whole),) if own else ()),
        subject(report, shown),
        ("Return interviews late", backlog(report, shown)),
        ("Team furthest behind", worst(report, whole=whole)),
        ("Better than before?", compared(report, shown)),
        ("What to do first", first(report, shown.now["still_missing"], whole=whole)),
    )


@dataclass(frozen=True)
class Figures:
    """Every figure of a report as it may be shown, now and in the period before."""

    report: Report
    now: Mapping[str, str]
    then: Mapping[str, str]

    def of(self, measure: str) -> str:
        """One figure, the share it is, and how it compares; no verdict where only the lengths of the periods may say it."""
        tile = self.report.tile(measure)
        now, then = self.now[measure], self.then[measure]
        whole = SHARES.get(measure)
        part = f" ({share(tile.now, tile.of)} of {tile.of})" if whole and tile.of and HIDDEN not in {now, self.now[whole]} else ""
        fair = part or measure in AT_THE_END or self.report.comparable(tile.now, tile.before)
        return f"{now}{part}; before: {then}" + (f", {tile.better}" if fair and HIDDEN not in {now, then} else "")


def figures(report: Report, *, whole: bool) -> Figures:
    """What may be shown to those who may see all, or to everybody else."""
    now = {tile.measure: tile.now for tile in report.tiles}
    now |= {SHARES[tile.measure]: tile.of for tile in report.tiles if tile.of is not None}
    then = {tile.measure: tile.before for tile in report.tiles}
    if report.listed_children:
        now[LISTED], then[LISTED] = report.listed_children
    return Figures(report, together(now, whole=whole), together(then, whole=whole))


def subject(report: Report, shown: Figures) -> tuple[str, str]:
    """How many children the report is about; where it is about some of them, of how many."""
    about = report.design.about
    if not report.design.lead:
        return MEASURES[about].name, shown.now[about]
    if report.design.listing is late:  # they may be more than were missing in the period
        return report.design.lead, f"{shown.now[LISTED]}, old cases included; in the period itself {shown.now[about]} were missing"
    return report.design.lead, f"{shown.now[LISTED]} of the {shown.now[about]} who were missing in the period"


def backlog(report: Report, shown: Figures) -> str:
    """All that are late at the end of the period, whenever the child was missing."""
    return f"{shown.now['overdue']} past their time {at_the_end(report)}, old ones too"


def compared(report: Report, shown: Figures) -> str:
    """The late interviews and the children apart; nobody can say where less than half of that time was recorded."""
    began, before = report.records_began, report.before.span
    if began is None or began > before.since + (before.until - before.since) / 2:
        return "Nobody can say: too little was recorded then."
    return f"{_late_then(shown)} {_children_then(report, shown)}"


def _late_then(shown: Figures) -> str:
    now, then, tile = shown.now["overdue"], shown.then["overdue"], shown.report.tile("overdue")
    if HIDDEN in {now, then}:
        return f"Late interviews: not said here, it would show a figure under {LEAST}."
    return f"Late interviews: {_more(tile.now, tile.before)} ({now}, was {then})."


def _children_then(report: Report, shown: Figures) -> str:
    """Of unlike periods the days are named; and a verdict is given only where the length cannot be the reason."""
    about, listed = report.design.about, report.listed_children
    name, figure = (report.design.lead, LISTED) if listed else (MEASURES[about].name, about)
    now, then = shown.now[figure], shown.then[figure]
    counted, before = listed or (report.tile(about).now, report.tile(about).before)
    if HIDDEN in {now, then}:
        return f"{name}: not said here, for the same reason."
    days, days_then = report.days
    when = "" if report.alike else f" in {days} day{'' if days == 1 else 's'}"
    earlier = f"in {report.before.name}" if report.alike else f"in the {days_then} days of {report.before.name}"
    said = f"{now}{when}, was {then} {earlier}"
    return f"{name}: {_more(counted, before)} ({said})." if report.comparable(counted, before) else f"{name}: {said}."


def _more(now: int, before: int) -> str:
    return "more" if now > before else "fewer" if now < before else "as many"


def worst(report: Report, *, whole: bool) -> str:
    """The team with the highest share late of the interviews it was asked for; a team asked for fewer than five only among its like."""
    if not report.late_by_team:
        return "None: no interview is late."
    many, of = report.late_by_team, Counter(row.team for row in report.rows if asked_of(row, report.span))
    large = [team for team in many if of[team] >= LEAST] or list(many)
    behind = max(large, key=lambda team: (many[team] / of[team], many[team]))
    if not whole:  # how many it was asked for would tell how many were done
        return f"{behind}, by share late ({split(many, whole=False)[behind]} interviews)."
    return f"{behind}, by share late: {many[behind]} of its {of[behind]} interviews ({share(many[behind], of[behind])})."
