"""The ladder of a meeting: agencies are invited, hear the time, and are chased; its chair has rungs of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from policies.answers import Standing, invited, is_meeting, sent_instead, standings
from policies.chairing import CHAIR, CHASES, DECLINED, HELD, MISSING, TO_ANSWER, asked, chairing, told_at
from policies.obligations import Obligation
from policies.rung import Kind, Rung, Situation, by_day, early_enough, morning
from policies.worktime import add

FIXED = "fixed"
OF_A_MEETING = frozenset({"invite", FIXED, *CHASES, CHAIR, DECLINED, MISSING, HELD})  # not of one obligation
FAR_OFF = timedelta(hours=48)
HURRY = timedelta(minutes=30)  # nobody is chased sooner after the invitation (house)
HURRIED = timedelta(hours=2)  # nor, of a meeting that is near, later than this before it begins


def gathering(o: Obligation, s: Situation) -> Iterator[Rung]:
    """Every rung of a meeting, with the moment it is for."""
    if not is_meeting(o.duty.action) or (o.meeting and not s.leads):
        return
    if o.attendees and (o.meets_at or o.due):
        yield from _inviting(o, s)
    if o.meeting:
        yield from chairing(o, o.meeting, s)


def _inviting(o: Obligation, s: Situation) -> Iterator[Rung]:
    """Invitations go out when a time is fixed, else a day before the meeting falls due; who stays silent is chased."""
    at = o.arises_at
    if o.due and not o.meets_at:
        before = by_day(add(o.due, s.pack.house.invite_before.back), o)
        at = early_enough(before, o, s)
    yield from _time_is_fixed(o, s) if o.meeting else ()
    answered = _answered(o, s)
    instead = _sent_instead(o, s)  # to them no time is new
    moved = "a new time: please answer again" if o.asked and o.meeting and o.meeting.sequence else ""
    for role in (*invited(o, s.pack), *instead):
        if role == o.owner or role in answered or _answered_alone(role, o, s) or _asked_before(role, o, s):
            continue
        invite = asked("invite", o)
        yield Rung(invite, "invite", role, at, "" if role in instead else moved)
        sent = s.used.get((invite, role))
        if sent:
            yield from _chasing(role, sent, o, s)


def _answered(o: Obligation, s: Situation) -> set[str]:
    if not any(r.action == o.duty.action for r in s.responses):
        return set()
    return {role for standing in standings(o, s.pack, s.responses) for role in standing.roles if _has_answered(standing, role, o)}


def _time_is_fixed(o: Obligation, s: Situation) -> Iterator[Rung]:
    """Those who were asked before there was a time hear it, unless they said no: an edited post rings nobody's telephone."""
    for standing in standings(o, s.pack, s.responses):
        if o.meeting is None or (standing.answer and standing.answer.answer == "declined"):
            continue
        for role in standing.roles:
            sent = s.used.get((asked("invite", o), role))
            if sent and sent < o.meeting.fixed_at and role != o.owner:
                kind: Kind = "notice" if standing.answer else "invite"
                yield Rung(asked(FIXED, o), kind, role, o.meeting.fixed_at, "the time is fixed now")


def _has_answered(standing: Standing, role: str, o: Obligation) -> bool:
    """Whether its agency has answered since the role was invited: another who is found after a decline is asked all the same."""
    since = o.meeting.invited_at.get(role) if o.meeting else None
    told = [r for r in (standing.answer, *standing.by_others) if r]
    return any(since is None or r.at > since for r in told)


def _asked_before(role: str, o: Obligation, s: Situation) -> bool:
    """Once a meeting was called off nobody is invited again until another time is fixed."""
    if o.meeting:
        return False
    rounds = {name for name, to in s.used if to == role and name.partition("/")[0] == "invite"}
    return bool(rounds - {asked("invite", o)})


def _sent_instead(o: Obligation, s: Situation) -> list[str]:
    """People who were named to come for somebody else, known here."""
    return [person for person in sent_instead(o.duty.action, s.responses) if person not in o.attendees]


def _answered_alone(role: str, o: Obligation, s: Situation) -> bool:
    return role.startswith("@") and any(r.action == o.duty.action and r.actor == role[1:] for r in s.responses)


def _chasing(role: str, sent: datetime, o: Obligation, s: Situation) -> Iterator[Rung]:
    """A day later when there is time, and once more some hours before it begins, by day; always before the chair hears of it."""
    reason = "no answer to the invitation yet"
    starts, wait = o.meets_at or o.due, s.pack.house.chase_before.exact
    if starts is None or (starts < sent + 2 * wait and not o.meets_at):
        yield Rung(asked("chase", o), "chase", role, morning(sent + timedelta(hours=24)), reason)
        return
    hears = told_at(starts, o, s) if o.meets_at else []
    early = min([morning(add(sent, s.pack.house.chase_again_after)), *(by_day(at - TO_ANSWER, o) for at in hears[:1])])
    if early >= sent + wait and (hears or starts - sent > FAR_OFF):
        yield Rung(asked("chase-early", o), "chase", role, early, reason)
    room = min(wait, (starts - HURRIED - sent) / 2) if o.meets_at else wait
    if room >= HURRY:
        last = max(by_day(starts - wait, o), sent + room)
        yield Rung(asked("chase", o), "chase", role, last if morning(last) >= starts else morning(last), reason)
