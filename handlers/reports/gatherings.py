"""Meetings that were held and the agencies that were there: each figure with its formula in words. Pure, over rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from handlers.reports.hiding import HIDDEN, LEAST, shown, split
from handlers.reports.rows import Row, Span
from policies import words
from storage.marks import Mark

FORMULAS = {
    "Meetings held": "meetings recorded as held in the period, of any kind",
    "Meetings held in time": (
        "obligations to hold a meeting that fell due in the period and were met by then, of all that fell due and were not waived"
    ),
    "Agencies present": "agencies recorded as present, over the meetings held for which that was recorded",
    "Meetings with all who had to come": (
        "of the meetings held for which who had to come and who came is recorded, those at which all who had to come were present"
    ),
}


@dataclass(frozen=True)
class Gatherings:
    """`recorded`: meetings with a record of who came; `needing`: those that named who had to come, `full` with all of them."""

    held: int
    recorded: int
    present: int
    needing: int
    full: int


def gatherings(rows: Iterable[Row], span: Span) -> Gatherings:
    """The figures of a stretch of time."""
    met = [one for row in rows for one in row.meetings if span.has(one.at)]
    needing = [one for one in met if one.needed]
    return Gatherings(
        held=len(met),
        recorded=sum(one.came is not None for one in met),
        present=sum(one.came or 0 for one in met),
        needing=len(needing),
        full=sum(one.there == one.needed for one in needing),
    )


def lines(found: Gatherings, marks: Sequence[Mark], *, whole: bool) -> Iterator[str]:
    """The same in words, for a report that speaks of meetings."""
    kinds = words.actions()
    due = [mark for mark in marks if kinds.get(mark.action) == "meeting"]
    in_time, owed = sum(mark.in_time for mark in due), sum(mark.due - mark.waived for mark in due)
    yield f"Meetings held: {shown(found.held, whole=whole)}"
    yield f"Meetings held in time: {_of(in_time, owed, whole=whole)} that fell due"
    if found.recorded:
        present = str(found.present) if whole or found.recorded >= LEAST else HIDDEN
        yield f"Agencies present: {present}, at {shown(found.recorded, whole=whole)} meetings for which that was recorded"
    if found.needing:
        yield f"Meetings with all who had to come: {_of(found.full, found.needing, whole=whole)}"


def _of(part: int, of: int, *, whole: bool) -> str:
    counts = split({"part": part, "rest": of - part}, whole=whole)
    return f"{counts['part']} of {shown(of, whole=whole)}"
