"""What no single entry of homeward.yml can see: doubles, and names of nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import TypeVar

from bot.configuration.parts import Configuration
from bot.configuration.rota import CalendarPart
from policies import words

T = TypeVar("T", bound=Hashable)


def disagreements(of: Configuration) -> list[str]:
    """One sentence for each thing that two places of the file see differently."""
    return [*_doubles(of), *_strangers(of), *_turns(of), *_rooms(of)]


def _doubles(of: Configuration) -> Iterator[str]:
    yield from (f"two authorities have the id '{one}'" for one in _twice(a.id for a in of.authorities))
    yield from (f"two people have the id '{one}'" for one in _twice(p.id for p in of.people))
    rooms = [(r.platform, r.channel) for a in of.authorities for r in a.rooms]
    yield from (f"the room '{channel}' stands here twice; a room belongs to one authority and purpose" for _, channel in _twice(rooms))
    accounts = [(*account.model_dump().values(),) for p in of.people for account in p.accounts]
    yield from (f"two people have the account {' '.join(account)}" for account in _twice(accounts))


def _strangers(of: Configuration) -> Iterator[str]:
    authorities, people = {a.id for a in of.authorities}, {p.id for p in of.people}
    for authority in of.authorities:
        for named in set(authority.approvers) - people:
            yield f"authorities '{authority.id}', approvers: '{named}' is not one of the people{words.nearest(named, people)}"
    for person in of.people:
        for held in person.roles:
            if held.authority not in authorities:
                yield f"people '{person.id}': '{held.authority}' is not an authority here{words.nearest(held.authority, authorities)}"


def _turns(of: Configuration) -> Iterator[str]:
    authorities, people = {a.id for a in of.authorities}, {p.id for p in of.people}
    holding = {(p.id, r.role, r.authority) for p in of.people for r in p.roles}
    for number, turn in enumerate(of.rota, start=1):
        if turn.authority not in authorities:
            yield f"rota {number}: '{turn.authority}' is not an authority here{words.nearest(turn.authority, authorities)}"
        elif isinstance(turn, CalendarPart):
            continue  # whom it names is said when it is read
        elif turn.person not in people:
            yield f"rota {number}: '{turn.person}' is not one of the people{words.nearest(turn.person, people)}"
        elif (turn.person, turn.role, turn.authority) not in holding:
            yield f"rota {number}: '{turn.person}' does not hold the role '{turn.role}' for '{turn.authority}'; add it under people"


def _rooms(of: Configuration) -> Iterator[str]:
    for authority in of.authorities:
        for room in authority.rooms:
            if room.purpose == "partners" and room.identify != "reference":
                yield f"authorities '{authority.id}': the partners room {room.channel} shows references only; take 'identify' out"


def _twice(values: Iterable[T]) -> list[T]:
    return [value for value, count in Counter(values).items() if count > 1]
