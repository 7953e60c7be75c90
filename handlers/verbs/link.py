"""Link: say whose account it is that acted without being known; what they pressed can then be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from handlers import accounts, record
from handlers.accounts import Waiting
from handlers.desk import Actor, Desk
from handlers.directory import Person
from handlers.errors import HandlerError, Refused
from handlers.incoming import Pressed
from handlers.outgoing import Answer, Field, Form, Reply
from handlers.people import options
from storage.ids import new_id


@dataclass(frozen=True)
class Link:
    """`account` is the key of one that waits."""

    account: str
    person: str


def candidates(desk: Desk, actor: Actor) -> list[Person]:
    """People of the authority, by name."""
    people = [p for p in desk.directory.people if p.held(actor.authority, desk.today)]
    return sorted(people, key=lambda p: p.name)


def form(desk: Desk, actor: Actor) -> Form:
    """Who waits, and who they could be. Raises Refused when nobody waits."""
    actor.check("link")
    waiting = accounts.waiting(desk, actor.authority)
    if not waiting:
        raise Refused("Nobody waits for access.")
    keys = tuple((w.stranger.key, f"{w.stranger.user} of {w.stranger.team}") for w in waiting)
    people = options(candidates(desk, actor), actor.authority)
    fields = (
        Field("account", "Account", "choice", keys, required=True, value=keys[0][0]),
        Field("person", "Whose it is", "choice", people, required=True, hint="People of homeward.yml with a role here"),
    )
    context = (("nonce", new_id()), ("authority", actor.authority))
    return Form("link", "Give access", fields, "Give access", context, "Be sure who it is: they will act under this name.")


def link(command: Link, desk: Desk, actor: Actor) -> tuple[Waiting, Person]:
    """Remember whose account it is, for whoever is named in homeward.yml and has none there. Raises Refused."""
    actor.check("link")
    found = next((w for w in accounts.waiting(desk, actor.authority) if w.stranger.key == command.account), None)
    if found is None:
        raise Refused("That account no longer waits for access.", field="account")
    person = next((p for p in candidates(desk, actor) if p.id == command.person), None)
    if person is None:
        raise Refused("Choose somebody who holds a role for this authority in homeward.yml.", field="person")
    if accounts.has_account(desk, person, found.stranger.platform, found.stranger.team):
        raise Refused(f"{person.name} has another account there already; homeward.yml is where that is changed.", field="person")
    accounts.remember(desk, found.stranger, person)
    data = {"account": found.stranger.key, "person": person.id}
    record.write(desk, actor, "linked", data, child=None, episode=None)
    return found, person


def give(values: Mapping[str, str], desk: Desk, actor: Actor, press: Callable[[Pressed, Desk], Reply]) -> Answer:
    """Give access by form; what the account had pressed is done now, in its owner's name, and they hear of it."""
    waited, person = link(Link(values.get("account", ""), values.get("person", "")), desk, actor)
    given = f"{person.name} can act here from now on."
    if waited.pressed is None:
        return Answer((given,))
    try:
        reply = press(replace(waited.pressed, by=person.id, authority=None), desk)
    except HandlerError as refused:
        return Answer((given, f"What they pressed could not be done any more: {refused}"))
    if not isinstance(reply, Answer):
        return Answer((given, "What they pressed asks for details: tell them to press it again."))
    accounts.tell(desk, person, actor.authority, reply)
    return Answer((given, f"What they pressed was done: {reply.text}"), reply.reference)
