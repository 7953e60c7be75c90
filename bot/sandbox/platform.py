"""The platform port of the training room: what is stored as sent is what the page shows, so to send is to say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.town import PLATFORM
from handlers.outgoing import Sent
from handlers.ports import Parcel


@dataclass(frozen=True)
class Screen:
    """Takes every post under its own id, so that a post taken twice is still one on the page. `clock` is the training clock."""

    clock: Callable[[], datetime]

    def send(self, parcel: Parcel) -> Sent:
        """Show a post."""
        return Sent(parcel.post.id, self.clock(), parcel.room.channel if parcel.room else PLATFORM)

    def update(self, parcel: Parcel) -> Sent:
        """Show its new edition in its place."""
        return self.send(parcel)

    def look_up(self, parcel: Parcel) -> Sent | None:
        """Nothing can be lost between the outbox and the page: what may have been sent was sent."""
        return self.send(parcel)
