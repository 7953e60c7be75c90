"""A meeting is fixed for a time, or moved to another, with who chairs it, who must come and who else is invited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers import access, checks, owed, record
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.gathering.attendance import agencies_of, gathering, invitees, unreachable
from handlers.gathering.proposal import chairing, proposed
from handlers.outgoing import Answer
from handlers.settle import settle
from policies import words
from policies.arranged import FIXED
from policies.meeting import Meeting
from policies.obligations import Obligation
from policies.pack import After
from policies.worktime import LONDON, lasting, said

LASTS = timedelta(hours=1)  # of a meeting (house)
MOVED = "the meeting was moved by who may extend it"
FARTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Schedule:
    """A time is fixed, or another one; what is None stays as it was. `also`: roles, or people as `@id`. `required`: agencies.

    `reason`: why it is moved past its due time; None where nobody could be asked.
    """

    reference: str
    meeting: str
    starts: datetime
    chair: str | None = None
    place: str = ""
    agenda: str = ""
    required: tuple[str, ...] | None = None
    also: tuple[str, ...] | None = None
    reason: str | None = None


def schedule(command: Schedule, desk: Desk, actor: Actor) -> Answer:
    """Record the time. A move past the due time is an extension, which the protocol's approver gives with a reason."""
    actor.check("meeting")
    case, meeting = about(desk, command.reference, actor, command.meeting)
    owed.may_arrange(case, desk, meeting, actor)
    _possible(command, desk)
    before = case.episode.fixed(meeting)
    o = owed.open_one(case, desk, meeting, None)
    _required_are_invited(command, case, desk)
    late = _too_late(command, before, o, desk, actor)
    if before is None:
        _called(desk, case, actor, meeting)
    if late == "extended" and o:
        why, until = (command.reason or MOVED).strip(), command.starts + LASTS
        data = {"action": meeting, "rule": o.duty.id, "nth": o.nth, "until": until, "reason": why}
        record.write(desk, actor, "extended", data, child=case.row.child_id, episode=case.row.id)
    record.write(desk, actor, "scheduled", _data(command, desk, case, o), child=case.row.child_id, episode=case.row.id)
    settled = settle(
        desk, case.reread(desk), why=f"the meeting was moved by {actor.person.name}", touched=owed.rows_of(desk, case, meeting)
    )
    return Answer(tuple(_said(command, before, late, o, desk, settled.case)), case.row.reference)


def _possible(command: Schedule, desk: Desk) -> None:
    if command.starts < desk.now - checks.TOLERANCE:
        year = "" if command.starts.year == desk.now.year else f" {command.starts.year}"
        raise Refused(f"{said(command.starts)}{year} has passed. If it was held then, record it as held.", field="starts")
    if command.starts - desk.now > FARTHEST:
        raise Refused(f"{command.starts:%-d %B %Y} is more than a year ahead. Check the year.", field="starts")
    if command.chair and command.chair not in words.roles():
        raise Refused(f"'{command.chair[:40]}' is not a role{words.nearest(command.chair, words.roles()) or '.'}", field="chair")


def _required_are_invited(command: Schedule, case: Case, desk: Desk) -> None:
    """An agency that must come, and of which nobody is invited, would be waited for in vain."""
    if command.required is None:
        return
    also = command.also or ()
    roles = (*proposed(desk, case, command.meeting).attendees, *also)
    known = {*(words.agency_of(r) for r in roles if r in words.roles()), *agencies_of(desk, also).values(), *roles}
    for agency in command.required:
        if agency not in known:
            raise Refused(f"{words.label(agency).capitalize()} must come, and nobody of it is invited: name who comes.", field="also")


def _too_late(command: Schedule, before: Meeting | None, o: Obligation | None, desk: Desk, actor: Actor) -> str:
    """`extended` by an approver with a reason; `late` for a first time that is past due; or nothing.

    A mark is when the question arises, not by when it is answered; and what is late already is better held than not.
    """
    if o is None or o.due is None or o.duty.basis == "mark" or o.duty.id.startswith(FIXED) or o.due <= desk.now or command.starts <= o.due:
        return ""
    named = o.duty.extended_by
    may = bool(set(named) & actor.roles) if named else access.may("extend", actor.roles)
    if before and before.starts <= o.due:
        if not may:
            raise Refused(f"It is to be held by {said(o.due)}. {_approvers(named)} can move it past that, with a reason.", field="starts")
        if command.reason is not None:
            checks.reason_given(command.reason)
        return "extended"
    return "extended" if may and (command.reason or "").strip() else "late"


def _approvers(named: tuple[str, ...]) -> str:
    listed = " or ".join(words.label(role) for role in named) or "a team manager or the coordinator"
    return f"{listed[:1].upper()}{listed[1:]}"


def _data(command: Schedule, desk: Desk, case: Case, o: Obligation | None) -> dict[str, Any]:
    also = command.also if command.also is not None else getattr(case.episode.fixed(command.meeting), "also", ())
    by_protocol = o.attendees if o else proposed(desk, case, command.meeting).attendees
    roles = dict.fromkeys((*by_protocol, *(role for role in also if role in words.roles())))
    return {
        "action": command.meeting,
        "for": command.starts,
        "chair": command.chair or _otherwise(desk, case, o),
        "place": checks.one_line(command.place, "place"),
        "agenda": checks.short_enough(command.agenda, "agenda"),
        "required": None if command.required is None else list(command.required),
        "also": None if command.also is None else list(command.also),
        "named": invitees(desk, case, roles),
        "of": agencies_of(desk, also),
        "reason": checks.short_enough(command.reason or "", "reason"),
    }


def _otherwise(desk: Desk, case: Case, o: Obligation | None) -> str | None:
    """Whoever chairs in the place of a role that nobody here holds."""
    found = chairing(desk, case, o) if o else None
    return found if o and found != o.chair else None


def _said(command: Schedule, before: Meeting | None, late: str, o: Obligation | None, desk: Desk, case: Case) -> list[str]:
    moved = before is not None and before.starts != command.starts
    verb = f"moved from {said(before.starts)} to" if before and moved else "still at" if before else "fixed for"
    name = words.label(command.meeting).capitalize()
    lines = [f"{name} {verb} {said(command.starts)}, in {lasting(command.starts - desk.now)}{_twice(command.starts)}."]
    found = gathering(desk, case, command.meeting)
    asked = ", ".join(words.label(s.agency) for s in found.standings if not s.agency.startswith("@")) if found else ""
    again = "Everybody is asked again" if moved else "Invitations are on their way"
    lines.append(f"{again}: {asked}." if asked else "Nobody is invited by the protocol: name who should come.")
    outside, nobody = unreachable(desk, case, found.obligation.attendees) if found else ([], [])
    if outside:
        lines.append(f"Without an account here: {_list(outside)}. Tell them yourselves.")
    if nobody:
        lines.append(f"Nobody here is {_list(nobody)}. Ring them, and record their answer with 'answer {case.row.reference}'.")
    if late == "late" and o and o.due:
        lines.append(
            f"That is {lasting(command.starts - o.due)} after it is due. {_approvers(o.duty.extended_by)} can extend it, with a reason."
        )
    return lines


def _twice(moment: datetime) -> str:
    """In the hour that comes twice the earlier is meant, and it is said so."""
    local = moment.astimezone(LONDON)
    first, second = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    if first is None or second is None or first <= second:
        return ""
    return f" ({'the second' if local.fold else 'the first'} {local:%H:%M} of that night, {local:%Z})"


def _list(roles: list[str]) -> str:
    return ", ".join(words.label(role) for role in roles)


def _called(desk: Desk, case: Case, actor: Actor, meeting: str) -> None:
    """Fixing a meeting that nobody owes is the decision to hold it, where the protocol lets somebody decide so (BURY-70)."""
    asked = [d for d in case.pack.duties for a in d.anchors if isinstance(a, After) and meeting in a.actions and "hold" in a.outcome]
    if not asked or owed.open_one(case, desk, meeting, None):
        return
    checks.blocked(f"decide:{meeting}:hold", case.pack, checks.wish(case, desk, {}), roles=actor.roles, reason="its time is being fixed")
    data = {"action": meeting, "outcome": "hold", "keys": [], "reason": ""}
    record.write(desk, actor, "decided", data, child=case.row.child_id, episode=case.row.id)


def about(desk: Desk, reference: str, actor: Actor, meeting: str) -> tuple[Case, str]:
    """The case and the kind of meeting. Raises Refused for what is no meeting."""
    case = open_case(desk, reference, actor)
    if words.actions().get(meeting) != "meeting":
        meetings = [action for action, kind in words.actions().items() if kind == "meeting"]
        raise Refused(f"'{meeting[:40]}' is not a meeting of this protocol{words.nearest(meeting, meetings) or '.'}", field="meeting")
    checks.still_counts(case)
    return case, meeting
