"""Moving a clock: step through every next change on the way, and run all cycles at each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
PATIENCE = 1000  # rounds of one moment, after which something goes round in a circle


def run_all(desks: Desks, platforms: Mapping[str, Platform]) -> None:
    """Every cycle until nothing is left to do at this moment."""
    for _ in range(PATIENCE):
        busy = remind(desks) + chase(desks) + digest(desks)
        busy += deliver(desks, platforms)
        if not busy:
            watch(desks)
            return
    raise RuntimeError("the cycles find something to do for ever")


def next_moment(desk: Desk) -> datetime | None:
    """When something happens by itself next, after now; None when nothing waits."""
    waiting = (episodes.next_change(desk.session), outbox.next_send(desk.session), next_digest(desk), asks.next_chase(desk.session))
    return min((t for t in waiting if t and t > desk.now), default=None)


def step_to(desks_at: DesksAt, platforms: Mapping[str, Platform], start: datetime, until: datetime) -> list[datetime]:
    """Move from `start` to `until`, stopping at every change on the way; gives the moments at which something was looked at."""
    now, stops = start, []
    while True:
        run_all(desks_at(now), platforms)
        with desks_at(now)() as desk:
            following = next_moment(desk)
        if following is None or following > until:
            break
        now = following
        stops.append(now)
    if now < until:
        run_all(desks_at(until), platforms)
    return stops
