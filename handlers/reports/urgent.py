"""What to do first: a child who is still missing before everything else, then the interview that is late for longest."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.reports.hiding import HIDDEN
from handlers.reports.report import Report
from policies.worktime import LONDON, lasting

MONTH, YEAR = timedelta(days=30.44), timedelta(days=365.25)


def first(report: Report, missing: str, *, whole: bool) -> str:
    """Whom, since when, whose; `missing`: how many children are missing at that moment, as it may be shown."""
    late = _interview(report, whole=whole)
    child = _child(report, missing, whole=whole)
    if child:
        return f"{child} Then the {late}." if late else child
    return f"The {late}." if late else "Nothing is late; thank the teams."


def at_the_end(report: Report) -> str:
    """The moment at which the figures stand: the last minute of the period, or of what is over of it. Never midnight, which is two."""
    last = (report.as_of - timedelta(seconds=1)).astimezone(LONDON)
    return f"at {last:%H:%M} on {last:%a %-d %B}"


def _child(report: Report, missing: str, *, whole: bool) -> str:
    others = int(missing) - 1 if missing != HIDDEN else 0
    if not report.still:
        return f"{_children(others + 1)} still missing, restricted." if whole and others >= 0 else ""
    row = report.still[0]
    team = f", {row.team}" if whole else ""
    at = at_the_end(report)
    which = row.reference if whole else "The child missing longest"
    apart = ", not among the absent," if report.design.about == "absent_children" else ""
    more = f"; so {'is' if others == 1 else 'are'} {others} other{'' if others == 1 else 's'}" if others > 0 else ""
    return f"{which}{apart} is still missing ({lasting(report.as_of - row.since)} {at}{team}){more}."


def _children(count: int) -> str:
    return "1 child is" if count == 1 else f"{count} children are"


def _interview(report: Report, *, whole: bool) -> str:
    row = report.oldest
    if row is None or row.limit is None:
        return ""
    which = f"interview of {row.reference} ({row.team})" if whole else f"oldest interview of {row.team}"
    return f"{which}, due {_day(row.limit)}, {about(report.as_of - row.limit)} late"


def _day(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%-d %B %Y}"


def about(length: timedelta) -> str:
    """A long time as people say it: `9 h 3 min`, `12 days`, `five months`, `nearly two years`."""
    if length < timedelta(days=3):
        return lasting(length)
    if length < 2 * MONTH:
        return f"{length.days} days"
    years = round(length / YEAR)
    if (abs(length - years * YEAR) > 2 * MONTH and years < 3) or not years:
        return f"{length / MONTH:.0f} months"
    how = "nearly" if length < years * YEAR else "over"
    named = {1: "a year", 2: "two years", 3: "three years"}.get(years, f"{years} years")
    return f"{how} {named}"
