"""The return interview, step by step: offered, accepted or declined, conducted, recorded, shared with police."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers import checks, owed, record
from handlers.case import open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.outgoing import Answer
from handlers.settle import settle
from policies import words
from policies.worktime import said

STEPS = {
    "offered": ("return_interview_offer", None),
    "accepted": ("return_interview_offer", "accepted"),
    "declined": ("return_interview", "declined"),
    "conducted": ("return_interview", "conducted"),
    "recorded": ("return_interview_recorded", None),
    "shared": ("interview_shared_with_police", None),
}


@dataclass(frozen=True)
class Interview:
    """One step. `interviewer`: the role who conducts it, checked for independence (TRI-012)."""

    reference: str
    step: str
    at: datetime | None = None
    reason: str = ""
    interviewer: str | None = None


def interview(command: Interview, desk: Desk, actor: Actor) -> Answer:
    """Record the step. A declined interview wants a reason, and waives it."""
    actor.check("interview")
    case = open_case(desk, command.reference, actor)
    if command.step not in STEPS:
        raise Refused(f"The steps are {', '.join(STEPS)}{words.nearest(command.step, STEPS) or '.'}", field="step")
    checks.still_counts(case)
    checks.not_in_future(desk, command.at, "Time of the interview", "at")
    reason = checks.reason_given(command.reason) if command.step == "declined" else checks.short_enough(command.reason, "reason")
    action, outcome = STEPS[command.step]
    role = command.interviewer or next(iter(sorted(actor.roles)), None)
    if command.step == "conducted":
        checks.blocked("interview", case.pack, checks.wish(case, desk, {"interviewer_role": role}), field="interviewer", roles=actor.roles)
    o = owed.open_one(case, desk, action, None)
    if o and command.step == "conducted":
        checks.not_before(command.at, o.anchor_at, "Time of the interview", "at", "the child was back")
    data = {
        "action": action,
        "keys": [list(o.key)] if o else [],
        "outcome": outcome,
        "step": command.step,
        "done_at": command.at or desk.now,
        "reason": reason,
        "interviewer": role,
    }
    record.write(desk, actor, "interviewed", data, child=case.row.child_id, episode=case.row.id)
    settle(desk, case.reread(desk))
    return Answer((f"Return interview {command.step}, {said(command.at or desk.now)}.",), case.row.reference)
