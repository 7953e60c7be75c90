"""A ping on its way: what it says, where it goes and why; and all those of one episode."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from handlers.addressing import Target
from policies.obligations import Telling
from storage.pings import Ping

SKIPPED = "skipped"  # a rung that a higher one overtook: used, and never sent


class Planned(NamedTuple):
    """A ping to send, with where it goes and why."""

    ping: Ping
    target: Target
    reason: str
    again: bool = False
    telling: Telling | None = None


@dataclass(frozen=True)
class Plans:
    """What to send, what was overtaken, and when to look again."""

    send: tuple[Planned, ...]
    skipped: tuple[Ping, ...]
    next_at: datetime | None
