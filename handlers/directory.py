"""The people, roles, rooms and authorities of one installation, as read from homeward.yml or made for a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from handlers import access
from policies.worktime import LONDON, Calendar

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
    """A council: its pack, its rooms, the days on which it is closed."""

    id: str
    name: str
    pack: str
    rooms: tuple[Room, ...] = ()
    closed_days: frozenset[date] = frozenset()

    @property
    def calendar(self) -> Calendar:
        """Its working days."""
        return Calendar(self.closed_days)

    def has_room(self, purpose: str) -> bool:
        """Whether it has a room for the purpose (coordination, partners, management)."""
        return any(room.purpose == purpose for room in self.rooms)


@dataclass(frozen=True)
class Shift:
    """A line of the rota: who holds a role on call, on which days, between which times (over midnight if `to` is earlier)."""

    role: str
    authority: str
    person: str
    days: tuple[str, ...]
    starts: time
    ends: time

    def covers(self, moment: datetime) -> bool:
        """Whether this shift is on at `moment`."""
        local = moment.astimezone(LONDON)
        clock, today, yesterday = local.time(), DAYS[local.weekday()], DAYS[local.weekday() - 1]
        if self.starts < self.ends:
            return today in self.days and self.starts <= clock < self.ends
        return (today in self.days and clock >= self.starts) or (yesterday in self.days and clock < self.ends)


@dataclass(frozen=True)
class Directory:
    """Everybody and everything the file names."""

    authorities: tuple[Authority, ...]
    people: tuple[Person, ...]
    rota: tuple[Shift, ...] = ()

    def authority(self, authority_id: str) -> Authority:
        """The authority of that id; KeyError when there is none."""
        return next(a for a in self.authorities if a.id == authority_id)

    def person(self, person_id: str) -> Person | None:
        """The person of that id."""
        return next((p for p in self.people if p.id == person_id), None)

    def holders(self, role: str, authority: str, moment: datetime) -> tuple[Person, ...]:
        """Who holds a role now, those on call first; those the rota keeps for another hour are left out while somebody is on."""
        day = moment.astimezone(LONDON).date()
        holding = [p for p in self.people if role in p.held(authority, day)]
        shifts = [s for s in self.rota if s.role == role and s.authority == authority]
        on_call = {s.person for s in shifts if s.covers(moment)}
        resting = {s.person for s in shifts} - on_call
        first = [p for p in holding if p.id in on_call]
        return (*first, *(p for p in holding if p.id not in on_call | resting))

    def authorities_of(self, person: Person, day: date) -> tuple[str, ...]:
        """Ids of the authorities somebody works for."""
        return tuple(a.id for a in self.authorities if person.held(a.id, day))


def in_the_room(role: str) -> str | None:
    """The room in which a role is mentioned; None for seniors and others who get a direct message."""
    group = access.group_of(role)
    if group in {"worker", "manager", "coordinator"}:
        return "coordination"
    return "partners" if group == "partner" else None
