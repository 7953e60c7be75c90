"""What people arranged beyond the protocol: a meeting that was fixed and nothing asks for, and what a meeting agreed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from policies import words
from policies.arising import with_also
from policies.endings import with_end
from policies.meeting import Agreed, Meeting
from policies.obligation import Obligation
from policies.pack import Duty, Pack, Route
from policies.reading import Reading
from policies.routing import chair_of, routed

FOLLOW_UP = "action_follow_up"
FIXED = "fixed-"  # rules of meetings that nothing asks for: due when they were fixed for, and by nobody's limit
WORKER = "social_worker"


def arranged(found: Sequence[Obligation], reading: Reading) -> Iterator[Obligation]:
    """The obligations that come from what was fixed and agreed in this episode."""
    for meeting in reading.episode.meetings:
        if meeting.state in {"fixed", "held"} and not any(_asks(o, meeting) and o.arises_at <= meeting.fixed_at for o in found):
            yield _fixed(meeting, found, reading)
    for agreed in reading.episode.agreed:
        yield _agreed(agreed, reading)


def _asks(o: Obligation, meeting: Meeting) -> bool:
    """Whether an obligation of the pack is what the meeting was fixed for."""
    if o.duty.action != meeting.action or o.status == "void":
        return False
    return o.status == "open" or (o.completed_at is not None and o.completed_at >= meeting.fixed_at)


def _fixed(meeting: Meeting, found: Sequence[Obligation], reading: Reading) -> Obligation:
    """Held as others of its kind are under this protocol, by the time it was fixed for."""
    like, fixed = held_like(meeting.action, found, reading), meeting.state == "fixed"
    duty = _duty_to_hold(f"{FIXED}{_tail(meeting.id)}", meeting.action, like.duty.clauses if like else ())
    o = Obligation(
        duty=duty,
        nth=1,
        owner=WORKER,
        anchor_at=meeting.fixed_at,
        arises_at=meeting.fixed_at,
        due=meeting.starts,
        attendees=with_also(like.attendees if like else (), meeting),
        chair=meeting.chair or (like.chair if like else None),
        meets_at=meeting.starts if fixed else None,
        meeting=meeting if fixed else None,
        asked=reading.episode.asked.get(meeting.action, 0),
    )
    return with_end(o, reading)


def held_like(action: str, found: Sequence[Obligation], reading: Reading) -> Obligation | None:
    """How the protocol has a meeting of a kind held though nothing asks for it now; None when it knows no such kind.

    As the one that is yet to be asked for, else as that of its rules which invites most.
    """
    ahead = next((o for o in found if o.duty.action == action and o.status == "open"), None)
    duties = [d for d in reading.pack.duties if d.action == action]
    fitting = [d for d in duties if reading.holds(d.when, reading.now)] or duties
    if ahead or not fitting:
        return ahead
    duty = max(fitting, key=lambda d: len(d.attendees))
    attendees = routed(duty.attendees, reading, reading.now, every=True)
    return Obligation(duty, 1, WORKER, reading.now, reading.now, None, attendees=attendees, chair=chair_of(duty, reading, reading.now))


def _agreed(agreed: Agreed, reading: Reading) -> Obligation:
    duty = _duty_agreed(agreed.rule, agreed.nth, agreed.meeting, agreed.owner, _manager(agreed.owner, reading.pack))
    extended = reading.episode.extended.get((agreed.rule, agreed.nth))
    o = Obligation(
        duty=duty,
        nth=agreed.nth,
        owner=agreed.owner,
        anchor_at=agreed.at,
        arises_at=agreed.at,
        due=max(extended, agreed.due) if extended else agreed.due,
        extended=extended is not None,
    )
    return with_end(o, reading)


def _tail(id_: str) -> str:
    return id_.replace("-", "")[-12:].lower()


def _manager(role: str, pack: Pack) -> str:
    """Whom it goes up to when it is late: the owner's manager where the pack names one, else the coordinator."""
    reached = pack.reached_through.get(role, role)
    return pack.managers.get(reached) or pack.coordinator


@lru_cache(maxsize=256)
def _duty_to_hold(rule: str, action: str, clauses: tuple[str, ...]) -> Duty:
    """`clauses`: those by which the protocol has meetings of the kind held."""
    says = f"Hold the {words.label(action)} that was fixed"
    return Duty(id=rule, says=says, action=action, owner=(Route(role=WORKER),), clauses=clauses, house=not clauses)


@lru_cache(maxsize=256)
def _duty_agreed(rule: str, nth: int, meeting: str, owner: str, manager: str) -> Duty:
    says = f"Do what was agreed at the {words.label(meeting)}, action {nth}"
    up = (manager,) if manager != owner else ()
    return Duty(id=rule, says=says, action=FOLLOW_UP, owner=(Route(role=owner),), house=True, escalate_to=up)
