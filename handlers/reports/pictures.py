"""What the charts of the reports show, as figures, with what may be said of each, and the same in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Protocol

from handlers.reports.hiding import HIDDEN, split
from handlers.reports.listings import reasons as why
from handlers.reports.measures import MEASURES, overdue
from handlers.reports.report import Report
from handlers.reports.rows import Row, Span
from handlers.reports.shapes import Bars, Course, Squares
from handlers.reports.tiles import Part
from policies.worktime import LONDON, at_local

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BLOCKS = ("00-04", "04-08", "08-12", "12-16", "16-20", "20-24")
MOST_BARS = 20
STATES = ("not done and late", "done late", "done in time", "declined", "not late yet")


def weeks(report: Report, *, whole: bool) -> Bars:
    """Missing episodes by the week in which they began."""
    counts: Counter[date] = Counter()
    for row in report.rows:
        if MEASURES["episodes"].keeps(row, report.span) and row.began:
            day = row.began.astimezone(LONDON).date()
            counts[day - timedelta(days=day.weekday())] += 1
    every = _mondays(report.span)
    named = {f"{monday:%-d %b}": counts[monday] for monday in every}
    values = _hidden(named, whole=whole)
    most = max(named, key=lambda label: (values[label] or 0, label), default="")
    parts = frozenset(n for n, monday in enumerate(every) if _cut(monday, report.span))
    partly = f", {len(parts)} of them in part" if parts else ""
    said = (
        f"{len(every)} weeks{partly}; most began in the week from {most} ({values.get(most)})."
        if values.get(most)
        else "No week has a figure to show."
    )
    title = f"Missing episodes by week: {report.authority}, {report.period.name}"
    aside = "Lighter: part of a week" if parts else ""
    return Bars(title, tuple(named), {"episodes": tuple(values.values())}, "episodes", said, aside, parts)


def _cut(monday: date, span: Span) -> bool:
    """Whether a week begins before the span or ends after it."""
    return at_local(monday, time(0)) < span.since or at_local(monday + timedelta(days=7), time(0)) > span.until


def _mondays(span: Span) -> list[date]:
    first, last = span.since.astimezone(LONDON).date(), (span.until - timedelta(seconds=1)).astimezone(LONDON).date()
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(days=7 * n) for n in range((last - monday).days // 7 + 1)]


def hours(report: Report, *, whole: bool) -> Squares:
    """When children went missing: day of the week and hours of the day, in London."""
    counts: Counter[tuple[int, int]] = Counter()
    for row in report.rows:
        if MEASURES["episodes"].keeps(row, report.span) and row.began:
            local = row.began.astimezone(LONDON)
            counts[(local.weekday(), local.hour // 4)] += 1
    named = {f"{day} {block}": counts[(d, b)] for d, day in enumerate(DAYS) for b, block in enumerate(BLOCKS)}
    values = _hidden(named, whole=whole)
    most = max(named, key=lambda label: values[label] or 0)
    said = f"Most children go missing on {most} ({values[most]} episodes)." if values[most] else "No square has a figure to show."
    grid = tuple(tuple(values[f"{day} {block}"] for block in BLOCKS) for day in DAYS)
    return Squares(f"When children went missing: {report.authority}, {report.period.name}", DAYS, BLOCKS, grid, said)


def timeliness(report: Report, *, whole: bool) -> Bars:
    """How the interviews owed or still outstanding stand, by team."""
    found: dict[str, Counter[str]] = {}
    for row in report.rows:
        state = _state(row, report.span)
        if state:
            found.setdefault(row.team, Counter())[state] += 1
    teams = sorted(found, key=lambda team: (-found[team]["not done and late"], team))
    values = {team: _hidden({state: found[team][state] for state in STATES}, whole=whole) for team in teams}
    series = {state: tuple(values[team][state] for team in teams) for state in STATES}
    first = teams[0] if teams else ""
    late = values[first]["not done and late"] if first else None
    said = f"By number {first} has most not done and late ({late if late is not None else HIDDEN})." if first else "No interview was owed."
    return Bars(f"Return interviews by team: {report.authority}, {report.period.name}", tuple(teams), series, "interviews", said)


def _state(row: Row, span: Span) -> str | None:
    if overdue(row, span):
        return "not done and late"
    if not MEASURES["owed"].keeps(row, span):
        return None
    if MEASURES["within_local"].keeps(row, span):
        return "done in time"
    if MEASURES["conducted"].keeps(row, span):
        return "done late"
    return "declined" if MEASURES["declined"].keeps(row, span) else "not late yet"


def first_part(report: Report, *, whole: bool) -> Bars:
    """The first of its figures in parts, for a report without a picture of its own."""
    part = report.parts[0]  # what it is about, also where there is none: another figure in its place would be taken for it
    values = _hidden(dict(list(part.counts.items())[:MOST_BARS]), whole=whole)
    said = ", ".join(f"{name} {HIDDEN if value is None else value}" for name, value in values.items()) or "none"
    title = f"{part.title}: {report.authority}, {report.period.name}"
    aside = _aside(part, report) if whole else ""
    told = f"{part.title}, {part.unit}: {said}.{' ' if aside else ''}{aside}"
    return Bars(title, tuple(values), {part.title: tuple(values.values())}, part.unit, told, aside)


def _aside(part: Part, report: Report) -> str:
    """Episodes beside the children they are of; children beside the teams they count in."""
    counted = sum(part.counts.values())
    if not counted:
        return ""
    if part.unit == "children":
        total = MEASURES[part.measure].of(report.rows, report.span)
        return f"{total} children; one who counts in two teams stands in both" if counted != total else f"{total} children"
    children = len({row.child for row in report.rows if MEASURES[part.measure].keeps(row, report.span)})
    return f"{counted} {part.unit} of {children} children"


def reasons(report: Report, *, whole: bool) -> Bars:
    """Why a panel is to speak of children: how many for each reason."""
    values = _hidden(why(report.rows, report.span), whole=whole)
    said = ", ".join(f"{name} {HIDDEN if value is None else value}" for name, value in values.items()) or "none"
    title = f"Children to nominate, by reason: {report.authority}, {report.period.name}"
    several = "A child may have several reasons"
    return Bars(title, tuple(values), {"children": tuple(values.values())}, "children", f"By reason: {said}.", several)


def listed(report: Report, *, whole: bool) -> Bars:
    """The children that a report lists, by the team of their latest episode."""
    counts = Counter(team for _, team in {row.child: row.team for row, _ in report.design.listing(report.rows, report.span)}.items())
    values = _hidden(dict(counts.most_common(MOST_BARS)), whole=whole)
    said = ", ".join(f"{name} {HIDDEN if value is None else value}" for name, value in values.items()) or "none"
    title = f"{report.design.lead}, by team: {report.authority}, {report.period.name}"
    once = "Each child once, at the team of the latest episode"
    return Bars(title, tuple(values), {"children": tuple(values.values())}, "children", f"By team: {said}.", once)


def _hidden(counts: Mapping[str, int], *, whole: bool) -> dict[str, int | None]:
    return {name: None if said == HIDDEN else int(said) for name, said in split(counts, whole=whole).items()}


def course(reference: str, rows: Sequence[Row], windows: Sequence[tuple[int, int]], until: datetime) -> Course:
    """The missing episodes of the child of an episode, against the windows its protocol counts in."""
    mine = sorted((row for row in rows if row.began and row.began < until), key=lambda row: row.began or until)
    began = tuple(row.began for row in mine if row.began)
    lengths = tuple((((row.ended or until) - row.began).total_seconds() / 3600) for row in mine if row.began)
    counted = [f"{sum(at >= until - timedelta(days=days) for at in began)} in the last {days} days (threshold {n})" for days, n in windows]
    said = f"{len(began)} missing episodes; {', '.join(counted)}." if counted else f"{len(began)} missing episodes."
    return Course(f"Missing episodes of the child of {reference}", began, lengths, tuple(windows), said)


class Draws(Protocol):
    """What a chart of a report is made by."""

    def __call__(self, report: Report, *, whole: bool) -> Bars | Squares: ...


KINDS: dict[str, Draws] = {
    "weeks": weeks,
    "hours": hours,
    "timeliness": timeliness,
    "first": first_part,
    "reasons": reasons,
    "listed": listed,
}
