"""The further occurrences of a repeated duty: after the last one, or on a fixed grid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from policies.anchors import Start
from policies.arising import made, stretch_end
from policies.endings import with_end
from policies.obligation import UNRECORDED, Obligation
from policies.pack import Duty
from policies.reading import Reading
from policies.worktime import LONDON, Length, due


def from_last(first: Obligation, start: Start, reading: Reading) -> Iterator[Obligation]:
    """The further occurrences of a series, each counted from when the one before it was done."""
    last, repeat = first, first.duty.repeat
    while repeat:
        anchor = last.completed_at or reading.episode.waived.get(last.key)
        if anchor is None or last.status not in {"met", "waived"} or _series_over(first.duty, anchor, start, reading):
            return
        falls = due(anchor, repeat.every, first.duty.clock, reading.calendar)
        last = with_end(made(first.duty, last.nth + 1, anchor, anchor, falls, reading, start), reading)
        yield last


def on_grid(first: Obligation, start: Start, reading: Reading) -> Iterator[Obligation]:
    """Every period whether done or not, up to the first that lies ahead; one not done ends when the next begins.

    An occurrence is known by the day it falls due, so that a corrected start leaves what was done for a day done.
    """
    duty, repeat, falls, arises, count = first.duty, first.duty.repeat, first.due, first.arises_at, 0
    while repeat and falls is not None:
        last = with_end(made(duty, _day_number(falls), max(arises, first.anchor_at), arises, falls, reading, start), reading)
        if falls > reading.now or _series_over(duty, falls, start, reading):
            yield last
            return
        yield last._replace(status="void", note=UNRECORDED) if last.status == "open" else last
        count += 1
        arises = falls + timedelta(seconds=1)
        falls = due(start.at, _sum(duty.due, repeat.every, count), duty.clock, reading.calendar)


def _day_number(moment: datetime) -> int:
    return moment.astimezone(LONDON).date().toordinal()


def _sum(first: Length | None, every: Length, times: int) -> Length:
    first = first or every
    return Length(first.months + every.months * times, first.exact + every.exact * times)


def _series_over(duty: Duty, since: datetime, start: Start, reading: Reading) -> bool:
    assert duty.repeat is not None  # noqa: S101 - asked by the caller
    ended = stretch_end(start, reading)
    return duty.repeat.while_missing and ended is not None and ended <= since
