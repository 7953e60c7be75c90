"""The platform port of the training room: what is stored as sent is what the page shows, so to send is to say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.sandbox.town import PLATFORM
from handlers.outgoing import Sent
from handlers.ports import Parcel


class Screen:
    """Takes every post under its own id, so that a post taken twice is still one on the page. `clock` is the training clock.

    `arrived` hears of every new post, `forget` is called when all of them are gone.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.arrived: Callable[[Parcel], None] = lambda _: None
        self.forget: Callable[[], None] = lambda: None

    def send(self, parcel: Parcel) -> Sent:
        """Show a post."""
        self.arrived(parcel)
        return self._sent(parcel)

    def update(self, parcel: Parcel) -> Sent:
        """Show its new edition in its place."""
        return self._sent(parcel)

    def look_up(self, parcel: Parcel) -> Sent | None:
        """Nothing can be lost between the outbox and the page: what may have been sent was sent."""
        return self._sent(parcel)

    def _sent(self, parcel: Parcel) -> Sent:
        return Sent(parcel.post.id, self._clock(), parcel.room.channel if parcel.room else PLATFORM)
