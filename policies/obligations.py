"""(pack, what happened) → obligations and tellings. Pure: nothing is stored, nothing is read from a clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from policies.anchors import Start, begun, starts
from policies.arising import first_of
from policies.arranged import arranged
from policies.history import Child, Episode
from policies.obligation import Obligation
from policies.pack import Duty, Pack
from policies.reading import Reading
from policies.series import from_last, on_grid
from policies.tellings import Telling, tellings
from policies.thresholds import Crossing
from policies.worktime import Calendar

__all__ = ["Derived", "Obligation", "Telling", "derive"]


@dataclass(frozen=True)
class Derived:
    """Everything the pack asks for in one episode, and when the answer may next change by itself."""

    obligations: tuple[Obligation, ...]
    tellings: tuple[Telling, ...]
    crossings: tuple[Crossing, ...]
    reading: Reading

    def of(self, key: tuple[str, int]) -> Obligation | None:
        """The obligation of (rule, nth)."""
        return self._by_key.get(key)

    def arisen(self, now: datetime) -> list[Obligation]:
        """Everything owed or once owed, as of `now`; what will arise later if nothing changes is not among it."""
        return [o for o in self.obligations if o.arises_at <= now]

    def open_at(self, now: datetime) -> list[Obligation]:
        """What has arisen and is still owed."""
        return [o for o in self.arisen(now) if o.status == "open"]

    @cached_property
    def _by_key(self) -> dict[tuple[str, int], Obligation]:
        return {o.key: o for o in reversed(self.obligations)}

    def next_edge(self, now: datetime) -> datetime | None:
        """The earliest moment after `now` at which something arises, falls due, lapses or is told."""
        times = [t for o in self.obligations for t in (o.arises_at, o.due) if t]
        times += [t.at for t in self.tellings] + list(self.reading.edges) + self.reading.long_enough
        return min((t for t in times if t > now), default=None)


def derive(pack: Pack, child: Child, episode: Episode, calendar: Calendar, now: datetime) -> Derived:
    """What `pack` asks in `episode`, given all of the child's episodes, as known at `now`.

    Includes what will arise later if nothing changes. A duty whose condition no longer holds is left out.
    """
    reading = Reading(pack, child, episode, calendar, now)
    found: list[Obligation] = []
    for duty in begun(reading):
        if counted := starts(duty, reading):
            found.extend(_one_a_key(_of_duty(duty, counted, reading)))
    if episode.meetings or episode.agreed:
        found.extend(arranged(tuple(found), reading))
    if episode.voided_at:
        found = [o._replace(status="void", note="the episode was voided") for o in found]
    crossed = tuple(c for rule in pack.thresholds for c in reading.crossings[rule.id] if c.episode == episode.id)
    return Derived(tuple(found), tuple(tellings(pack, reading, crossed)), crossed, reading)


def _one_a_key(found: Iterator[Obligation]) -> Iterable[Obligation]:
    """Missing twice on one day is still one daily duty: what stands goes before what lapsed, the later before the earlier."""
    kept: dict[tuple[str, int], Obligation] = {}
    for obligation in found:
        before = kept.get(obligation.key)
        if before is None or before.status == "void" or obligation.status != "void":
            kept[obligation.key] = obligation
    return kept.values()


def _of_duty(duty: Duty, begun: list[Start], reading: Reading) -> Iterator[Obligation]:
    for start in begun:
        first = first_of(duty, start, reading)
        if first is None:
            continue
        if duty.repeat and duty.repeat.counted_from == "grid":
            yield from on_grid(first, start, reading)
        else:
            yield first
            yield from from_last(first, start, reading)
