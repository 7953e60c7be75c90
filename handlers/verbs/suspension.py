"""Suspend and restore: somebody may do and hears nothing from this moment on, whatever homeward.yml says."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import checks, people, record
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.fields import SEALED
from handlers.gathering.booking import invite_anew
from handlers.outgoing import Answer, Field, Form
from handlers.sent_in import Values
from storage import arrangements
from storage.arrangements import Arrangement
from storage.ids import new_id


@dataclass(frozen=True)
class Suspend:
    """For the actor's authority, or, `everywhere`, for every one."""

    person: str
    reason: str
    everywhere: bool = False


def form(desk: Desk, actor: Actor) -> Form:
    """Who, and why."""
    actor.check("suspend")
    others = [p for p in people.of_authority(desk, actor.authority) if p.id != actor.id]
    fields = (
        Field("person", "Who", "choice", people.options(others, actor.authority), required=True),
        Field("reason", "Why", "long", required=True, hint=SEALED),
    )
    note = "From now on they can do nothing here and hear nothing; what is meant for them goes to others."
    return Form("suspend", "Suspend somebody", fields, "Suspend", people.context(actor), note)


def form_to_restore(desk: Desk, actor: Actor) -> Form:
    """Who may act again."""
    actor.check("suspend")
    mine = {a.person for a in _suspensions(desk, actor.authority)}
    suspended = [p for p in people.of_authority(desk, actor.authority) if p.id in mine]
    if not suspended:
        raise Refused("Nobody is suspended here.")
    fields = (
        Field("person", "Who", "choice", people.options(suspended, actor.authority), required=True),
        Field("reason", "Why", "long", required=True, hint=SEALED),
    )
    return Form("restore", "Restore somebody", fields, "Restore", people.context(actor))


def sent(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """The form sent in."""
    return suspend(Suspend(v.needed("person"), v.text("reason")), desk, actor)


def sent_to_restore(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """The other form sent in."""
    return restore(Suspend(v.needed("person"), v.text("reason")), desk, actor)


def suspend(command: Suspend, desk: Desk, actor: Actor) -> Answer:
    """From this commit on. Raises Refused for oneself, and for somebody who is suspended already."""
    actor.check("suspend")
    person = people.known(desk, actor, command.person, "person")
    reason = checks.reason_given(command.reason)
    if person.id == actor.id:
        raise Refused("You cannot suspend yourself: ask somebody else to do it.", field="person")
    if any(a.person == person.id for a in _suspensions(desk, actor.authority)):
        raise Refused(f"{person.name} is suspended already.", field="person")
    where = None if command.everywhere else actor.authority
    arrangements.add(desk.session, Arrangement(new_id(), "suspension", person.id, desk.now, actor.id, desk.now, authority=where))
    desk.people_changed()
    invite_anew(desk, person.id)
    record.write(desk, actor, "suspended", {"person": person.id, "reason": reason}, child=None, episode=None)
    return Answer((f"{person.name} is suspended: they can do nothing here and hear nothing, from now on.",))


def restore(command: Suspend, desk: Desk, actor: Actor) -> Answer:
    """They may act again, with the roles that homeward.yml gives them."""
    actor.check("suspend")
    person = people.known(desk, actor, command.person, "person")
    reason = checks.reason_given(command.reason)
    found = [a for a in _suspensions(desk, actor.authority) if a.person == person.id]
    if not found:
        raise Refused(f"{person.name} is not suspended.", field="person")
    if person.id == actor.id:
        raise Refused("You cannot restore yourself: ask somebody else to do it.", field="person")
    for suspension in found:
        arrangements.end(desk.session, suspension.id, desk.now)
    desk.people_changed()
    invite_anew(desk, person.id)
    record.write(desk, actor, "restored", {"person": person.id, "reason": reason}, child=None, episode=None)
    return Answer((f"{person.name} can act again.",))


def _suspensions(desk: Desk, authority: str) -> list[Arrangement]:
    return [
        a
        for a in arrangements.current(desk.session, desk.now)
        if a.kind == "suspension" and a.authority in {None, authority} and a.on(desk.now)
    ]
