"""How an obligation ended: done, decided, waived, no longer needed, lapsed; or that it is open."""

from __future__ import annotations

from datetime import datetime

from policies import words
from policies.conditions import Condition
from policies.history import NOT_HELD, Done
from policies.interviews import INTERVIEW
from policies.obligation import Obligation
from policies.reading import Reading
from policies.routing import routed
from policies.worktime import said

ONE_EPISODE = frozenset({"return_interview", "safe_and_well_check"})  # these meetings are about one return
IMPLIED = {
    "return_interview_offer": frozenset({"return_interview"}),
    "return_interview_referral": frozenset({"return_interview_offer", "return_interview"}),
    "interviewer_choice": frozenset({"return_interview"}),
}


def with_end(o: Obligation, reading: Reading) -> Obligation:
    """The obligation with its status: done, waived, lapsed, or open."""
    done = _done(o, reading)
    if done:
        return _answered(o, done, reading)
    if _waived(o, reading):
        return o._replace(status="waived", note="waived, with a reason")
    met = _reached(o.duty.met_when, o, reading)
    if met:
        return o._replace(status="met", completed_at=met)
    ended = "no longer needed" if _reached(o.duty.ends_when, o, reading) else _lapsed(o, reading)
    return o._replace(status="void", note=ended) if ended else o


def _answered(o: Obligation, done: Done, reading: Reading) -> Obligation:
    """Met; or waived, by a declined interview or a decision that the meeting is not needed."""
    if done.outcome in NOT_HELD and o.duty.action == INTERVIEW:
        how = "declined, with a reason" if done.outcome == "declined" else "not done, with a reason that a manager accepted"
        return o._replace(status="waived", completed_by=done.actor, note=how)
    if done.decision and words.actions()[o.duty.action] == "meeting":
        return o._replace(status="waived", completed_by=done.actor, note="decided: not needed, with a reason")
    owner = routed(o.duty.owner, reading, done.at)[0]  # an open one follows the facts, a met one keeps who owed it (BURY-49)
    note = f"decided ({words.label(done.outcome)})" if done.decision and done.outcome else ""
    return o._replace(owner=owner, status="met", completed_at=done.at, completed_by=done.actor, note=note)


def _reached(condition: Condition | None, o: Obligation, reading: Reading) -> datetime | None:
    moment = reading.first_true(condition, o.arises_at) if condition else None
    return moment if moment and moment <= reading.now else None


def _waived(o: Obligation, reading: Reading) -> bool:
    """Waived by name, or where one stands for all of its action, by the waiver of another of them."""
    waived = reading.episode.waived
    if not waived:
        return False
    if o.key in waived or not o.duty.once:
        return o.key in waived
    same = {d.id for d in reading.pack.duties if d.once and d.action == o.duty.action}
    return any(rule in same and at >= o.anchor_at for (rule, _), at in waived.items())


def _done(o: Obligation, reading: Reading) -> Done | None:
    """What met it: the first thing recorded for it by name, or done under its action since its anchor.

    A meeting about the child, recorded in another episode, meets what asked for one here before it was held.
    """
    action = o.duty.action
    implied = IMPLIED.get(action, ())
    refused = None  # a child who said no at first may still be interviewed
    for done in reading.episode.done:
        own = done.action == action
        if (own or done.action in implied) and _meets(o, done) and (own or not done.decision):
            if action != INTERVIEW or done.outcome not in NOT_HELD:
                return done
            refused = refused or done
    if refused:
        return refused
    if words.actions()[action] != "meeting" or action in ONE_EPISODE:
        return None
    others = [e for e in reading.child.episodes if e is not reading.episode]
    elsewhere = [d for e in others for d in e.done if d.action == o.duty.action and not d.decision]
    return next((d for d in elsewhere if _since(o, d)), None)


def _meets(o: Obligation, done: Done) -> bool:
    if done.decision and words.actions()[o.duty.action] == "meeting":
        return done.outcome == "not_needed" and _since(o, done)  # a decision to hold one is not its holding
    if done.keys and done.action == o.duty.action and not o.duty.once:
        return o.key in done.keys
    return o.key in done.keys or _since(o, done)


def _since(o: Obligation, done: Done) -> bool:
    if o.duty.repeat and o.duty.repeat.counted_from == "grid" and o.due and done.at > o.due:
        return False  # what was done later is the next period's
    later = o.nth > 1 and o.duty.repeat is not None
    if done.decision or o.duty.anew:
        return done.at >= o.arises_at  # what was decided before the question came is another decision
    start = min(o.anchor_at, o.arises_at)  # a duty may arise before the moment it counts from: weeks before a birthday
    return done.at > start if later else done.at >= start


def _lapsed(o: Obligation, reading: Reading) -> str:
    """Why an open obligation ended by itself, or nothing (G7: return ends marks, not obligations, unless the rule says so)."""
    back, mode = o.ends, o.duty.on_return
    if mode == "keep" or back is None:
        return ""
    if mode == "lapse" and o.due is not None and back >= o.due:
        return ""
    if o.duty.unless is not None and reading.holds(o.duty.unless, back):
        return ""
    found = reading.episode.found_at
    return f"no longer needed: found {said(found)}" if found else "no longer needed: the child is not missing"
