"""Reassign: the return interview is given to a named person, who is sent it."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import checks, independence, record
from handlers.assigning import tell_new_holder
from handlers.case import open_case
from handlers.desk import Actor, Desk
from handlers.directory import Person
from handlers.errors import Refused
from handlers.outgoing import Answer
from handlers.settle import settle
from policies.interviews import INTERVIEW
from policies.worktime import said


@dataclass(frozen=True)
class Reassign:
    """The interview is given to a named person."""

    reference: str
    person: str
    reason: str = ""


def reassign(command: Reassign, desk: Desk, actor: Actor) -> Answer:
    """Give it to somebody by name; the time stays. Raises Refused when they are not independent of the child's care."""
    actor.check("interview")
    case = open_case(desk, command.reference, actor)
    independence.records(case, desk, actor)
    checks.still_counts(case)
    person = _known(command.person, desk, actor)
    for role in sorted(person.held(actor.authority, desk.today)):
        independence.check(case, desk, role, "person")
    if person.id == case.episode.interviewer:
        raise Refused(f"{person.name} has this interview already.", field="person")
    data = {"action": INTERVIEW, "person": person.id, "reason": checks.short_enough(command.reason, "reason")}
    record.write(desk, actor, "reassigned", data, child=case.row.child_id, episode=case.row.id)
    settled = settle(desk, case.reread(desk))
    told = tell_new_holder(desk, settled, person)
    limit = next((o.due for o in told if o.due), None)
    due = f" The time stays: {said(limit)}." if limit else ""
    return Answer(
        (f"The return interview of {case.row.reference} is now with {person.name}, who has been sent it.{due}",), case.row.reference
    )


def _known(person_id: str, desk: Desk, actor: Actor) -> Person:
    person = desk.directory.person(person_id)
    if person is None or not person.held(actor.authority, desk.today):
        raise Refused("Nobody of that name holds a role here today. Choose somebody from the list.", field="person")
    return person
