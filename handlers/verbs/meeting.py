"""Meetings: fixed for a time, answered by an agency, held or not held, cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers import checks, owed, record
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.outgoing import Answer
from handlers.settle import settle
from policies import words
from policies.pack import After
from policies.worktime import said
from storage import obligations

ANSWERS = {"accepted": "accepts", "tentative": "may come", "declined": "declines", "delegated": "sends somebody else"}


@dataclass(frozen=True)
class Schedule:
    """A time is fixed; invitations go out at once."""

    reference: str
    meeting: str
    starts: datetime
    chair: str | None = None


@dataclass(frozen=True)
class Meet:
    """Held at a time, or not held and why."""

    reference: str
    meeting: str
    held: bool = True
    held_at: datetime | None = None
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class Cancel:
    """Called off, and why; what asked for it stays owed."""

    reference: str
    meeting: str
    reason: str = ""


@dataclass(frozen=True)
class Respond:
    """An agency's answer. `to`: who comes instead."""

    reference: str
    meeting: str
    agency: str
    answer: str
    reason: str = ""
    to: str | None = None


def schedule(command: Schedule, desk: Desk, actor: Actor) -> Answer:
    """Record the time."""
    actor.check("meeting")
    case, meeting = _about(desk, command.reference, actor, command.meeting)
    if command.starts < desk.now - checks.TOLERANCE:
        raise Refused(f"{said(command.starts)} has passed. If it was held then, record it as held.", field="starts")
    _called(desk, case, actor, meeting)
    data = {"action": meeting, "for": command.starts, "chair": command.chair}
    record.write(desk, actor, "scheduled", data, child=case.row.child_id, episode=case.row.id)
    settle(desk, case.reread(desk))
    return Answer(
        (f"{words.label(meeting).capitalize()} fixed for {said(command.starts)}. Invitations are on their way.",), case.row.reference
    )


def _called(desk: Desk, case: Case, actor: Actor, meeting: str) -> None:
    """Fixing a meeting that nobody owes is the decision to hold it, where the protocol lets somebody decide so (BURY-70)."""
    asked = [d for d in case.pack.duties for a in d.anchors if isinstance(a, After) and meeting in a.actions and "hold" in a.outcome]
    if not asked or owed.open_one(case, desk, meeting, None):
        return
    checks.blocked(f"decide:{meeting}:hold", case.pack, checks.wish(case, desk, {}), roles=actor.roles)
    data = {"action": meeting, "outcome": "hold", "keys": [], "reason": ""}
    record.write(desk, actor, "decided", data, child=case.row.child_id, episode=case.row.id)


def meet(command: Meet, desk: Desk, actor: Actor) -> Answer:
    """Record that it was held (which meets every obligation that asked for it), or that it was not."""
    actor.check("meeting")
    case, meeting = _about(desk, command.reference, actor, command.meeting)
    held_at = command.held_at or desk.now
    checks.not_in_future(desk, held_at, "Held at", "held_at")
    checks.not_before(held_at, case.episode.stated_since, "Held at", "held_at")
    reason = checks.short_enough(command.reason, "reason") if command.held else checks.reason_given(command.reason)
    data = {"action": meeting, "done_at": held_at, "reason": reason, "note": checks.short_enough(command.note, "note")}
    record.write(desk, actor, "held" if command.held else "not_held", data, child=case.row.child_id, episode=case.row.id)
    settle(desk, case.reread(desk))
    what = f"held {said(held_at)}" if command.held else "not held; it stays owed"
    return Answer((f"{words.label(meeting).capitalize()}: {what}.",), case.row.reference)


def cancel(command: Cancel, desk: Desk, actor: Actor) -> Answer:
    """Record that it is called off."""
    actor.check("meeting")
    case, meeting = _about(desk, command.reference, actor, command.meeting)
    data = {"action": meeting, "reason": checks.reason_given(command.reason)}
    record.write(desk, actor, "cancelled", data, child=case.row.child_id, episode=case.row.id)
    settle(desk, case.reread(desk))
    return Answer((f"{words.label(meeting).capitalize()} called off. What asked for it stays open.",), case.row.reference)


def respond(command: Respond, desk: Desk, actor: Actor) -> Answer:
    """Record an agency's answer, kept also when the invitation goes out later."""
    actor.check("respond")
    case, meeting = _about(desk, command.reference, actor, command.meeting)
    if command.answer not in ANSWERS:
        raise Refused(
            f"Answer with accepted, tentative, declined or delegated{words.nearest(command.answer, ANSWERS) or '.'}", field="answer"
        )
    reason = checks.reason_given(command.reason) if command.answer == "declined" else checks.short_enough(command.reason, "reason")
    data = {
        "action": meeting,
        "agency": command.agency,
        "answer": command.answer,
        "reason": reason,
        "to": checks.one_line(command.to, "to"),
    }
    record.write(desk, actor, "responded", data, child=case.row.child_id, episode=case.row.id)
    touched = [row.id for row in obligations.of_episode(desk.session, case.row.id) if row.action == meeting]
    settle(desk, case.reread(desk), touched=touched)
    return Answer((f"Noted: {words.label(command.agency)} {ANSWERS[command.answer]} ({words.label(meeting)}).",), case.row.reference)


def _about(desk: Desk, reference: str, actor: Actor, meeting: str) -> tuple[Case, str]:
    case = open_case(desk, reference, actor)
    if words.actions().get(meeting) != "meeting":
        meetings = [action for action, kind in words.actions().items() if kind == "meeting"]
        raise Refused(f"'{meeting[:40]}' is not a meeting of this protocol{words.nearest(meeting, meetings) or '.'}", field="meeting")
    checks.still_counts(case)
    return case, meeting
