"""Waive an obligation with a reason, or extend its time: by those the protocol names, else by a manager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers import access, checks, owed, record
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.errors import NeedsApproval, Refused
from handlers.fields import Built, choice
from handlers.outgoing import Answer, Field
from handlers.settle import settle
from policies import words
from policies.obligations import Obligation
from policies.pack import Pack
from policies.worktime import said


@dataclass(frozen=True)
class Waive:
    """Not to be done, and why."""

    reference: str
    action: str | None = None
    obligation: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class Extend:
    """To be done later, until when, and why."""

    reference: str
    until: datetime
    action: str | None = None
    obligation: str | None = None
    reason: str = ""


def form(desk: Desk, pack: Pack, case: Case | None) -> Built:
    """What is not needed, and why."""
    return "Waive", "Waive", [choice("action", "What", owed.open_actions(case, desk)), Field("reason", "Why", "long", required=True)]


def extend_form(desk: Desk, pack: Pack, case: Case | None) -> Built:
    """What gets more time, until when, and why."""
    fields = [
        choice("action", "What", owed.open_actions(case, desk)),
        Field("until", "Until", "time", required=True, hint="Like tomorrow 12:00 or 3 Feb 12:00"),
        Field("reason", "Why", "long", required=True),
    ]
    return "More time", "Extend", fields


def waive(command: Waive, desk: Desk, actor: Actor) -> Answer:
    """Record the waiver."""
    case = open_case(desk, command.reference, actor)
    o = owed.needed(case, desk, command.action, owed.key_of(desk, case, command.obligation), actor)
    _approved("waive", o.duty.waived_by, actor, case, o)
    reason = checks.reason_given(command.reason)
    data = {"action": o.duty.action, "rule": o.duty.id, "nth": o.nth, "reason": reason}
    record.write(desk, actor, "waived", data, child=case.row.child_id, episode=case.row.id)
    settle(desk, case.reread(desk))
    return Answer((f"Waived, with your reason: {o.duty.says}.",), case.row.reference)


def extend(command: Extend, desk: Desk, actor: Actor) -> Answer:
    """Record the extension; the due time moves, and the post says so."""
    case = open_case(desk, command.reference, actor)
    o = owed.needed(case, desk, command.action, owed.key_of(desk, case, command.obligation), actor)
    _approved("extend", o.duty.extended_by, actor, case, o)
    checks.blocked(f"extend:{o.duty.action}", case.pack, checks.wish(case, desk, {}), roles=actor.roles)
    if command.until <= desk.now:
        raise Refused(f"The new time {said(command.until)} has passed already; give one that lies ahead.", field="until")
    if o.due and command.until <= o.due:
        raise Refused(f"It is due {said(o.due)} as it is; more time means a later one than that.", field="until")
    reason = checks.reason_given(command.reason)
    data = {"action": o.duty.action, "rule": o.duty.id, "nth": o.nth, "until": command.until, "reason": reason}
    record.write(desk, actor, "extended", data, child=case.row.child_id, episode=case.row.id)
    settle(desk, case.reread(desk), why=f"extended by {actor.person.name}")
    return Answer((f"Extended to {said(command.until)}: {o.duty.says}.",), case.row.reference)


def _approved(verb: str, named: tuple[str, ...], actor: Actor, case: Case, o: Obligation) -> None:
    """The protocol's own approvers, where it names some; else the access table, and the managers of whoever owes it."""
    if named and not set(named) & actor.roles:
        who = " or ".join(words.label(role) for role in named)
        raise NeedsApproval(f"The protocol wants {who} to agree to this. Ask one of them.", named)
    if not named and not access.may(verb, actor.roles):
        raise NeedsApproval(access.refusal(verb), deciders_over(case, o.owner))


def deciders_over(case: Case, owner: str) -> tuple[str, ...]:
    """Who is above whoever owes something and may decide about it, the nearest first; the coordinator last."""
    up, role = [], case.pack.reached_through.get(owner, owner)
    while (role := case.pack.managers.get(role, "")) and role not in up:
        up.append(role)
    deciders = [role for role in up if access.group_of(role) in access.DECIDERS]
    return tuple(dict.fromkeys((*deciders, case.pack.coordinator)))
