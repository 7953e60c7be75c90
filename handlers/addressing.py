"""From a role to the people who hold it now, and to the place where they are reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from handlers import seeing
from handlers.desk import Desk
from handlers.directory import Person, in_the_room
from policies.pack import Pack
from storage import allocations
from storage.episodes import EpisodeRow


@dataclass(frozen=True)
class Target:
    """Where a ping to a role goes. `roles`: the role reached, then the one it was for. `empty`: roles nobody holds.

    `platform`: of which of the rooms for one purpose, where several platforms have one: a role is mentioned where its holder is.
    """

    role: str
    roles: tuple[str, ...]
    people: tuple[Person, ...]
    place: str
    room: str | None
    empty: tuple[str, ...] = ()
    platform: str | None = None

    @property
    def person(self) -> str | None:
        """The first to hear; posts to the same person at one moment are one post."""
        return self.people[0].id if self.people else None


class Book:
    """Who is who for one episode; what was looked up once is kept for the transaction."""

    def __init__(self, desk: Desk, row: EpisodeRow, pack: Pack, allocated: Mapping[str, str] | None = None) -> None:
        self._desk, self._row, self._pack = desk, row, pack
        self._allocated = self._working(allocations.of_child(desk.session, row.child_id) if allocated is None else allocated)
        self._team = self._team_of_the_child()
        self._barred = seeing.barred_from(desk, row)
        self._targets: dict[str, Target] = {}

    def target(self, role: str, via: str | None = None) -> Target:
        """Who hears what is meant for `role`: its holder for this child, on call, or the next one up when nobody holds it.

        `via`: reached through this role, such as a chair through whoever chaired.
        """
        key = f"{role}>{via or ''}"
        if key not in self._targets:
            self._targets[key] = self._found(role, via)
        return self._targets[key]

    def given(self, person_id: str, role: str) -> Target | None:
        """Where a person is reached to whom something of `role` was given by name; None when they hold no role here any more."""
        person = self._desk.directory.person(person_id)
        held = sorted(person.held(self._row.authority, self._desk.today)) if person else []
        if person is None or not held:
            return None
        rooms = (in_the_room(role) for role in held)
        room = next((r for r in rooms if r and self._desk.authority(self._row.authority).has_room(r)), None)
        where = self._desk.authority(self._row.authority).platform_of(room, (person,)) if room else None
        found = Target(role, (role,), (person,), "thread" if room else "direct", room, platform=where)
        return self._alone(found) if self._row.restricted else found

    def _found(self, role: str, via: str | None) -> Target:
        if role.startswith("@"):
            return self._by_name(role)
        found = find(self._desk, self._row.authority, self._pack, role, self._holders, via)
        return self._alone(found) if self._row.restricted else found

    def _alone(self, target: Target) -> Target:
        """Of a restricted episode no room hears: its people alone, and where there is nobody whoever decides about it."""
        people = target.people or tuple(seeing.approvers(self._desk, self._row))
        return replace(target, people=people, place="direct", room=None, platform=None)

    def _by_name(self, who: str) -> Target:
        """Somebody who was invited by name, whatever they hold; the coordinator, when they are not known any more."""
        person = self._desk.directory.person(who[1:])
        role = next(iter(sorted(person.held(self._row.authority, self._desk.today))), "") if person else ""
        found = self.given(who[1:], role) or self.target(self._pack.coordinator)
        return replace(found, roles=(*found.roles, who))

    def _holders(self, role: str) -> tuple[Person, ...]:
        """The person allocated to this child first, unless the rota lets them sleep; then whoever holds the role now."""
        known = self._desk.holders(role, self._row.authority, self._team)
        holding = tuple(p for p in known if p.id not in self._barred)
        mine = self._allocated.get(role)
        return (mine, *(p for p in holding if p.id != mine.id)) if mine and mine.id in {p.id for p in holding} else holding

    def _working(self, allocated: Mapping[str, str]) -> dict[str, Person]:
        """Who was allocated, or stands in for them today."""
        directory = self._desk.directory
        found = {role: directory.person(directory.away.get(person, person) or "") for role, person in allocated.items()}
        return {role: person for role, person in found.items() if person}

    def _team_of_the_child(self) -> str | None:
        """The team of whoever is allocated to the child, the social worker before others."""
        day, authority = self._desk.today, self._row.authority
        ordered = sorted(self._allocated.items(), key=lambda item: item[0] != "social_worker")
        teams = (team for role, person in ordered for team in person.teams(role, authority, day) if team)
        return next(teams, None)


def find(desk: Desk, authority: str, pack: Pack, role: str, holders: Callable[[str], tuple[Person, ...]], via: str | None = None) -> Target:
    """Who hears what is meant for a role: those who hold it by `holders`, else the next one up; nobody: the management room."""
    reached = via or pack.reached_through.get(role, role)
    empty: list[str] = []
    while not (people := holders(reached)) and reached not in empty:
        empty.append(reached)
        reached = pack.managers.get(reached) or (pack.coordinator if pack.coordinator not in empty else "edt")
    roles, room = tuple(dict.fromkeys((reached, role))), in_the_room(reached)
    if not people:
        return Target(reached, roles, (), "room", "management", tuple(empty))
    if room and desk.authority(authority).has_room(room):
        where = desk.authority(authority).platform_of(room, people)
        return Target(reached, roles, people, "thread", room, tuple(empty), where)
    return Target(reached, roles, people, "direct", None, tuple(empty))
