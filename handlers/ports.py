"""What a platform is to us: somewhere posts go. Slack, Teams and the sandbox each meet it in their own folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from handlers.directory import Person, Room
from handlers.outgoing import Body, Sent
from storage.outbox import Post


@dataclass(frozen=True)
class Parcel:
    """A post ready to go: its body, the people it mentions or is for, the room, and the thread's own reference there."""

    post: Post
    body: Body
    people: tuple[Person, ...]
    room: Room | None
    thread: str | None = None


class Platform(Protocol):
    """Each method may raise Undeliverable (never), Uncertain (look it up) or Later (not taken, wait)."""

    def send(self, parcel: Parcel) -> Sent:
        """Deliver it once; returns only when the platform has surely taken it."""
        ...

    def update(self, parcel: Parcel) -> Sent:
        """Change what was delivered under the post's reference; doing it twice changes nothing."""
        ...

    def look_up(self, parcel: Parcel) -> Sent | None:
        """Whether it is there after an uncertain send; None when it surely is not."""
        ...
