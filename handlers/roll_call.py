"""What is wrong with the people of an authority: holes, doubles, those who cannot be reached; and who is away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import gaps
from handlers.directory import Directory, Person
from policies import words
from policies.pack import Pack
from policies.worktime import LONDON, said
from storage.arrangements import Arrangement

EDT = "edt"


@dataclass(frozen=True)
class RollCall:
    """`problems` want somebody to do something; `notes` are how things stand."""

    problems: tuple[str, ...]
    notes: tuple[str, ...]


def call(directory: Directory, arrangements: Sequence[Arrangement], authority: str, pack: Pack, now: datetime) -> RollCall:
    """Everything there is to say about the people of an authority, as of now and for the fortnight that follows."""
    roles = gaps.roles_of(pack)
    people = [p for p in directory.people if any(h.authority == authority for h in p.roles)]
    nobody = gaps.unheld(directory, authority, roles)
    problems = [*gaps.sentences(gaps.gaps(directory, arrangements, authority, [r for r in roles if r not in nobody], now))]
    core, others = [r for r in nobody if r in {pack.coordinator, EDT}], [r for r in nobody if r not in {pack.coordinator, EDT}]
    problems += [f"Nobody holds the role {words.label(role)}, to which all goes that reaches nobody else." for role in core]
    stands = [f"Nobody holds: {', '.join(map(words.label, others))}. What is meant for them goes to the next one up."] if others else []
    problems += [*_doubles(people, authority), *_unreachable(directory, people), *_ended(people, authority, now)]
    return RollCall(tuple(problems), (*stands, *_notes(directory, arrangements, authority, now)))


def _doubles(people: Sequence[Person], authority: str) -> Iterator[str]:
    for name, count in Counter(p.name for p in people).items():
        if count > 1:
            ids = ", ".join(p.id for p in people if p.name == name)
            yield f"{count} people are called {name} ({ids}): if they are one, keep one entry with all accounts."
    for person in people:
        for (role, team), count in Counter((h.role, h.team) for h in person.roles if h.authority == authority and not h.since).items():
            if count > 1:
                yield f"{person.name} ({person.id}) has the role {words.label(role)}{f' for {team}' if team else ''} {count} times."
        for (platform, team), count in Counter((a.platform, a.team) for a in person.accounts if a.platform != "mail").items():
            if count > 1:
                yield f"{person.name} ({person.id}) has {count} accounts on {platform} {team or ''}: only the first is written to."


def _unreachable(directory: Directory, people: Sequence[Person]) -> Iterator[str]:
    served = {room.platform for authority in directory.authorities for room in authority.rooms}
    for person in people:
        if not person.accounts:
            yield f"{person.name} ({person.id}) has no account, so nothing reaches them: add one, or let them ask for access."
        elif not any(a.platform in served | {"mail"} for a in person.accounts):
            where = " and ".join(sorted({a.platform for a in person.accounts}))
            yield f"{person.name} ({person.id}) has an account on {where} only, where no room is served."


def _ended(people: Sequence[Person], authority: str, now: datetime) -> Iterator[str]:
    day = now.astimezone(LONDON).date()
    for person in people:
        held = [h for h in person.roles if h.authority == authority]
        if all(h.until and h.until < day for h in held):
            yield f"{person.name} ({person.id}) holds no role here any more: take the entry out of homeward.yml."


def _notes(directory: Directory, arrangements: Sequence[Arrangement], authority: str, now: datetime) -> Iterator[str]:
    here = {p.id: p for p in directory.people if any(h.authority == authority for h in p.roles)}
    for a in arrangements:
        if a.person not in here or a.authority not in {None, authority}:
            continue
        name = here[a.person].name
        span = f"{f'from {said(a.since)} ' if a.since > now else ''}until {said(a.until)}" if a.until else f"since {said(a.since)}"
        other = directory.person(a.other) if a.other else None
        match a.kind:
            case "absence":
                yield f"{name} is away {span}; {f'{other.name} stands in' if other else 'nobody stands in'}."
            case "swap":
                yield f"{name} is {words.label(a.role or '')} instead of {other.name if other else a.other} {span}."
            case "suspension":
                yield f"{name} is suspended {span}."
