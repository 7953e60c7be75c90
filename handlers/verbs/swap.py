"""Swap: somebody else takes a turn of the rota."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers import people, record
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.fields import TURN
from handlers.outgoing import Answer, Field, Form
from handlers.sent_in import Values
from policies import words
from policies.worktime import said
from storage import arrangements
from storage.arrangements import Arrangement
from storage.ids import new_id


@dataclass(frozen=True)
class Swap:
    """`person` takes the turns that `relieved` has in a role between the two moments."""

    role: str
    relieved: str
    person: str
    since: datetime
    until: datetime


def form(desk: Desk, actor: Actor) -> Form:
    """Which role, whose turn, who takes it, from when until when."""
    actor.check("away")
    turns = [t for t in desk.office.directory.rota if t.authority == actor.authority]
    if not turns:
        raise Refused("There is no rota here: homeward.yml names none for this authority.")
    everybody = people.of_authority(desk, actor.authority)
    on_rota = {t.person for t in turns}
    roles = tuple((r, words.label(r)) for r in sorted({t.role for t in turns}))
    fields = (
        Field("role", "Role", "choice", roles, required=True, value=roles[0][0]),
        Field(
            "relieved",
            "Whose turn it is",
            "choice",
            people.options([p for p in everybody if p.id in on_rota], actor.authority),
            required=True,
        ),
        Field("person", "Who takes it", "choice", people.options(everybody, actor.authority), required=True),
        Field("since", "From", "time", hint=f"{TURN} Leave empty for now."),
        Field("until", "Until", "time", required=True, hint=TURN),
    )
    return Form("swap", "Swap a turn", fields, "Save", people.context(actor))


def sent(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """The form sent in."""
    until = v.time("until", ahead=True)
    if until is None:
        raise Refused("Say until when.", field="until")
    since = v.time("since", ahead=True) or desk.now
    return swap(Swap(v.needed("role"), v.needed("relieved"), v.needed("person"), since, until), desk, actor)


def swap(command: Swap, desk: Desk, actor: Actor) -> Answer:
    """Record it. Raises Refused for somebody who does not hold the role, or has no turn in it."""
    if actor.id not in {command.relieved, command.person}:
        actor.check("arrange")
    actor.check("away")
    relieved = people.known(desk, actor, command.relieved, "relieved")
    person = people.known(desk, actor, command.person, "person")
    role = words.label(command.role)
    if command.until <= max(command.since, desk.now):
        raise Refused(f"Until {said(command.until)} is over before it begins; give a later time.", field="until")
    if not any((t.person, t.role, t.authority) == (relieved.id, command.role, actor.authority) for t in desk.office.directory.rota):
        raise Refused(f"{relieved.name} has no turn as {role} in the rota.", field="relieved")
    if person.id == relieved.id or command.role not in person.held(actor.authority, desk.today):
        raise Refused(f"{person.name} cannot take it: choose somebody else who holds the role {role}.", field="person")
    kept = Arrangement(
        new_id(), "swap", person.id, command.since, actor.id, desk.now, relieved.id, actor.authority, command.role, command.until
    )
    arrangements.add(desk.session, kept)
    desk.people_changed()
    data = {"role": command.role, "relieved": relieved.id, "person": person.id, "since": command.since, "until": command.until}
    record.write(desk, actor, "swapped", data, child=None, episode=None)
    span = f"from {said(command.since)} until {said(command.until)}"
    for other in (p for p in (person, relieved) if p.id != actor.id):
        people.tell(desk, actor.authority, other, "A turn was swapped", f"{person.name} is {role} instead of {relieved.name} {span}.")
    return Answer((f"{person.name} is {role} instead of {relieved.name} {span}.",))
