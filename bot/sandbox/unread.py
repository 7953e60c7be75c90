"""What has come and was not looked at yet, by person; kept in memory, so that after a restart everything counts as read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

from bot.sandbox.screen import DIRECT, places
from handlers.directory import Person
from handlers.ports import Parcel


@dataclass(frozen=True)
class Waiting:
    """One post that somebody has not seen: where it is, in which thread, and whether it speaks to them."""

    place: str
    thread: str | None
    personal: bool


@dataclass(frozen=True)
class Counts:
    """For one person: unread by place and by thread; `mentioned` are the places where they are spoken to."""

    by_place: dict[str, int]
    by_thread: dict[str, int]
    mentioned: frozenset[str]


class Unread:
    """Filled by the thread that sends, read by the one that draws."""

    def __init__(self, people: Callable[[], Sequence[Person]]) -> None:
        self._people, self._lock = people, Lock()
        self._waiting: dict[str, dict[str, Waiting]] = {}

    def arrived(self, parcel: Parcel) -> None:
        """A new post: everybody who can see it has not."""
        post = parcel.post
        place = DIRECT if post.place == DIRECT else post.room or ""
        spoken_to = {person.id for person in parcel.people}
        with self._lock:
            for person in self._people():
                if person.id == post.person if place == DIRECT else place in places(person):
                    found = Waiting(place, post.parent_id, place == DIRECT or person.id in spoken_to)
                    self._waiting.setdefault(person.id, {})[post.id] = found

    def forget(self) -> None:
        """Everything is gone."""
        with self._lock:
            self._waiting.clear()

    def saw(self, person: str, place: str, thread: str | None) -> None:
        """Somebody looks at a place, and at a thread in it."""
        with self._lock:
            mine = self._waiting.get(person, {})
            for id_, found in list(mine.items()):
                if found.place == place and found.thread in {None, thread}:
                    del mine[id_]

    def counts(self, person: str) -> Counts:
        """What one person has not seen."""
        with self._lock:
            mine = tuple(self._waiting.get(person, {}).values())
        threads = Counter(found.thread for found in mine if found.thread)
        mentioned = frozenset(found.place for found in mine if found.personal)
        return Counts(dict(Counter(found.place for found in mine)), dict(threads), mentioned)

    def personal(self) -> dict[str, int]:
        """How many unread posts speak to each person."""
        with self._lock:
            return {person: sum(found.personal for found in mine.values()) for person, mine in self._waiting.items()}
