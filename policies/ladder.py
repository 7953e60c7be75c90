"""(obligation, rungs used, now) → the rungs now due, each with its reason, and when to look again. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import NamedTuple

from policies import words
from policies.arranged import FIXED as CALLED
from policies.daily import asked_again
from policies.history import Ack
from policies.inviting import gathering
from policies.obligations import Obligation
from policies.rung import Rung, Situation, by_day, early_enough
from policies.worktime import LONDON, Length, add, at_local, end_of_day

__all__ = ["RANK", "Plan", "Rung", "Situation", "plan", "rank", "rungs"]


# In the order in which they outrank each other for one addressee: of several reached at once only the highest is sent.
RANK = {
    name: n
    for n, name in enumerate(
        [
            "named",
            "told",
            "chair",
            "invite",
            "fixed",
            "chase-early",
            "chase",
            "amber",
            "remind",
            "held",
            "absent",
            "declined",
            "due",
            "ask",
            "ring",
            "escalate",
            "escalate-again",
        ]
    )
}
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
    manager = _managers(o, s)
    if manager:
        yield Rung("escalate", "escalation", manager[0], _held_back(at_local(day, time(17)), o, s), f"not done after {days} working days")


def _dated(o: Obligation, s: Situation) -> Iterator[Rung]:
    assert o.due is not None  # noqa: S101 - asked by the caller
    house, span = s.pack.house, o.due - o.arises_at
    moment = _due_moment(o)
    base = o.due if s.arming > 1 else max(o.due, s.known_at)
    daily = _is_daily(o)
    if span >= WORTH_A_NAME and not daily and not (o.duty.repeat and o.nth > 1):
        yield Rung("named", "notice", o.owner, o.arises_at, "")
    if o.duty.amber and o.anchor_at + o.duty.amber.exact < o.due:
        yield Rung("amber", "reminder", o.owner, o.anchor_at + o.duty.amber.exact, f"{o.duty.amber} have passed, the statutory limit")
    if span >= WORTH_A_REMINDER and not daily and not _acked_before(o, s) and not _fixed_in_time(o):
        before = house.remind_before_long if span >= LONG else house.remind_before
        at = by_day(add(moment, Length(exact=-before.exact)), o)
        yield Rung("remind", "reminder", o.owner, early_enough(at, o, s), "")
    if not o.duty.id.startswith(CALLED):  # nobody's limit: whoever chairs is asked an hour later whether it was held
        yield Rung("due", "due", o.owner, max(moment, o.arises_at), "")
    yield from asked_again(o, s)
    yield from _unanswered(o, s)
    managers, called = _managers(o, s), _called(o, s)
    if managers:
        at = max(add(base, house.escalate_after), add(called, house.ring_after))
        yield Rung("escalate", "escalation", managers[0], _held_back(min(at, _edt_silent(o, s, base)), o, s), "")
    if len(managers) > 1 and o.due - o.anchor_at >= house.escalate_again_after.exact:
        at = add(max(base, called), house.escalate_again_after)
        yield Rung("escalate-again", "escalation", managers[1], _held_back(at, o, s), "second escalation")
    yield from _again(o, s, managers)


def _fixed_in_time(o: Obligation) -> bool:
    """Whoever fixed a time before it is due needs no reminder: the meeting has words of its own."""
    return o.meeting is not None and o.due is not None and o.meeting.starts <= o.due


def _is_daily(o: Obligation) -> bool:
    """Asked for every day: called for once a day, never announced before."""
    every = o.duty.repeat.every if o.duty.repeat else None
    return every is not None and not every.months and every.exact <= timedelta(hours=24)


def _due_moment(o: Obligation) -> datetime:
    """A duty counted in days is called for at 09:00 on its last day (house); every other, or one extended to an hour, then."""
    assert o.due is not None  # noqa: S101
    day = o.due.astimezone(LONDON).date()
    if o.duty.clock in {"calendar_days", "working_days"} and (not o.extended or o.due == end_of_day(day)):
        return at_local(day, time(9))
    return o.due


def _called(o: Obligation, s: Situation) -> datetime:
    """When the owner was called: where that waited for the office to open, nobody goes over their head in the same minute."""
    moment = _due_moment(o)
    return moment if o.duty.at_night or not s.back or s.high_risk else s.calendar.office_time(moment)


def _unanswered(o: Obligation, s: Situation) -> Iterator[Rung]:
    """While a child is missing, a due ping nobody answered asks EDT to ring the next manager (DESIGN section 5)."""
    if o.meeting:  # whoever fixed a time has answered
        return
    sent = s.used.get(("due", o.owner))
    if sent is None or not s.missing or _of_edt(o, s) or o.duty.escalate_to == () or any(a.at >= sent for a in s.acks):
        return
    yield Rung("ring", "escalation", "edt", add(sent, _ring_after(s)), "no answer")


def _of_edt(o: Obligation, s: Situation) -> bool:
    return s.pack.reached_through.get(o.owner, o.owner) == "edt"


def _ring_after(s: Situation) -> Length:
    return s.pack.house.ring_after_high_risk if s.high_risk else s.pack.house.ring_after


def _edt_silent(o: Obligation, s: Situation, base: datetime) -> datetime:
    """What EDT itself has not answered goes to its manager as soon as EDT would have been asked to ring."""
    if not (_of_edt(o, s) and s.missing):
        return base + timedelta(days=3650)
    return add(max(base, s.used.get(("due", o.owner), base)), _ring_after(s))


def _managers(o: Obligation, s: Situation) -> list[str]:
    """Whom it goes up to: the rule's own list, else the pack's next manager up, twice."""
    if o.duty.escalate_to is not None:
        return [role for role in o.duty.escalate_to if role != o.owner]
    first = s.pack.managers.get(s.pack.reached_through.get(o.owner, o.owner))
    second = s.pack.managers.get(first) if first else None
    return [role for role in (first, second) if role and role not in o.tell]


def _held_back(at: datetime, o: Obligation, s: Situation) -> datetime:
    """Escalation waits while somebody has it in hand: until due, and after it for as long as an acknowledgement holds."""
    if not s.acks:
        return at
    holds = [_hold_ends(ack, s) for ack in _counting(o, s) if o.due is None or ack.at >= o.due]
    return max([at, *holds])


def _hold_ends(ack: Ack, s: Situation) -> datetime:
    if s.back:
        return at_local(s.calendar.next_working(ack.at.astimezone(LONDON).date()), ack.at.astimezone(LONDON).time())
    return add(ack.at, s.pack.house.ack_holds_high_risk if s.high_risk else s.pack.house.ack_holds)


def _counting(o: Obligation, s: Situation) -> list[Ack]:
    """The first acknowledgement after each rung pauses; a second one of the same rung is only recorded."""
    sent = sorted(s.used.values())
    seen: set[int] = set()
    counting = []
    for ack in sorted(s.acks, key=lambda a: a.at):
        answered = sum(at <= ack.at for at in sent)
        if answered not in seen:
            seen.add(answered)
            counting.append(ack)
    return counting


def _acked_before(o: Obligation, s: Situation) -> bool:
    return any(o.due is not None and ack.at < o.due for ack in s.acks)


def _again(o: Obligation, s: Situation, managers: list[str]) -> Iterator[Rung]:
    """Acknowledged after the last rung and then forgotten: the last rung comes once more when the hold ends."""
    ladder = [(name, role) for name, role in zip(("escalate", "escalate-again"), managers, strict=False)]
    climbed = [s.used[step] for step in ladder if step in s.used]
    if not climbed or len(climbed) < len(ladder):
        return
    for n, ack in enumerate((a for a in _counting(o, s) if a.at >= max(climbed)), 1):
        yield Rung(f"again-{n}", "escalation", managers[0], _hold_ends(ack, s), "in hand, and still not done")


def _telling(o: Obligation, s: Situation) -> Iterator[Rung]:
    """Those who are to be told hear at the mark of a duty to tell them, else when the duty arises."""
    at_due = o.due is not None and words.actions()[o.duty.action] == "notification"
    for role in o.tell:  # one who is reached through somebody is told by the owner, not by the bot
        if role != o.owner and role not in s.pack.reached_through:
            yield Rung("told", "notice", role, max(_due_moment(o), o.arises_at) if at_due else o.arises_at, "")
