"""Which pings an episode owes now, to whom, and when to look again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from handlers.addressing import Book, Target
from handlers.case import Case
from handlers.desk import Desk
from handlers.gathering.leading import knows_it, leading_in, of_its_meeting
from handlers.reconcile import MOVED, Reconciled
from policies import words
from policies.anchors import Reading
from policies.interviews import holder
from policies.ladder import FINAL, Plan, Rung, Situation, plan
from policies.obligations import Derived, Obligation, Telling
from policies.pack import AtThreshold, Duty
from policies.pack.duty import Timed
from storage.ids import new_id
from storage.obligations import ObligationRow
from storage.pings import Ping

MANAGEMENT = "management"
SKIPPED = "skipped"  # a rung that a higher one overtook: used, and never sent


class Planned(NamedTuple):
    """A ping to send, with where it goes and why."""

    ping: Ping
    target: Target
    reason: str
    again: bool = False
    telling: Telling | None = None


@dataclass(frozen=True)
class Plans:
    """What to send, what was overtaken, and when to look again."""

    send: tuple[Planned, ...]
    skipped: tuple[Ping, ...]
    next_at: datetime | None


def plan_pings(desk: Desk, case: Case, derived: Derived, stored: Reconciled, used: list[Ping], book: Book) -> Plans:
    """Every ping of the episode that is due and was not made yet."""
    send: list[Planned] = []
    skipped: list[Ping] = []
    times: list[datetime | None] = [derived.next_edge(desk.now)]
    by_key = _by_key(used)
    leading = leading_in(derived.obligations, by_key, desk.now)
    for o in derived.obligations:
        row = stored.row(o.key)
        if row is None or o.arises_at > desk.now:
            continue
        mine = [*by_key.get(o.key, []), *of_its_meeting(o, by_key, stored)]
        situation = _situation(desk, case, derived, row, mine, leads=o.key in leading)
        planned = plan(o, situation, desk.now)
        times.append(_next(o, situation, planned, desk.now))
        found = [_planned(desk, case, o, row, rung, book, mine) for rung in planned.send]
        send.extend(p for p in found if not knows_it(p.ping, p.target, o))
        skipped.extend(replace(p.ping, kind=SKIPPED) for p in found if knows_it(p.ping, p.target, o))
        skipped.extend(_ping(desk, case, row, rung, SKIPPED) for rung in planned.skip)
    for telling in derived.tellings:
        times.append(_told_at(telling, case, desk))
        send.extend(_tellings(desk, case, telling, book, by_key, derived.reading))
    return Plans(tuple(send), tuple(skipped), min((t for t in times if t and t > desk.now), default=None))


def _next(o: Obligation, situation: Situation, planned: Plan, now: datetime) -> datetime | None:
    """When to look again: a ping sent now may be what a later rung counts from."""
    if not planned.send or (not situation.acks and all(rung.name in FINAL for rung in (*planned.send, *planned.skip))):
        return planned.next_at
    sent = {(rung.name, rung.to): now for rung in (*planned.send, *planned.skip)}
    return plan(o, situation._replace(used={**situation.used, **sent}), now).next_at


def _by_key(used: Iterable[Ping]) -> dict[tuple[str, int], list[Ping]]:
    found: dict[tuple[str, int], list[Ping]] = {}
    for ping in used:
        found.setdefault((ping.rule, ping.nth), []).append(ping)
    return found


def _situation(desk: Desk, case: Case, derived: Derived, row: ObligationRow, used: list[Ping], *, leads: bool) -> Situation:
    episode = case.episode
    return Situation(
        pack=case.pack,
        calendar=case.calendar,
        back=episode.found_at is not None and episode.returned_at is not None,
        missing=any(s.missing and s.at(desk.now) for s in derived.reading.stretches),
        high_risk=high_risk(derived, desk.now),
        known_at=row.known_at,
        used={(p.rung, p.addressee): p.at for p in used if p.arming == row.arming},
        before={(p.rung, p.addressee): p.at for p in used if p.arming < row.arming},
        arming=row.arming,
        acks=tuple(a for a in episode.acks if (a.rule, a.nth) == (row.rule, row.nth)),
        responses=episode.responses,
        leads=leads,
    )


def high_risk(derived: Derived, now: datetime) -> bool:
    """Whether anybody holds the risk to be high."""
    known = derived.reading.at(now)
    return "high" in (known.value("risk_level"), known.value("police_risk_level"))


def _ping(desk: Desk, case: Case, row: ObligationRow, rung: Rung, kind: str) -> Ping:
    return Ping(
        id=new_id(),
        episode_id=case.row.id,
        rule=row.rule,
        nth=row.nth,
        rung=rung.name,
        addressee=rung.to,
        arming=row.arming,
        kind=kind,
        at=desk.now,
        obligation_id=row.id,
    )


def _planned(desk: Desk, case: Case, o: Obligation, row: ObligationRow, rung: Rung, book: Book, used: list[Ping]) -> Planned:
    to = _target(rung, o, holder(case.episode, o), book)
    kind = "escalation" if to.empty and rung.kind in {"due", "reminder"} else rung.kind
    reason = _whom_to_ring(o, case, book) if rung.name == "ring" else rung.reason
    again = any(p.addressee in {rung.to, o.owner} for p in used if p.kind != SKIPPED)
    return Planned(_ping(desk, case, row, rung, kind), to, reason, again=again)


def _target(rung: Rung, o: Obligation, given_to: str | None, book: Book) -> Target:
    """What its owner hears goes to the person it was given to by name, if they are still here."""
    own = rung.to == o.owner
    given = book.given(given_to, o.owner) if own and given_to else None
    return given or book.target(rung.to, o.via if own else None)


def _whom_to_ring(o: Obligation, case: Case, book: Book) -> str:
    """The next manager by name, for whoever is asked to pick up the telephone."""
    role = next(iter(o.duty.escalate_to or ()), None) or case.pack.managers.get(o.owner) or case.pack.coordinator
    target = book.target(role)
    name = target.people[0].name if target.people else "whoever is on call"
    return f"no answer from the {words.label(o.owner)}: please ring {name}, {words.label(target.role)}"


def _told_at(telling: Telling, case: Case, desk: Desk) -> datetime:
    """About a child who is back, the bot's own notices keep office hours too."""
    at_night = isinstance(telling.rule, Timed) and telling.rule.at_night
    back = case.episode.found_at is not None and case.episode.returned_at is not None and telling.at <= desk.now and not at_night
    return case.calendar.office_time(telling.at) if back else telling.at


def _tellings(
    desk: Desk, case: Case, telling: Telling, book: Book, used: dict[tuple[str, int], list[Ping]], reading: Reading
) -> Iterator[Planned]:
    if _told_at(telling, case, desk) > desk.now:
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
        ping = Ping(new_id(), case.row.id, telling.rule.id, telling.nth, telling.kind, role, arming, telling.kind, desk.now)
        yield Planned(ping, book.target(role), "", telling=_with_action(telling, case, reading))


def _crossed(desk: Desk, case: Case, telling: Telling, before: list[Ping], book: Book, reading: Reading) -> Iterator[Planned]:
    """A crossing is one ping, to the management room, or to the coordinator where there is none."""
    if before:
        return
    room = desk.authority(case.row.authority).has_room("management") and not case.row.restricted
    place = Target("", telling.to, (), "room", "management") if room else book.target(case.pack.coordinator)
    ping = Ping(new_id(), case.row.id, telling.rule.id, telling.nth, telling.kind, MANAGEMENT, 1, telling.kind, desk.now)
    yield Planned(ping, place, "", telling=_with_action(telling, case, reading))


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
