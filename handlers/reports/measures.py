"""Every measure once: its name, its formula in words, and the function that counts it. Pure, over rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.reports.rows import STATUTORY, Row, Span

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)


@dataclass(frozen=True)
class Measure:
    """A count. `children`: of different children, each with at least so many of the episodes; 0 counts episodes.

    `fewer`: whether fewer is better (True), more is (False), or neither (None).
    """

    name: str
    formula: str
    keeps: Callable[[Row, Span], bool]
    children: int = 0
    fewer: bool | None = None

    def of(self, rows: Iterable[Row], span: Span) -> int:
        """The count."""
        kept = [row for row in rows if self.keeps(row, span)]
        if not self.children:
            return len(kept)
        return sum(n >= self.children for n in Counter(row.child for row in kept).values())

    def by(self, rows: Iterable[Row], span: Span, key: Callable[[Row], str]) -> dict[str, int]:
        """The count for each value of a key, largest first."""
        groups: dict[str, list[Row]] = {}
        for row in rows:
            if self.keeps(row, span):
                groups.setdefault(key(row), []).append(row)
        found = {name: self.of(group, span) for name, group in groups.items()}
        return {name: count for name, count in sorted(found.items(), key=lambda item: (-item[1], item[0])) if count}


def began_in(row: Row, span: Span) -> bool:
    """Whether its first missing stretch began in the span."""
    return span.has(row.began)


def gone_for(row: Row, span: Span) -> timedelta:
    """How long the child was missing by the end of the span."""
    return (row.ended if row.ended and row.ended < span.until else span.until) - (row.began or span.until)


def _still_missing(row: Row, span: Span) -> bool:
    return row.began is not None and row.began < span.until and (row.ended is None or row.ended >= span.until)


def _leaver(row: Row, span: Span) -> bool:
    return row.leaver and (began_in(row, span) or _still_missing(row, span))


def _owed(row: Row, span: Span) -> bool:
    return row.tracked and row.began is not None and span.has(row.back)


def by_then(at: datetime | None, span: Span) -> bool:
    """Whether it had happened by the end of the span."""
    return at is not None and at < span.until


def outstanding(row: Row, span: Span) -> bool:
    """Back by the end of the span, and the interview neither held, declined, waived nor recorded as not possible by then."""
    back = row.tracked and row.began is not None and by_then(row.back, span)
    return back and not row.waived and not any(by_then(at, span) for at in (row.conducted, row.declined, row.not_done))


def overdue(row: Row, span: Span) -> bool:
    """Outstanding at the end of the span, and its time has passed."""
    return outstanding(row, span) and row.limit is not None and row.limit < span.until


def asked_of(row: Row, span: Span) -> bool:
    """Whether its interview stands in a team's account: it came due in the period, or is late at its end."""
    return _owed(row, span) or overdue(row, span)


def _in_time(row: Row, span: Span, *, local: bool) -> bool:
    if not _owed(row, span) or not by_then(row.conducted, span) or row.conducted is None or row.back is None:
        return False
    return row.conducted <= (row.limit or row.conducted) if local else row.conducted - row.back <= STATUTORY


MEASURES: dict[str, Measure] = {
    "episodes": Measure("Missing episodes", "episodes, not void, whose first missing stretch began in the period", began_in),
    "children": Measure("Children missing", "different children among the missing episodes", began_in, 1),
    "repeat_children": Measure("Children missing again", "children with two or more of the missing episodes", began_in, 2, fewer=True),
    "frequent_children": Measure("Children missing 3 times or more", "children with three or more of them", began_in, 3, fewer=True),
    "still_missing": Measure(
        "Missing at the end",
        "missing stretches that began before the end of the period and had not ended by then",
        _still_missing,
        fewer=True,
    ),
    "from_care": Measure(
        "From care", "missing episodes of children looked after by any council", lambda r, s: began_in(r, s) and r.in_care is True
    ),
    "from_home": Measure("From home", "missing episodes of children not looked after", lambda r, s: began_in(r, s) and r.in_care is False),
    "care_not_known": Measure(
        "Care not recorded", "missing episodes without a care status", lambda r, s: began_in(r, s) and r.in_care is None
    ),
    "over_24h": Measure(
        "Missing 24 hours or more",
        "missing episodes that lasted 24 hours or more by the end of the period",
        lambda r, s: began_in(r, s) and gone_for(r, s) >= DAY,
        fewer=True,
    ),
    "over_72h": Measure(
        "Missing 72 hours or more",
        "missing episodes that lasted 72 hours or more by the end of the period",
        lambda r, s: began_in(r, s) and gone_for(r, s) >= 3 * DAY,
        fewer=True,
    ),
    "high_risk": Measure("At high risk", "missing episodes whose risk is high", lambda r, s: began_in(r, s) and r.risk == "high"),
    "absences": Measure(
        "Absent or away", "episodes that began in the period and had no missing stretch", lambda r, s: r.began is None and s.has(r.start)
    ),
    "absent_children": Measure(
        "Children absent or away", "different children among those", lambda r, s: r.began is None and s.has(r.start), 1
    ),
    "leavers": Measure(
        "Episodes of care leavers",
        "missing episodes of care leavers that began in the period or were still going on at its end",
        _leaver,
    ),
    "leaver_children": Measure("Care leavers missing", "different young people among those", _leaver, 1),
    "owed": Measure("Interviews owed", "missing episodes whose child came back in the period", _owed),
    "offered": Measure(
        "Offered",
        "interviews owed that were offered, accepted, declined or held by the end of the period",
        lambda r, s: _owed(r, s) and by_then(r.offered, s),
        fewer=False,
    ),
    "accepted": Measure(
        "Accepted", "interviews owed that were accepted or held", lambda r, s: _owed(r, s) and by_then(r.accepted, s), fewer=False
    ),
    "declined": Measure(
        "Declined", "interviews owed that were declined, with a reason", lambda r, s: _owed(r, s) and by_then(r.declined, s), fewer=True
    ),
    "not_done": Measure(
        "Not possible",
        "interviews owed that were recorded as not possible, with a reason",
        lambda r, s: _owed(r, s) and by_then(r.not_done, s),
        fewer=True,
    ),
    "conducted": Measure(
        "Held", "interviews owed that were held by the end of the period", lambda r, s: _owed(r, s) and by_then(r.conducted, s), fewer=False
    ),
    "within_72h": Measure(
        "Held within 72 hours",
        "interviews owed that were held within 72 elapsed hours of the child's return",
        lambda r, s: _in_time(r, s, local=False),
        fewer=False,
    ),
    "within_local": Measure(
        "Held within the protocol's time",
        "interviews owed that were held by the time the protocol gives (72 elapsed hours where it gives none)",
        lambda r, s: _in_time(r, s, local=True),
        fewer=False,
    ),
    "outstanding": Measure(
        "Interviews outstanding",
        "returns before the end of the period whose interview was neither held, declined, waived nor recorded as not possible by then",
        outstanding,
        fewer=True,
    ),
    "overdue": Measure(
        "Interviews late",
        "interviews outstanding whose time (the protocol's, else 72 hours) had passed by the end of the period",
        overdue,
        fewer=True,
    ),
    "notified": Measure("Episodes notified", "episodes of any kind that were notified in the period", lambda r, s: s.has(r.notified)),
    "acknowledged_in_an_hour": Measure(
        "Taken in hand within an hour",
        "episodes notified in the period that somebody acknowledged within 60 minutes",
        lambda r, s: s.has(r.notified) and r.acknowledged is not None and r.acknowledged - r.notified <= HOUR,
        fewer=False,
    ),
}


def oldest_overdue(rows: Sequence[Row], span: Span) -> Row | None:
    """The interview that has been late for longest, among those that may be named."""
    late = [row for row in rows if overdue(row, span) and not row.restricted]
    return min(late, key=lambda row: (row.limit, row.reference), default=None)
