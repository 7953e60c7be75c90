"""Whom it goes up to, and when: a call that nobody answers, the manager, the one above, and how long an acknowledgement holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from policies.history import Ack
from policies.obligations import Obligation
from policies.rung import Rung, Situation, due_moment
from policies.worktime import LONDON, Length, add, at_local


def gone_up(o: Obligation, s: Situation) -> Iterator[Rung]:
    """Every rung above the owner's own, of an obligation that has a due time."""
    assert o.due is not None  # noqa: S101 - asked by the caller
    house, above, called = s.pack.house, managers(o, s), _called(o, s)
    base = o.due if s.arming > 1 else max(o.due, s.known_at)
    yield from _unanswered(o, s)
    if above:
        at = max(add(base, house.escalate_after), add(called, house.ring_after))
        yield Rung("escalate", "escalation", above[0], held_back(min(at, _edt_silent(o, s, base)), o, s), "")
    if len(above) > 1 and o.due - o.anchor_at >= house.escalate_again_after.exact:
        at = add(max(base, called), house.escalate_again_after)
        yield Rung("escalate-again", "escalation", above[1], held_back(at, o, s), "second escalation")
    yield from _again(o, s, above)


def _called(o: Obligation, s: Situation) -> datetime:
    """When the owner was called: where that waited for the office to open, nobody goes over their head in the same minute."""
    moment = due_moment(o)
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


def managers(o: Obligation, s: Situation) -> list[str]:
    """Whom it goes up to: the rule's own list, else the pack's next manager up, twice."""
    if o.duty.escalate_to is not None:
        return [role for role in o.duty.escalate_to if role != o.owner]
    first = s.pack.managers.get(s.pack.reached_through.get(o.owner, o.owner))
    second = s.pack.managers.get(first) if first else None
    return [role for role in (first, second) if role and role not in o.tell]


def held_back(at: datetime, o: Obligation, s: Situation) -> datetime:
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


def _again(o: Obligation, s: Situation, above: list[str]) -> Iterator[Rung]:
    """Acknowledged after the last rung and then forgotten: the last rung comes once more when the hold ends."""
    ladder = [(name, role) for name, role in zip(("escalate", "escalate-again"), above, strict=False)]
    climbed = [s.used[step] for step in ladder if step in s.used]
    if not climbed or len(climbed) < len(ladder):
        return
    for n, ack in enumerate((a for a in _counting(o, s) if a.at >= max(climbed)), 1):
        yield Rung(f"again-{n}", "escalation", above[0], _hold_ends(ack, s), "in hand, and still not done")
