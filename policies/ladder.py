"""(obligation, rungs used, now) → the rungs now due, each with its reason, and when to look again. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import NamedTuple

from policies import words
from policies.arranged import FIXED as CALLED
from policies.daily import asked_again
from policies.escalation import gone_up, held_back, managers
from policies.inviting import gathering
from policies.obligations import Obligation
from policies.rung import Rung, Situation, by_day, due_moment, early_enough
from policies.worktime import LONDON, add, at_local

# In the order in which they outrank each other for one addressee: of several reached at once only the highest is sent.
_ORDER = (
    *("named", "told", "chair", "invite", "fixed", "chase-early", "chase", "amber", "remind", "held", "absent", "declined"),
    *("due", "ask", "ring", "escalate", "escalate-again"),
)
RANK = {name: n for n, name in enumerate(_ORDER)}
FINAL = frozenset({"named", "told", "amber", "remind"})  # no later rung counts from the sending of these
LONG = timedelta(hours=48)
WORTH_A_NAME = timedelta(minutes=15)
WORTH_A_REMINDER = timedelta(hours=8)


class Plan(NamedTuple):
    """`send` now; `skip` was overtaken by a higher rung; look again at `next_at` (None: only when something happens)."""

    send: tuple[Rung, ...]
    skip: tuple[Rung, ...]
    next_at: datetime | None


def plan(o: Obligation, situation: Situation, now: datetime) -> Plan:
    """Which rungs of the obligation are due at `now` and not used yet; one addressee gets only the highest of them."""
    if o.status != "open" or o.arises_at > now:
        return Plan((), (), o.arises_at if o.status == "open" else None)
    waiting = [r for r in rungs(o, situation) if not _used(r, situation)]
    ready = [r for r in waiting if r.at <= now]
    best: dict[str, Rung] = {}
    for rung in ready:
        if rung.to not in best or _rank(rung) > _rank(best[rung.to]):
            best[rung.to] = rung
    send = tuple(best.values())
    return Plan(send, tuple(r for r in ready if r not in send), min((r.at for r in waiting if r.at > now), default=None))


def _used(rung: Rung, s: Situation) -> bool:
    """Sent already, or sent under another due time at or after the moment this one is for."""
    earlier = s.before.get((rung.name, rung.to))
    return (rung.name, rung.to) in s.used or (earlier is not None and rung.at <= earlier)


def _rank(rung: Rung) -> int:
    return rank(rung.name)


def rank(name: str) -> int:
    """How high a rung stands; what follows a "/" only counts its repeats."""
    return RANK.get(name.partition("/")[0], len(RANK))


def rungs(o: Obligation, s: Situation) -> Iterator[Rung]:
    """Every rung of the obligation's ladder with the moment it is for, hours and pauses applied."""
    own = _dated(o, s) if o.due else _undated(o, s)
    every = (*own, *_telling(o, s), *gathering(o, s))
    # About a child who is back, pings wait for office hours unless the risk is high; else they go at their moment.
    in_hours = s.back and not s.high_risk and not o.duty.at_night
    yield from (rung._replace(at=s.calendar.office_time(rung.at)) for rung in every) if in_hours else every


def _undated(o: Obligation, s: Situation) -> Iterator[Rung]:
    """No time in the document: named once, the manager hears once after five working days (house)."""
    yield Rung("named", "notice", o.owner, o.arises_at, "")
    days = s.pack.house.undated_escalates_after_working_days
    day = s.calendar.next_working(o.arises_at.astimezone(LONDON).date(), days)
    manager = managers(o, s)
    if manager:
        yield Rung("escalate", "escalation", manager[0], held_back(at_local(day, time(17)), o, s), f"not done after {days} working days")


def _dated(o: Obligation, s: Situation) -> Iterator[Rung]:
    assert o.due is not None  # noqa: S101 - asked by the caller
    house, span = s.pack.house, o.due - o.arises_at
    moment = due_moment(o)
    daily = _is_daily(o)
    if span >= WORTH_A_NAME and not daily and not (o.duty.repeat and o.nth > 1):
        yield Rung("named", "notice", o.owner, o.arises_at, "")
    if o.duty.amber and o.anchor_at + o.duty.amber.exact < o.due:
        yield Rung("amber", "reminder", o.owner, o.anchor_at + o.duty.amber.exact, f"{o.duty.amber} have passed, the statutory limit")
    if span >= WORTH_A_REMINDER and not daily and not _acked_before(o, s) and not _fixed_in_time(o):
        before = house.remind_before_long if span >= LONG else house.remind_before
        at = by_day(add(moment, before.back), o)
        yield Rung("remind", "reminder", o.owner, early_enough(at, o, s), "")
    if not o.duty.id.startswith(CALLED):  # nobody's limit: whoever chairs is asked an hour later whether it was held
        yield Rung("due", "due", o.owner, max(moment, o.arises_at), "")
    yield from asked_again(o, s)
    yield from gone_up(o, s)


def _fixed_in_time(o: Obligation) -> bool:
    """Whoever fixed a time before it is due needs no reminder: the meeting has words of its own."""
    return o.meeting is not None and o.due is not None and o.meeting.starts <= o.due


def _is_daily(o: Obligation) -> bool:
    """Asked for every day: called for once a day, never announced before."""
    every = o.duty.repeat.every if o.duty.repeat else None
    return every is not None and not every.months and every.exact <= timedelta(hours=24)


def _acked_before(o: Obligation, s: Situation) -> bool:
    return any(o.due is not None and ack.at < o.due for ack in s.acks)


def _telling(o: Obligation, s: Situation) -> Iterator[Rung]:
    """Those who are to be told hear at the mark of a duty to tell them, else when the duty arises."""
    at_due = o.due is not None and words.actions()[o.duty.action] == "notification"
    for role in o.tell:  # one who is reached through somebody is told by the owner, not by the bot
        if role != o.owner and role not in s.pack.reached_through:
            yield Rung("told", "notice", role, max(due_moment(o), o.arises_at) if at_due else o.arises_at, "")
