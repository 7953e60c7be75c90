"""What the bot itself tells: its notices, and the thresholds a child crossed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from handlers.addressing import Book, Target
from handlers.case import Case
from handlers.desk import Desk
from handlers.planning.plans import Planned
from handlers.reconcile import MOVED
from policies.obligations import Telling
from policies.pack import AtThreshold, Duty
from policies.pack.duty import Timed
from policies.reading import Reading
from storage.ids import new_id
from storage.pings import Ping

MANAGEMENT = "management"


def told_at(telling: Telling, case: Case, desk: Desk) -> datetime:
    """About a child who is back, the bot's own notices keep office hours too."""
    at_night = isinstance(telling.rule, Timed) and telling.rule.at_night
    back = case.episode.found_at is not None and case.episode.returned_at is not None and telling.at <= desk.now and not at_night
    return case.calendar.office_time(telling.at) if back else telling.at


def told(
    desk: Desk, case: Case, telling: Telling, book: Book, used: dict[tuple[str, int], list[Ping]], reading: Reading
) -> Iterator[Planned]:
    """The pings of a telling whose moment has come, as far as they were not made yet."""
    if told_at(telling, case, desk) > desk.now:
        return
    before = used.get((telling.rule.id, telling.nth), [])
    if telling.kind == "threshold":
        yield from _crossed(desk, case, telling, before, book, reading)
        return
    for role in telling.to:
        mine = [p for p in before if p.addressee == role]
        arming = _arming(telling, mine, desk.now)
        if arming is None:
            continue
        yield Planned(_ping(telling, role, arming, case, desk), book.target(role), "", telling=_with_action(telling, case, reading))


def _crossed(desk: Desk, case: Case, telling: Telling, before: list[Ping], book: Book, reading: Reading) -> Iterator[Planned]:
    """A crossing is one ping, to the management room, or to the coordinator where there is none."""
    if before:
        return
    room = desk.authority(case.row.authority).has_room("management") and not case.row.restricted
    place = Target("", telling.to, (), "room", "management") if room else book.target(case.pack.coordinator)
    yield Planned(_ping(telling, MANAGEMENT, 1, case, desk), place, "", telling=_with_action(telling, case, reading))


def _ping(telling: Telling, addressee: str, arming: int, case: Case, desk: Desk) -> Ping:
    return Ping(new_id(), case.row.id, telling.rule.id, telling.nth, telling.kind, addressee, arming, telling.kind, desk.now)


def _arming(telling: Telling, mine: list[Ping], now: datetime) -> int | None:
    """1 the first time; one more when the moment was moved to later than it was told (a correction); None when it was told."""
    if not mine:
        return 1
    last = max(mine, key=lambda p: p.arming)
    return last.arming + 1 if telling.at >= last.at + MOVED and telling.at <= now + timedelta(seconds=1) else None


def _brought_by(duty: Duty, threshold: str) -> bool:
    return any(isinstance(a, AtThreshold) and a.threshold == threshold for a in duty.anchors)


def _with_action(telling: Telling, case: Case, reading: Reading) -> Telling:
    """A threshold's post names the first duty that it brings."""
    if telling.kind != "threshold":
        return telling
    brought = [d for d in case.pack.duties if _brought_by(d, telling.rule.id)]
    fitting = next((d.action for d in brought if reading.holds(d.when, telling.at)), brought[0].action if brought else None)
    return Telling(telling.rule, telling.nth, telling.kind, telling.at, telling.to, fitting)
