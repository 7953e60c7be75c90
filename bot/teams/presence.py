"""Who is in a channel: asked when somebody is to be mentioned there, remembered for some minutes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bot.teams.connector import Connector
from handlers.errors import HandlerError

log = logging.getLogger(__name__)
KEPT = 600.0  # seconds
PATIENCE = 5.0  # seconds for the answer


@dataclass
class Presence:
    """What cannot be asked is taken to be well: a post goes to the room rather than nowhere."""

    connector: Connector
    clock: Callable[[], float] = time.monotonic
    _seen: dict[tuple[str, str], tuple[float, bool]] = field(default_factory=dict)

    def changed(self) -> None:
        """Somebody came or went, in a channel that is not always named: everybody is asked for anew."""
        self._seen = {}  # not emptied: carriers look into it from threads of their own

    def outside(self, address: str, channel: str, users: Iterable[str]) -> frozenset[str]:
        """Which of them are no members; nobody when nobody can say. All are asked for at once, for a post waits for the answer."""
        now, seen, users = self.clock(), self._seen, tuple(users)
        unknown = [user for user in users if now - seen.get((channel, user), (-KEPT, True))[0] >= KEPT]
        found = self._told(address, channel, unknown) if unknown else {}
        seen.update({(channel, user): (now, is_in) for user, is_in in found.items()})
        return frozenset(user for user in users if not found.get(user, user in unknown or seen[(channel, user)][1]))

    def _told(self, address: str, channel: str, users: Sequence[str]) -> dict[str, bool]:
        try:
            return self.connector.wait(self._asked(address, channel, users))
        except HandlerError as refused:
            log.info("members of a channel could not be read: %s", refused)
            return {}

    async def _asked(self, address: str, channel: str, users: Sequence[str]) -> dict[str, bool]:
        asking = [asyncio.wait_for(self.connector.is_member(address, channel, user), PATIENCE) for user in users]
        answers = zip(users, await asyncio.gather(*asking, return_exceptions=True), strict=True)
        return {user: answer for user, answer in answers if isinstance(answer, bool)}
