"""Who there is now: homeward.yml, with the absences, swapped turns and suspensions of the database laid over it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from handlers.directory import Directory, Person
from storage.arrangements import Arrangement


def as_of(directory: Directory, arrangements: Sequence[Arrangement], moment: datetime) -> Directory:
    """The directory at a moment: who is away or suspended is passed over, and who stands in holds their roles as well."""
    live = [a for a in arrangements if a.on(moment)]
    if not live:
        return directory
    suspended = frozenset((a.person, a.authority) for a in live if a.kind == "suspension")
    away = stand_ins(live, {p.id for p in directory.people if _held(p, suspended)})
    lent: dict[str, list[Person]] = {}
    for absent, delegate in away.items():
        person = directory.person(absent)
        if delegate and person:
            lent.setdefault(delegate, []).append(person)
    people = tuple(_now(p, lent.get(p.id, ()), suspended) for p in directory.people)
    relieved = {(a.other or "", a.role or "", a.authority or ""): a.person for a in live if a.kind == "swap"}
    return replace(directory, people=people, away=away, relieved=relieved, suspended=suspended)


def stand_ins(live: Iterable[Arrangement], working: Iterable[str]) -> dict[str, str | None]:
    """Absent person → whoever stands in for them in the end, None when nobody does."""
    delegates = {a.person: a.other for a in live if a.kind == "absence"}
    return {person: _end_of_chain(person, delegates, set(working)) for person in delegates}


def _end_of_chain(person: str, delegates: dict[str, str | None], working: set[str]) -> str | None:
    passed: set[str] = set()
    at: str | None = person
    while at in delegates and at not in passed:
        passed.add(at)
        at = delegates[at]
    return at if at in working and at not in passed else None


def _held(person: Person, suspended: frozenset[tuple[str, str | None]]) -> tuple[str, ...]:
    """The authorities for which somebody may still act."""
    if (person.id, None) in suspended:
        return ()
    return tuple(dict.fromkeys(h.authority for h in person.roles if (person.id, h.authority) not in suspended))


def _now(person: Person, lenders: Sequence[Person], suspended: frozenset[tuple[str, str | None]]) -> Person:
    """The person with what they may do and hear now; nobody who is suspended lends or holds a role."""
    mine = _held(person, suspended)
    if not lenders and all(h.authority in mine for h in person.roles):
        return person
    kept = [h for h in person.roles if h.authority in mine]
    for lender in lenders:
        kept += [h for h in lender.roles if h.authority in _held(lender, suspended) and (person.id, h.authority) not in suspended]
    return replace(person, roles=tuple(dict.fromkeys(kept)), accounts=person.accounts if kept else ())
