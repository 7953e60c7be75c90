"""Who is in a channel: asked when somebody is to be mentioned there, remembered for some minutes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.teams.connector import Connector
from handlers.errors import HandlerError

log = logging.getLogger(__name__)
KEPT = 600.0  # seconds


@dataclass
class Presence:
    """What cannot be asked is taken to be well: a post goes to the room rather than nowhere."""

    connector: Connector
    clock: Callable[[], float] = time.monotonic
    _seen: dict[tuple[str, str], tuple[float, bool]] = field(default_factory=dict)

    def changed(self) -> None:
        """Somebody came or went, in a channel that is not always named: everybody is asked for anew."""
        self._seen = {}  # not emptied: carriers look into it from threads of their own

    def is_in(self, address: str, channel: str, user: str) -> bool:
        """Whether somebody is a member; True when nobody can say."""
        at, found = self._seen.get((channel, user), (-KEPT, True))
        if self.clock() - at < KEPT:
            return found
        try:
            found = self.connector.wait(self.connector.is_member(address, channel, user))
        except HandlerError as refused:
            log.info("members of a channel could not be read: %s", refused)
            return True
        self._seen[(channel, user)] = (self.clock(), found)
        return found
