"""SSDA903, table Missing: which stretches belong in it, with which dates, and what is wrong or left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import ClassVar

from handlers.desk import Desk
from handlers.returns.lines import LeftOut, Line, cannot_be_named, day, lines
from policies.worktime import at_local

HEADER = ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END")


@dataclass(frozen=True)
class Collection:
    """A collection year, named by the year it ends in."""

    ends_in: int
    EARLIEST: ClassVar[int] = 2016

    @property
    def first(self) -> date:
        """1 April."""
        return date(self.ends_in - 1, 4, 1)

    @property
    def last(self) -> date:
        """31 March."""
        return date(self.ends_in, 3, 31)


def year_of(day: date) -> int:
    """The collection year a day lies in."""
    return day.year + ((day.month, day.day) >= (4, 1))


@dataclass(frozen=True)
class Entry:
    """One row of the table, with the episode it comes from."""

    name: str
    child: str
    born: date
    code: str
    start: date
    end: date | None

    def cells(self) -> tuple[str, ...]:
        """The row as the file has it."""
        return (self.child, _written(self.born), self.code, _written(self.start), _written(self.end))


@dataclass(frozen=True)
class Table:
    """The rows, in order, and everything that is not among them."""

    entries: tuple[Entry, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def faults(self) -> tuple[LeftOut, ...]:
        """What keeps the file from being written."""
        return tuple(one for one in self.left_out if one.fault)


def table(desk: Desk, authority: str, year: Collection) -> Table:
    """The Missing table of a year as it stands now."""
    entries: list[Entry] = []
    left_out: list[LeftOut] = []
    end = min(desk.now, at_local(year.last + timedelta(days=1), time(0)))
    for line in lines(desk, authority, at_local(year.first, time(0)), end):
        made = entry(line, year)
        if isinstance(made, Entry):
            entries.append(made)
        elif made is not None:
            left_out.append(made)
    entries.sort(key=lambda one: (one.child, one.start, one.end or date.max))
    return Table(tuple(entries), (*left_out, *wrong(entries)))


def entry(line: Line, year: Collection) -> Entry | LeftOut | None:
    """The row of a stretch; or why there is none; None when it is of another year."""
    start, end = day(line.start), day(line.end) if line.end else None
    if start > year.last or (end is not None and end < year.first):
        return None
    reason = _not_in_it(line)
    if reason:
        return reason
    who = line.who
    if who.born is None:
        return LeftOut(line.name, "the birth date of the child is not recorded; record it", fault=True, code="INT13")
    of_age = birthday(who.born)
    if start >= of_age:
        return LeftOut(line.name, "began on or after the 18th birthday, when a child is no longer looked after")
    if end is None or end > of_age:
        end = of_age  # which ends it
    return Entry(line.name, who.case_reference or "", who.born, line.code, start, None if end > year.last else end)


def _not_in_it(line: Line) -> LeftOut | None:
    if line.episode.ours is None:
        return LeftOut(line.name, "nobody recorded whether the child is looked after; record the care status")
    if not line.episode.ours:
        why = "looked after by another council, which hands it in" if line.episode.in_care else "not looked after"
        return LeftOut(line.name, why)
    if not line.code:
        return LeftOut(line.name, "absent, and nobody recorded whether it was known where the child was")
    return cannot_be_named(line)


def birthday(born: date) -> date:
    """The 18th birthday; of a child born on 29 February it is 28 February, as the sector's rules have it."""
    try:
        return born.replace(year=born.year + 18)
    except ValueError:
        return born.replace(year=born.year + 18, day=28)


def wrong(entries: Sequence[Entry]) -> Iterable[LeftOut]:
    """What the sector's rules 567, 574 and 586 would refuse; the later of two that overlap is named."""
    for n, one in enumerate(entries):
        if one.end and one.end < one.start:
            yield LeftOut(one.name, f"ends {_written(one.end)}, before it begins; correct one of the two", fault=True, code="567")
        if one.start <= one.born:
            yield LeftOut(one.name, "begins on or before the birth date of the child; correct one of the two", fault=True, code="586")
        before = _longest_before(entries, n)
        if before and (before.end is None or one.start < before.end):
            until = _written(before.end) or "now"
            yield LeftOut(one.name, f"overlaps {before.name}, which lasts until {until}; correct one of the two", fault=True, code="574")


def _longest_before(entries: Sequence[Entry], n: int) -> Entry | None:
    """Of the child's rows before this one, the one that ends last."""
    earlier = []
    while n > 0 and entries[n - 1].child == entries[n].child:
        n -= 1
        earlier.append(entries[n])
    return max(earlier, key=lambda one: one.end or date.max, default=None)


def _written(at: date | None) -> str:
    return at.strftime("%d/%m/%Y") if at else ""
