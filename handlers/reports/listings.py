"""Whom a report lists, and why: episodes by reference, each list a function of the rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from handlers.reports.measures import MEASURES, outstanding, overdue
from handlers.reports.rows import Row, Span

Listing = Callable[[Sequence[Row], Span], list[tuple[Row, str]]]
FOUR_WEEKS = timedelta(days=28)
OFTEN = "three or more in 28 days"


def kept(name: str, why: str = "") -> Listing:
    measure = MEASURES[name]
    return lambda rows, span: [(row, why or measure.name) for row in rows if measure.keeps(row, span)]


def late(rows: Sequence[Row], span: Span) -> list[tuple[Row, str]]:
    """Outstanding interviews, those late longest first."""
    found = sorted((row for row in rows if outstanding(row, span)), key=lambda row: (row.limit is None, row.limit))
    return [(row, "late" if overdue(row, span) else "due") for row in found]


def panel(rows: Sequence[Row], span: Span) -> list[tuple[Row, str]]:
    """Whom a panel speaks of, with every reason there is (BURY-89, LANC-POL-23)."""
    return [(row, "; ".join(why)) for row, why in _spoken_of(rows, span)]


def often(rows: Sequence[Row], span: Span) -> list[tuple[Row, str]]:
    """Those with three or more in a rolling month."""
    return [(row, "; ".join(why)) for row, why in _spoken_of(rows, span) if OFTEN in why]


def reasons(rows: Sequence[Row], span: Span) -> dict[str, int]:
    """How many children a panel speaks of for each reason; one child may have several."""
    return dict(Counter(reason for _, why in _spoken_of(rows, span) for reason in why).most_common())


def _spoken_of(rows: Sequence[Row], span: Span) -> list[tuple[Row, tuple[str, ...]]]:
    """Children at their latest episode, with the reasons."""
    frequent = three_in_28(rows, span)
    latest: dict[str, Row] = {}
    why: dict[str, dict[str, None]] = {}
    for row in (row for row in rows if span.has(row.began)):
        for reason in _reasons(row, span, frequent):
            latest[row.child] = row
            why.setdefault(row.child, {})[reason] = None
    return [(row, tuple(why[child])) for child, row in latest.items()]


def _reasons(row: Row, span: Span, frequent: frozenset[str]) -> Iterable[str]:
    if MEASURES["high_risk"].keeps(row, span):
        yield "high risk"
    if row.in_care and MEASURES["over_24h"].keeps(row, span):
        yield "in care and missing 24 hours or more"
    if row.child in frequent:
        yield OFTEN


def three_in_28(rows: Sequence[Row], span: Span) -> frozenset[str]:
    """Children with three missing episodes that began within 28 days, the last of them in the period."""
    began: dict[str, list[datetime]] = {}
    for row in rows:
        if row.began and row.began < span.until:
            began.setdefault(row.child, []).append(row.began)
    return frozenset(child for child, times in began.items() if _thrice(sorted(times), span))


def _thrice(times: Sequence[datetime], span: Span) -> bool:
    return any(span.has(last) and last - first <= FOUR_WEEKS for first, last in zip(times, times[2:], strict=False))


def sample(rows: Sequence[Row], span: Span) -> list[tuple[Row, str]]:
    """Twenty missing episodes, drawn by a hash of their references, so that asking again draws the same ones."""
    mine = [row for row in rows if MEASURES["episodes"].keeps(row, span)]
    drawn = sorted(mine, key=lambda row: hashlib.sha256(f"{span.since}{row.reference}".encode()).digest())
    return [(row, "in the sample") for row in drawn[:20]]
