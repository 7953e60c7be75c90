"""What the played workspace and the played tenant share: a bot whose clock stands still until a test moves it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import Engine

from bot.inbound import BUDGET
from handlers import clock
from handlers.desk import Desk, Desks, Office
from storage.db import reading, transaction

START = datetime(2026, 2, 1, 22, 15, tzinfo=UTC)


@dataclass(kw_only=True)
class Played:
    """`now` is the moment of the desk; moving it runs every cycle on the way."""

    name: ClassVar[str]
    engine: Engine
    office: Office
    serving: Any
    now: datetime = START

    def hurry(self) -> None:
        """From now on as little patience as in real life."""
        self.serving.conversation.inbound = replace(self.serving.conversation.inbound, budget=BUDGET)

    async def settled(self) -> None:
        """Let what goes on after an answer end."""
        await self.serving.conversation.drain()

    async def forward(self, **by: float) -> None:
        """Let time pass: every cycle runs at each change on the way, and posts go out."""
        until = self.now + timedelta(**by)
        await asyncio.to_thread(clock.step_to, self.desks_at, {self.name: self.serving.platform}, self.now, until)
        self.now = until

    def desks_at(self, moment: datetime) -> Desks:
        """Desks at a moment."""

        @contextmanager
        def desk() -> Iterator[Desk]:
            with transaction(self.engine) as session:
                yield Desk(session, moment, self.office)

        return desk

    def look(self) -> Any:
        """A transaction to read in."""
        return reading(self.engine)
