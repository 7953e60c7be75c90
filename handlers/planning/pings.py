"""Which pings an episode owes now, to whom, and when to look again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from handlers.addressing import Book, Target
from handlers.case import Case
from handlers.desk import Desk
from handlers.gathering.leading import knows_it, leading_in, of_its_meeting
from handlers.planning.plans import SKIPPED, Planned, Plans
from handlers.planning.tellings import told, told_at
from handlers.reconcile import Reconciled
from policies import words
from policies.interviews import holder
from policies.ladder import FINAL, Plan, plan
from policies.obligations import Derived, Obligation
from policies.rung import Rung, Situation
from storage.ids import new_id
from storage.obligations import ObligationRow
from storage.pings import Ping


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
        times.append(told_at(telling, case, desk))
        send.extend(told(desk, case, telling, book, by_key, derived.reading))
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
