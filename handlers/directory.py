"""The people, roles, rooms and authorities of one installation, as read from homeward.yml or made for a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from handlers import access
from handlers.rota import Turn
from policies.worktime import LONDON, Calendar


@dataclass(frozen=True)
class Holding:
    """A role somebody holds for an authority, or one team of it, perhaps only between two dates."""

    role: str
    authority: str
    team: str | None = None
    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is held on `day`."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Account:
    """Where a person can be reached."""

    platform: str
    user: str
    team: str | None = None


@dataclass(frozen=True)
class Person:
    """Somebody of an agency, with roles and accounts."""

    id: str
    name: str
    agency: str
    roles: tuple[Holding, ...] = ()
    accounts: tuple[Account, ...] = ()

    def held(self, authority: str, day: date) -> frozenset[str]:
        """Roles held for an authority on `day`."""
        return frozenset(h.role for h in self.roles if h.authority == authority and h.holds(day))

    def account_on(self, platform: str, team: str | None) -> str | None:
        """Their name there: in this workspace or tenant, else in another one that shares the channel."""
        mine = [a for a in self.accounts if a.platform == platform]
        return next((a.user for a in mine if a.team == team), mine[0].user if mine else None)

    def teams(self, role: str, authority: str, day: date) -> frozenset[str | None]:
        """The teams for which the role is held on `day`; None stands for the whole authority."""
        return frozenset(h.team for h in self.roles if (h.role, h.authority) == (role, authority) and h.holds(day))


@dataclass(frozen=True)
class Room:
    """A channel the bot serves for one authority."""

    platform: str
    channel: str
    purpose: str
    identify: str = "reference"
    team: str | None = None


@dataclass(frozen=True)
class Authority:
    """A council. `approvers` decide about restricted episodes; `keep_months`: how long an episode stays after it was closed."""

    id: str
    name: str
    pack: str
    rooms: tuple[Room, ...] = ()
    closed_days: frozenset[date] = frozenset()
    shift_hours: int = 12
    approvers: tuple[str, ...] = ()
    keep_months: int = 25

    @property
    def calendar(self) -> Calendar:
        """Its working days."""
        return Calendar(self.closed_days)

    def has_room(self, purpose: str) -> bool:
        """Whether it has a room for the purpose (coordination, partners, management)."""
        return purpose in self._platforms

    def platforms(self, purpose: str) -> tuple[str, ...]:
        """Where its rooms for a purpose are, the first named first; empty while one platform has them all."""
        every = self._platforms.get(purpose, ())
        return every if len(every) > 1 else ()

    @cached_property
    def _platforms(self) -> dict[str, tuple[str, ...]]:
        """By purpose, where its rooms are."""
        found: dict[str, list[str]] = {}
        for room in self.rooms:
            found.setdefault(room.purpose, []).append(room.platform)
        return {purpose: tuple(dict.fromkeys(platforms)) for purpose, platforms in found.items()}

    def platform_of(self, purpose: str, people: tuple[Person, ...]) -> str | None:
        """Of several platforms with a room for the purpose the one where the first of these people is; None where there is no choice."""
        served = self.platforms(purpose)
        if not served:
            return None
        mine = {account.platform for person in people[:1] for account in person.accounts}
        return next((platform for platform in served if platform in mine), served[0])


@dataclass(frozen=True)
class Directory:
    """Everybody and everything the file names.

    What the database adds (handlers/standing.py): `away`: who is absent, and who stands in for them, if anybody; `relieved`:
    whose turn (person, role, authority) somebody else has now; `suspended`: (person, authority), None for everywhere.
    """

    authorities: tuple[Authority, ...]
    people: tuple[Person, ...]
    rota: tuple[Turn, ...] = ()
    away: Mapping[str, str | None] = field(default_factory=dict)
    relieved: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    suspended: frozenset[tuple[str, str | None]] = frozenset()

    def authority(self, authority_id: str) -> Authority:
        """The authority of that id; KeyError when there is none."""
        return self._authorities[authority_id]

    @cached_property
    def _authorities(self) -> dict[str, Authority]:
        return {authority.id: authority for authority in reversed(self.authorities)}

    def person(self, person_id: str) -> Person | None:
        """The person of that id."""
        return self._by_id.get(person_id)

    @cached_property
    def _by_id(self) -> dict[str, Person]:
        return {person.id: person for person in reversed(self.people)}

    @cached_property
    def _by_role(self) -> dict[tuple[str, str], list[Person]]:
        """Whoever is ever named for a role of an authority, in the file's order: it is asked for many times an episode."""
        found: dict[tuple[str, str], list[Person]] = {}
        for person in self.people:
            for role, authority in dict.fromkeys((held.role, held.authority) for held in person.roles):
                found.setdefault((role, authority), []).append(person)
        return found

    def holders(self, role: str, authority: str, moment: datetime, team: str | None = None) -> tuple[Person, ...]:
        """Who holds a role now, those on call first; those the rota keeps for another hour are left out while somebody is on.

        With a `team`: its own holders first, then the authority's; nobody of another team.
        """
        day = moment.astimezone(LONDON).date()
        named = self._by_role.get((role, authority), ())
        holding = [p for p in named if p.id not in self.away and _fits(p.teams(role, authority, day), team)]
        turns = [t for t in self.rota if t.role == role and t.authority == authority]
        on_call = {self.on_turn(t) for t in turns if t.covers(moment)}
        resting = {t.person for t in turns} - on_call
        awake = [p for p in holding if p.id not in resting or p.id in on_call]
        others = {p.id for p in awake if team and team not in p.teams(role, authority, day)}
        return tuple(sorted(awake, key=lambda p: (p.id in others, p.id not in on_call)))

    def on_turn(self, turn: Turn) -> str | None:
        """Whose turn it is now, after swaps and absences; None when nobody has it."""
        person = self.relieved.get((turn.person, turn.role, turn.authority), turn.person)
        return self.away.get(person, person)

    def authorities_of(self, person: Person, day: date) -> tuple[str, ...]:
        """Ids of the authorities somebody works for."""
        return tuple(a.id for a in self.authorities if person.held(a.id, day))


def _fits(teams: frozenset[str | None], team: str | None) -> bool:
    return bool(teams) if team is None else bool(teams & {team, None})


def in_the_room(role: str) -> str | None:
    """The room in which a role is mentioned; None for seniors and others who get a direct message."""
    group = access.group_of(role)
    if group in {"worker", "manager", "coordinator"}:
        return "coordination"
    return "partners" if group == "partner" else None
