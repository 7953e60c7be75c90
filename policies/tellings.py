"""What the bot itself tells: notices of the pack, thresholds crossed, the coordinator's marks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Literal, NamedTuple

from policies.anchors import starts
from policies.arising import arises, stretch_end
from policies.pack import Notice, Pack, Rule
from policies.reading import Reading
from policies.routing import routed
from policies.thresholds import Crossing
from policies.worktime import Length, add


class Telling(NamedTuple):
    """The bot tells `to` something: a notice of the pack, the crossing of a threshold, or the coordinator's mark."""

    rule: Rule
    nth: int
    kind: Literal["notice", "threshold"]
    at: datetime
    to: tuple[str, ...]
    action: str | None = None


def tellings(pack: Pack, reading: Reading, crossed: tuple[Crossing, ...]) -> Iterator[Telling]:
    for notice in pack.notices:
        yield from _of_notice(notice, reading)
    by_id = {rule.id: rule for rule in pack.thresholds}
    for crossing in crossed:
        rule = by_id[crossing.rule]
        if reading.holds(rule.when, crossing.at):
            yield Telling(rule, crossing.arming, "threshold", crossing.at, routed(rule.tell, reading, crossing.at, every=True))
    yield from _coordinator_marks(pack, reading)


def _of_notice(notice: Notice, reading: Reading) -> Iterator[Telling]:
    for start in starts(notice, reading):
        opens = add(start.at, notice.opens) if notice.opens else start.at
        at = arises(notice, max(opens, reading.episode.notified_at or opens), reading)
        ended = stretch_end(start, reading)
        if at is None or (notice.while_missing and ended is not None and ended <= max(opens, start.at)):
            continue
        yield Telling(notice, start.nth, "notice", at, routed(notice.tell, reading, at, every=True), notice.action)


def _coordinator_marks(pack: Pack, reading: Reading) -> Iterator[Telling]:
    """House rule of every pack: the coordinator hears at 24 h, 72 h and 5 days missing what is open and what is late."""
    told = reading.episode.notified_at
    for n, stretch in enumerate(reading.missing, 1):
        marks = [(mark, add(stretch.clock_start, mark)) for mark in pack.house.coordinator_marks]
        passed = max((at for _, at in marks if told and at <= told), default=None)  # of those passed at the report only the last
        for mark, at in marks:
            if told and (stretch.end is None or stretch.end > at) and (at > told or at == passed):
                yield Telling(_mark_rule(mark, str(mark)), n, "notice", max(at, told), (pack.coordinator,))


@lru_cache(maxsize=64)
def _mark_rule(mark: Length, said: str) -> Rule:
    return Rule(id=f"coordinator-{_slug(mark)}", says=f"{said} missing: what is open, what is late", house=True)


def _slug(mark: Length) -> str:
    hours = int(mark.exact.total_seconds() // 3600)
    return f"{hours}h" if hours <= 72 else f"{hours // 24}d"
