"""What becomes of a meeting that was fixed: called off, held with somebody else, or gone ahead with all the same."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import checks, owed, record
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.gathering import telling
from handlers.gathering.attendance import agencies_of, gathering, invitees
from handlers.outgoing import Answer
from handlers.settle import settle
from handlers.verbs.meeting import about
from policies import words
from policies.worktime import said


@dataclass(frozen=True)
class Cancel:
    """Called off, and why; what asked for it stays owed."""

    reference: str
    meeting: str
    reason: str = ""


@dataclass(frozen=True)
class Invite:
    """Somebody more is invited to what is fixed: a role, or a person as `@id`."""

    reference: str
    meeting: str
    who: str


@dataclass(frozen=True)
class GoAhead:
    """It is held although an agency that must come is missing."""

    reference: str
    meeting: str


def cancel(command: Cancel, desk: Desk, actor: Actor) -> Answer:
    """Record that it is called off, and tell everybody who was invited."""
    actor.check("meeting")
    case, meeting = about(desk, command.reference, actor, command.meeting)
    owed.may_arrange(case, desk, meeting, actor)
    data = {"action": meeting, "reason": checks.reason_given(command.reason)}
    found, fixed = gathering(desk, case, meeting), case.episode.fixed(meeting)
    record.write(desk, actor, "cancelled", data, child=case.row.child_id, episode=case.row.id)
    settle(desk, case.reread(desk), touched=owed.rows_of(desk, case, meeting))
    if found and fixed:
        telling.called_off(desk, case, found, fixed)
    return Answer((f"{words.label(meeting).capitalize()} called off. What asked for it stays open.",), case.row.reference)


def invite(command: Invite, desk: Desk, actor: Actor) -> Answer:
    """Record who else is invited, in the place of an agency that does not come."""
    actor.check("meeting")
    case, meeting = about(desk, command.reference, actor, command.meeting)
    owed.may_arrange(case, desk, meeting, actor)
    fixed = case.episode.fixed(meeting)
    if fixed is None:
        raise Refused(f"No {words.label(meeting)} is fixed. Fix a time first: 'meeting {case.row.reference}'.", field="who")
    if command.who in fixed.also or command.who in (getattr(owed.open_one(case, desk, meeting, None), "attendees", ())):
        raise Refused("They are invited already. Ring them if they do not answer.", field="who")
    named = invitees(desk, case, [command.who]) if command.who in words.roles() else {}
    data = {"action": meeting, "who": command.who, "named": named, "of": agencies_of(desk, [command.who])}
    record.write(desk, actor, "invited", data, child=case.row.child_id, episode=case.row.id)
    settle(desk, case.reread(desk), touched=owed.rows_of(desk, case, meeting))
    return Answer((f"Invited as well, to the {words.label(meeting)} on {said(fixed.starts)}.",), case.row.reference)


def go_ahead(command: GoAhead, desk: Desk, actor: Actor) -> Answer:
    """Record it; nobody is told again that an agency is missing."""
    actor.check("meeting")
    case, meeting = about(desk, command.reference, actor, command.meeting)
    owed.may_arrange(case, desk, meeting, actor)
    fixed = case.episode.fixed(meeting)
    if fixed is None:
        raise Refused(f"No {words.label(meeting)} is fixed any more. Type 'status {case.row.reference}' to see what is open.")
    record.write(desk, actor, "goes_ahead", {"action": meeting}, child=case.row.child_id, episode=case.row.id)
    settle(desk, case.reread(desk), touched=owed.rows_of(desk, case, meeting))
    return Answer((f"Noted: the {words.label(meeting)} on {said(fixed.starts)} goes ahead with whoever comes.",), case.row.reference)
