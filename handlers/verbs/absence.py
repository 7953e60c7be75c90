"""Away and back: who is absent and who stands in; what came meanwhile is handed back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import access, people, record
from handlers.case import worked_out
from handlers.desk import Actor, Desk
from handlers.directory import Person
from handlers.errors import Refused
from handlers.fields import TURN
from handlers.outgoing import Answer, Field, Form, Reply
from handlers.sent_in import Values
from policies.worktime import said
from storage import arrangements, episodes
from storage.arrangements import Arrangement
from storage.ids import new_id

LONGEST = 400  # days


@dataclass(frozen=True)
class Away:
    """`delegate` None: nobody stands in, so the next one up hears what is for them."""

    person: str
    since: datetime
    until: datetime
    delegate: str | None = None


def form(desk: Desk, actor: Actor) -> Form:
    """Who, from when, until when, and who stands in; others than oneself only for those who arrange."""
    actor.check("away")
    absent = people.of_authority(desk, actor.authority) if access.may("arrange", actor.roles) else [actor.person]
    stand_in = [p for p in people.of_authority(desk, actor.authority) if people.may_stand_in(p, absent)]
    fields = (
        Field("person", "Who is away", "choice", people.options(absent, actor.authority), required=True, value=actor.id),
        Field("since", "From", "time", hint=f"{TURN} Leave empty for now."),
        Field("until", "Until", "time", required=True, hint=TURN),
        Field(
            "delegate",
            "Who stands in",
            "choice",
            people.options(stand_in, actor.authority),
            hint="Leave empty if nobody does: the next one up hears it",
        ),
    )
    return Form("away", "Away", fields, "Save", people.context(actor))


def sent(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """The form sent in."""
    until = v.time("until", ahead=True)
    if until is None:
        raise Refused("Say until when.", field="until")
    return away(Away(v.needed("person"), v.time("since", ahead=True) or desk.now, until, v.text("delegate") or None), desk, actor)


def away(command: Away, desk: Desk, actor: Actor) -> Answer:
    """Record it. Raises Refused for a circle of stand-ins, a time that cannot be, somebody of another authority or agency."""
    actor.check("away" if command.person == actor.id else "arrange")
    person = people.known(desk, actor, command.person, "person")
    delegate = people.known(desk, actor, command.delegate, "delegate") if command.delegate else None
    _times(command, desk)
    if delegate:
        _can_stand_in(desk, command, person, delegate)
    _only_one(desk, command, person)
    kept = Arrangement(new_id(), "absence", person.id, command.since, actor.id, desk.now, command.delegate, until=command.until)
    arrangements.add(desk.session, kept)
    desk.people_changed()
    data = {"person": person.id, "delegate": command.delegate, "since": command.since, "until": command.until}
    record.write(desk, actor, "away", data, child=None, episode=None)
    span = f"from {said(command.since)} until {said(command.until)}" if command.since > desk.now else f"until {said(command.until)}"
    if delegate:
        people.tell(
            desk, actor.authority, delegate, "You stand in", f"You stand in for {person.name} {span}. Type 'mine' to see what is open."
        )
    instead = f"{delegate.name} stands in." if delegate else "Nobody stands in: the next one up hears what is due."
    return Answer((f"{person.name} is away {span}. {instead}",))


def back(desk: Desk, actor: Actor) -> Reply:
    """End one's own absence at once, or choose whose."""
    actor.check("away")
    absent = _absences(desk)
    if actor.id in {a.person for a in absent}:
        return come_back(desk, actor, actor.id)
    mine = {p.id: p for p in people.of_authority(desk, actor.authority)}
    others = [mine[a.person] for a in absent if a.person in mine]
    if not others or not access.may("arrange", actor.roles):
        raise Refused("You are not away." if not others else "You are not away; a manager can say that somebody else is back.")
    choice = Field("person", "Who is back", "choice", people.options(others, actor.authority), required=True)
    return Form("back", "Back", (choice,), "Save", people.context(actor))


def sent_back(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """The form sent in."""
    return come_back(desk, actor, v.needed("person"))


def come_back(desk: Desk, actor: Actor, person_id: str) -> Answer:
    """The absence ends now; the person hears what their stand-in has in hand."""
    actor.check("away" if person_id == actor.id else "arrange")
    person = people.known(desk, actor, person_id, "person")
    ended = [a for a in _absences(desk) if a.person == person_id]
    if not ended:
        raise Refused(f"{person.name} is not away.", field="person")
    for absence in ended:
        arrangements.end(desk.session, absence.id, desk.now)
    desk.people_changed()
    record.write(desk, actor, "back", {"person": person_id}, child=None, episode=None)
    delegate = desk.directory.person(ended[0].other or "")
    if delegate:
        people.tell(desk, actor.authority, delegate, "You stand in no longer", f"{person.name} is back; you stand in no longer.")
    lines = [f"{person.name} is back."]
    lines += _handed_back(desk, actor, delegate, ended) if delegate else []
    return Answer((*lines, "Type 'mine' to see what is open."))


def _absences(desk: Desk) -> list[Arrangement]:
    return [a for a in arrangements.current(desk.session, desk.now) if a.kind == "absence" and a.on(desk.now)]


def _times(command: Away, desk: Desk) -> None:
    if command.until <= max(command.since, desk.now):
        raise Refused(f"Until {said(command.until)} is over before it begins; give a later time.", field="until")
    if (command.until - command.since).days > LONGEST:
        raise Refused("That is more than a year; homeward.yml is where a role ends for good.", field="until")


def _can_stand_in(desk: Desk, command: Away, person: Person, delegate: Person) -> None:
    if not people.may_stand_in(delegate, [person]) or delegate.id == person.id:
        raise Refused(f"{delegate.name} cannot stand in for {person.name}: choose somebody else of the same agency.", field="delegate")
    chain, at = [person.name, delegate.name], delegate.id
    overlapping = [a for a in arrangements.current(desk.session, desk.now) if a.kind == "absence" and _overlap(a, command)]
    while following := next((a for a in overlapping if a.person == at and a.other), None):
        at = following.other or ""
        named = desk.office.directory.person(at)
        chain.append(named.name if named else at)
        if at == person.id:
            raise Refused(f"That would go round in a circle: {' → '.join(chain)}. Choose somebody who is there.", field="delegate")


def _overlap(a: Arrangement, command: Away) -> bool:
    return a.since < command.until and (a.until is None or command.since < a.until)


def _only_one(desk: Desk, command: Away, person: Person) -> None:
    for a in arrangements.current(desk.session, desk.now):
        if a.kind == "absence" and a.person == person.id and _overlap(a, command):
            until = f" until {said(a.until)}" if a.until else ""
            raise Refused(f"{person.name} is already away from {said(a.since)}{until}. Say 'back' first to change it.", field="since")


def _handed_back(desk: Desk, actor: Actor, delegate: Person, ended: Sequence[Arrangement]) -> list[str]:
    since = min(a.since for a in ended)
    lines = []
    for row in episodes.open_of(desk.session, actor.authority):
        found = None if row.restricted else worked_out(desk, row)
        for o in found[1] if found else ():
            acks = [a for a in found[0].episode.acks if (a.rule, a.nth) == o.key] if found else []
            if o.status == "open" and acks and acks[-1].actor == delegate.id and acks[-1].at >= since:
                lines.append(f"{row.reference}: {delegate.name} has it in hand: {o.duty.says}.")
    return lines
