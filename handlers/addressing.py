"""From a role to the people who hold it now, and to the place where they are reached."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.desk import Desk
from handlers.directory import Person, in_the_room
from policies.pack import Pack
from storage import allocations
from storage.episodes import EpisodeRow


@dataclass(frozen=True)
class Target:
    """Where a ping to a role goes. `roles`: the role reached, then the one it was for. `empty`: roles nobody holds."""

    role: str
    roles: tuple[str, ...]
    people: tuple[Person, ...]
    place: str
    room: str | None
    empty: tuple[str, ...] = ()

    @property
    def person(self) -> str | None:
        """The first to hear; posts to the same person at one moment are one post."""
        return self.people[0].id if self.people else None


class Book:
    """Who is who for one episode; what was looked up once is kept for the transaction."""

    def __init__(self, desk: Desk, row: EpisodeRow, pack: Pack) -> None:
        self._desk, self._row, self._pack = desk, row, pack
        self._allocated = allocations.of_child(desk.session, row.child_id)
        self._targets: dict[str, Target] = {}

    def target(self, role: str, via: str | None = None) -> Target:
        """Who hears what is meant for `role`: its holder for this child, on call, or the next one up when nobody holds it.

        `via`: reached through this role, such as a chair through whoever chaired.
        """
        key = f"{role}>{via or ''}"
        if key not in self._targets:
            self._targets[key] = self._found(role, via)
        return self._targets[key]

    def _found(self, role: str, via: str | None) -> Target:
        reached = via or self._pack.reached_through.get(role, role)
        empty: list[str] = []
        while not (people := self._holders(reached)) and reached not in empty:
            empty.append(reached)
            reached = self._pack.managers.get(reached) or (self._pack.coordinator if self._pack.coordinator not in empty else "edt")
        roles, room = tuple(dict.fromkeys((reached, role))), in_the_room(reached)
        if not people:
            return Target(reached, roles, (), "room", "management", tuple(empty))
        if room and self._desk.authority(self._row.authority).has_room(room):
            return Target(reached, roles, people, "thread", room, tuple(empty))
        return Target(reached, roles, people, "direct", None, tuple(empty))

    def _holders(self, role: str) -> tuple[Person, ...]:
        """The person allocated to this child first, then whoever holds the role now."""
        directory = self._desk.office.directory
        holding = directory.holders(role, self._row.authority, self._desk.now)
        mine = directory.person(self._allocated[role]) if role in self._allocated else None
        return (mine, *(p for p in holding if p != mine)) if mine else holding
