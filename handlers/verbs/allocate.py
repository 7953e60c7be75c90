"""Allocate: who works with this child in a role, and so hears first."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import joining, people, record, seeing
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.directory import Person
from handlers.errors import Refused
from handlers.outgoing import Answer, Field
from handlers.sent_in import Values
from handlers.settle import settle
from policies import words
from policies.pack import Pack
from storage import allocations, permits
from storage.ids import new_id
from storage.permits import Permit

NOBODY = "nobody"
MOST = 99  # people in one choice, beside 'nobody'


@dataclass(frozen=True)
class Allocate:
    """`person` None: nobody any more, so whoever holds the role on call hears."""

    reference: str
    role: str
    person: str | None


def form(desk: Desk, pack: Pack, case: Case | None) -> tuple[str, str, list[Field]]:
    """Which role, and who."""
    everybody = people.of_authority(desk, case.row.authority) if case else []
    held = sorted({h.role for p in everybody for h in p.roles if case and h.authority == case.row.authority})
    first = [r for r in ("social_worker", *held) if r in held]
    roles = tuple((r, words.label(r)) for r in dict.fromkeys(first))
    who = ((NOBODY, "Nobody: whoever is on call"), *people.options(everybody[:MOST], case.row.authority if case else ""))
    fields = [Field("role", "As", "choice", roles, required=True, value=roles[0][0] if roles else "")]
    return "Who works with this child", "Save", [*fields, Field("person", "Who", "choice", who, required=True)]


def sent(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """The form sent in."""
    person = v.needed("person")
    return allocate(Allocate(context["reference"], v.needed("role"), None if person == NOBODY else person), desk, actor)


def allocate(command: Allocate, desk: Desk, actor: Actor) -> Answer:
    """Record it; the next ping goes there. Raises Refused for somebody who does not hold the role."""
    actor.check("allocate")
    case = open_case(desk, command.reference, actor)
    role, child = words.label(command.role), case.row.child_id
    if command.role not in words.roles():
        raise Refused(f"'{command.role[:40]}' is not a role{words.nearest(command.role, words.roles()) or '.'}", field="role")
    before = allocations.of_child(desk.session, child).get(command.role)
    data = {"role": command.role, "person": command.person, "before": before}
    if command.person is None:
        for one in joining.records(desk, child):
            allocations.release(desk.session, one, command.role)
        answer = f"Nobody is allocated as {role} any more: whoever is on call hears what is due."
    else:
        person = people.known(desk, actor, command.person, "person")
        if command.role not in person.held(actor.authority, desk.today):
            raise Refused(f"{person.name} does not hold the role {role} here; homeward.yml is where roles are given.", field="person")
        if case.row.restricted:
            _let_in(desk, actor, case, person)
        for one in joining.records(desk, child):
            allocations.allocate(desk.session, one, command.role, person.id)
        answer = f"{person.name} is the {role} of this child from now on, and hears first."
        people.tell(desk, actor.authority, person, "A child is allocated to you", f"You are the {role} in {case.row.reference}.")
    record.write(desk, actor, "allocated", data, child=child, episode=case.row.id)
    settle(desk, case.reread(desk))
    return Answer((answer,), case.row.reference)


def _let_in(desk: Desk, actor: Actor, case: Case, person: Person) -> None:
    """Whoever works with the child opens its restricted episode. Raises Refused for one who must not."""
    live = [p for p in permits.of_episode(desk.session, case.row.id) if p.on(desk.now)]
    if person.id in seeing.barred(live):
        raise Refused(f"{person.name} must not see this episode. Restrict it anew if that was wrong.", field="person")
    if not any(p.kind == "named" and p.who == person.id and p.until is None for p in live):
        permits.add(desk.session, Permit(new_id(), "named", case.row.id, person.id, desk.now, actor.id))
