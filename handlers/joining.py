"""What two records become when they turn out to be of one child: all know who the child is, and one person holds each role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import people, record
from handlers.desk import Actor, Desk
from handlers.directory import Person
from policies import words
from storage import allocations, children, episodes
from storage.episodes import EpisodeRow


def know_together(desk: Desk, child: str, into: str) -> None:
    """What only one of the records says of who the child is stands in all of them, those merged before among them."""
    ids = dict.fromkeys((*records(desk, into), *records(desk, child)))
    told = children.identities(desk.session, desk.vault, list(ids))
    known: dict[str, str] = {}
    for one in (into, children.survivor(desk.session, into), *ids):
        known = {**told.get(one, {}), **known}
    for one, own in told.items():
        if set(known) - set(own):
            children.change_identity(desk.session, desk.vault, one, {**known, **own})


def records(desk: Desk, child: str) -> list[str]:
    """Ids of all records of one child: its own, and of those merged with it."""
    return list(dict.fromkeys(row.child_id for row in episodes.of_child(desk.session, child)))


@dataclass(frozen=True)
class _Role:
    """Who held a role for each of the two, and who holds it for the one child that they are."""

    role: str
    this: str | None
    other: str | None
    holder: str


def work_together(desk: Desk, actor: Actor, this: EpisodeRow, other: EpisodeRow, *, same: bool) -> list[str]:
    """Who works with either works with the one child; where both had somebody, `other`'s stays. Gives a sentence for each change.

    Both hear of it, unless one of the episodes is restricted: then nobody learns here that there is such a child.
    """
    mine, theirs = records(desk, this.child_id), records(desk, other.child_id)
    held = allocations.of_children(desk.session, [*theirs, *mine])
    before = {role: _Role(role, _of(role, mine, held), _of(role, theirs, held), "") for one in held.values() for role in one}
    says: list[str] = []
    for found in before.values():
        one = _Role(found.role, found.this, found.other, _stays(desk, actor, found))
        for child_id in dict.fromkeys((*theirs, *mine)):
            allocations.allocate(desk.session, child_id, one.role, one.holder)
        for row, was in ((this, one.this), (other, one.other)):
            if was != one.holder:
                data = {"role": one.role, "person": one.holder, "before": was}
                record.write(desk, actor, "allocated", data, child=row.child_id, episode=row.id)
        if one.this != one.other:
            says.append(_sentence(desk, one))
            if not this.restricted and not other.restricted:
                _tell(desk, actor, one, this, other, same=same)
    return says


def _of(role: str, ids: Sequence[str], held: dict[str, dict[str, str]]) -> str | None:
    return next((held[one][role] for one in ids if role in held[one]), None)


def _stays(desk: Desk, actor: Actor, one: _Role) -> str:
    """`other`'s, unless they hold the role no more and `this` one's does."""
    named = [who for who in (one.other, one.this) if who]
    known = ((who, desk.directory.person(who)) for who in named)
    working = (who for who, person in known if person and one.role in person.held(actor.authority, desk.today))
    return next(working, named[0])


def _sentence(desk: Desk, one: _Role) -> str:
    role, last = words.label(one.role), {one.this, one.other} - {one.holder, None}
    instead = f" instead of {', '.join(_name(desk, who) for who in last if who)}; 'allocate' changes that" if last else ""
    return f"{_name(desk, one.holder)} is the {role} of this child{instead}."


def _tell(desk: Desk, actor: Actor, one: _Role, this: EpisodeRow, other: EpisodeRow, *, same: bool) -> None:
    role, both = words.label(one.role), f"{this.reference} and {other.reference} are one child"
    for who in {one.this, one.other} - {one.holder, None}:
        if person := _person(desk, who):
            sentence = f"{both}, and {_name(desk, one.holder)} is its {role} now: you are not any more."
            people.tell(desk, actor.authority, person, "A child is no longer allocated to you", sentence)
    holder, gained = _person(desk, one.holder), other if one.other != one.holder else this
    if holder and not (same and gained is this):  # a record entered twice is void, and asks nothing of anybody
        people.tell(desk, actor.authority, holder, "A child is allocated to you", f"{both}: you are the {role} in {gained.reference} too.")


def _person(desk: Desk, who: str | None) -> Person | None:
    return desk.directory.person(who or "")


def _name(desk: Desk, who: str) -> str:
    person = _person(desk, who)
    return person.name if person else who
