"""By which ways a post can reach people, the first meant and then those that are left when it is refused."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace

from handlers import access
from handlers.directory import Authority, Directory, Person, Room
from handlers.outgoing import Body
from storage.outbox import Post

MAIL = "mail"  # the one account that is read outside chat
# Where a post of a room is read as well, by people who may read it.
INSTEAD = {"coordination": "management", "management": "coordination", "partners": "coordination"}


@dataclass(frozen=True)
class Way:
    """A room, or a person's account, on one platform; with neither, a platform that needs no address."""

    platform: str
    room: Room | None = None
    person: Person | None = None

    @property
    def name(self) -> str:
        """What `refused` of a post keeps."""
        return f"{self.platform}:{self.room.channel if self.room else '@' + self.person.id if self.person else ''}"

    def said(self) -> str:
        """The way in words, for an alarm."""
        if self.room:
            return f"the {self.room.purpose} room on {self.platform}"
        return f"{self.person.name} on {self.platform}" if self.person else self.platform


@dataclass(frozen=True)
class Reach:
    """Who and what can be reached at all: an authority's rooms and everybody's accounts, on the platforms that are served."""

    authority: Authority
    directory: Directory
    serving: Container[str]

    def ways(self, post: Post, stored: Body) -> Iterator[Way]:
        """Every way for the post, the one it is meant for first."""
        alone = (post.person,) if post.person else ()
        named = alone if alone and post.place == "direct" else stored.mentions or alone
        people = [person for person in map(self.directory.person, named) if person]
        if post.place != "direct":
            yield from self._rooms(post.room or "", post.platform)
        yield from (way for person in people for way in self._accounts(person, mail=False))
        yield from (way for person in people for way in self._accounts(person, mail=True))
        yield from self._rooms(INSTEAD.get(post.room or "", "management"), None)
        if not people:
            yield from (way for person in self._keepers() for way in self._accounts(person, mail=True))

    def _rooms(self, purpose: str, first: str | None) -> list[Way]:
        rooms = [r for r in self.authority.rooms if r.purpose == purpose and r.platform in self.serving]
        return [Way(r.platform, room=r) for r in sorted(rooms, key=lambda r: r.platform != first)]

    def _accounts(self, person: Person, *, mail: bool) -> Iterator[Way]:
        for account in person.accounts:
            if account.platform in self.serving and (account.platform == MAIL) == mail:
                yield Way(account.platform, person=person)

    def _keepers(self) -> list[Person]:
        """Who hears by mail what a silent room cannot show."""
        groups = {"coordinator", "administrator"}
        return [
            p for p in self.directory.people if any(h.authority == self.authority.id and access.group_of(h.role) in groups for h in p.roles)
        ]


def along(post: Post, way: Way) -> Post:
    """The post as it goes this way: to a room it was not for it is no reply, to a person it is a direct message."""
    if way.room:
        return post if post.room == way.room.purpose else replace(post, place="room", room=way.room.purpose, person=None, lane="")
    if way.person:
        return replace(post, place="direct", room=None, person=way.person.id, lane="")
    return post
