"""Who comes after whom, and when their shift ends: by the rota, else twelve hours (house, per authority)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from handlers import access, people
from handlers.desk import Actor, Desk
from handlers.directory import Person
from handlers.errors import Refused
from handlers.rota import Turn
from policies import words
from storage import asks

SOON = timedelta(hours=2)  # before a turn begins, its holder is taken to be the next
LONGEST = timedelta(hours=36)
EDT = "edt"


def receivers(desk: Desk, actor: Actor) -> list[Person]:
    """Who can take over: council staff of the authority who are there, by name."""
    directory = desk.directory
    out = set(directory.away) | {person for person, authority in directory.suspended if authority in {None, actor.authority}}
    return [p for p in people.of_authority(desk, actor.authority) if p.id != actor.id and p.id not in out and works_here(desk, actor, p)]


def proposed(desk: Desk, actor: Actor, candidates: Iterable[Person]) -> str:
    """Who comes next: by the rota, else whom the actor gave to the last time or had it from, else EDT on call; "" for nobody."""
    there = {person.id for person in candidates}
    on_call = (person.id for person in desk.holders(EDT, actor.authority)) if EDT not in actor.roles else ()
    found = (next_on_rota(desk, actor), *asks.partners_in_handover(desk.session, actor.authority, actor.id), *on_call)
    return next((person for person in found if person in there), "")


def works_here(desk: Desk, actor: Actor, person: Person) -> bool:
    """Whether somebody is council staff: a worker, a manager, the coordinator."""
    return any(access.group_of(role) in access.STAFF for role in person.held(actor.authority, desk.today))


def next_on_rota(desk: Desk, actor: Actor) -> str | None:
    """Whose turn begins soon, or is on now and is not the actor's own."""
    turns = [t for t in desk.directory.rota if t.authority == actor.authority]
    coming = [t for t in turns if t.covers(desk.now + SOON) and not t.covers(desk.now)]
    present = [t for t in turns if t.covers(desk.now)]
    holders = (desk.directory.on_turn(turn) for turn in (*coming, *present))
    return next((person for person in holders if person and person != actor.id), None)


def ends(desk: Desk, authority: str, person_id: str | None) -> datetime:
    """When the shift of the person ends."""
    turns = [t for t in desk.directory.rota if t.authority == authority and desk.directory.on_turn(t) == person_id]
    edges = [edge for turn in turns if (edge := _end(turn, desk.now))]
    return min(edges, default=desk.now + timedelta(hours=desk.authority(authority).shift_hours))


def _end(turn: Turn, now: datetime) -> datetime | None:
    """The end of the turn that is on now, or begins soon."""
    begun = now if turn.covers(now) else now + SOON
    if not turn.covers(begun):
        return None
    return next((edge for edge in sorted(turn.edges(begun, begun + timedelta(hours=24))) if not turn.covers(edge)), None)


def receiver(desk: Desk, actor: Actor, person_id: str) -> Person:
    """The person to whom the shift is handed. Raises Refused when they cannot have it."""
    person = people.known(desk, actor, person_id, "to")
    if person.id == actor.id:
        raise Refused("You cannot hand over to yourself; choose who comes next.", field="to")
    if person not in receivers(desk, actor):
        raise Refused(f"{person.name} cannot take over now: away, suspended, or not council staff. Choose somebody else.", field="to")
    return person


def role_of(desk: Desk, authority: str, person: Person) -> str:
    """The role somebody takes over in: on-call roles first."""
    held = sorted(r for r in person.held(authority, desk.today) if r in words.roles())
    return next((r for r in (EDT, "duty_worker") if r in held), held[0] if held else EDT)
