"""Moving a clock: step through every next change on the way, and run all cycles at each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.cycles.chase import chase
from handlers.cycles.deliver import deliver
from handlers.cycles.digest import digest, next_digest
from handlers.cycles.remind import remind
from handlers.cycles.watch import watch
from handlers.desk import Desk, Desks
from handlers.ports import Platform
from storage import asks, episodes, outbox

DesksAt = Callable[[datetime], Desks]


@dataclass(frozen=True)
class Cycle:
    """A cycle beside those of every clock: what it does, giving how much there was, and when it will have something to do."""

    run: Callable[[Desks], int]
    following: Callable[[Desk], datetime | None]


PATIENCE = 1000  # rounds of one moment, after which something goes round in a circle


def run_all(desks: Desks, platforms: Mapping[str, Platform], more: Sequence[Cycle] = ()) -> None:
    """Every cycle until nothing is left to do at this moment."""
    for _ in range(PATIENCE):
        busy = remind(desks) + chase(desks) + digest(desks) + sum(cycle.run(desks) for cycle in more)
        busy += deliver(desks, platforms)
        if not busy:
            watch(desks)
            return
    raise RuntimeError("the cycles find something to do for ever")


def next_moment(desk: Desk, more: Sequence[Cycle] = ()) -> datetime | None:
    """When something happens by itself next, after now; None when nothing waits."""
    others = (cycle.following(desk) for cycle in more)
    waiting = (
        episodes.next_change(desk.session),
        outbox.next_send(desk.session),
        next_digest(desk),
        asks.next_chase(desk.session),
        *others,
    )
    return min((t for t in waiting if t and t > desk.now), default=None)


def step_to(
    desks_at: DesksAt, platforms: Mapping[str, Platform], start: datetime, until: datetime, more: Sequence[Cycle] = ()
) -> list[datetime]:
    """Move from `start` to `until`, stopping at every change on the way; gives the moments at which something was looked at."""
    now, stops = start, []
    while True:
        run_all(desks_at(now), platforms, more)
        with desks_at(now)() as desk:
            following = next_moment(desk, more)
        if following is None or following > until:
            break
        now = following
        stops.append(now)
    if now < until:
        run_all(desks_at(until), platforms, more)
    return stops
