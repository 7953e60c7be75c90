"""What the case system's extract and the bot say differently of the same episodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from handlers.desk import Desk
from handlers.returns import ssd
from handlers.returns.extract import Given, by_person
from handlers.returns.lines import Line, lines
from handlers.returns.taking import SAME
from policies.worktime import said


def differences(desk: Desk, authority: str, rows: Sequence[Given]) -> Iterator[str]:
    """A sentence for everything that differs, for the time from the extract's first start on; nothing when both say the same."""
    first = min((row.start for row in rows), default=desk.now)
    ours: dict[str, list[Line]] = {}
    for line in lines(desk, authority, first, desk.now):
        if line.code and line.who.case_reference and line.start >= first - SAME:
            ours.setdefault(line.who.case_reference, []).append(line)
    theirs = by_person(rows)
    for person in sorted(theirs.keys() | ours.keys()):
        yield from _of_person(person, theirs.get(person, []), ours.get(person, []))


def _of_person(person: str, theirs: Sequence[Given], ours: Sequence[Line]) -> Iterator[str]:
    left = list(ours)
    for row in theirs:
        match = min(
            (line for line in left if abs(line.start - row.start) <= SAME), key=lambda line: abs(line.start - row.start), default=None
        )
        if match is None:
            yield f"{person}, {row.table_id}: {row.code} from {_when(row.start)} is in the extract and not here"
            continue
        left.remove(match)
        different = list(_differs(row, match))
        if different:
            yield f"{person}, {row.table_id} and {match.name}: {'; '.join(different)}"
    for line in left:
        yield f"{person}, {line.name}: {line.code} from {_when(line.start)} is here and not in the extract"


def _differs(row: Given, line: Line) -> Iterator[str]:
    offered, accepted = ssd.interview(line)
    if abs(row.start - line.start).total_seconds() >= 60:
        yield f"start {_when(row.start)} there, {_when(line.start)} here"
    if row.code != line.code:
        yield f"type {row.code} there, {line.code} here"
    if (row.end is None) != (line.end is None) or (row.end and line.end and abs((row.end - line.end).total_seconds()) >= 60):
        yield f"end {_when(row.end)} there, {_when(line.end)} here"
    if row.offered != offered:
        yield f"interview offered {row.offered or 'blank'} there, {offered or 'blank'} here"
    if row.accepted != accepted:
        yield f"interview accepted {row.accepted or 'blank'} there, {accepted or 'blank'} here"


def _when(at: datetime | None) -> str:
    return f"{said(at)} {at.year}" if at else "none"
