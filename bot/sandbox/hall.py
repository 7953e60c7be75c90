"""Between the page and the session: handlers run in threads of their own, and every open page hears of every change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from nicegui import Event

from bot.sandbox.clockbar import Journey
from bot.sandbox.exercise import Exercise
from bot.sandbox.training import Training
from bot.sandbox.unread import Unread
from storage.db import Session

T = TypeVar("T")


@dataclass(frozen=True)
class Change:
    """Something is different: `by` which page; where the clock was moved, what that brought; whether all began anew, `plays` whom."""

    by: object
    journey: Journey | None = None
    anew: bool = False
    plays: str | None = None


class Hall:
    """One thread acts, so that two tabs that press at once take turns; another reads meanwhile."""

    def __init__(self, training: Training) -> None:
        self.training = training
        self.changed: Event[[Change]] = Event()
        self.unread = Unread(lambda: training.people)
        training.screen.arrived, training.screen.forget = self.unread.arrived, self.unread.forget
        self._hands = ThreadPoolExecutor(1, "sandbox-acts")
        self._eyes = ThreadPoolExecutor(1, "sandbox-looks")

    async def act(self, act: Callable[[Training], T]) -> T:
        """Do something that may write."""
        return await asyncio.get_running_loop().run_in_executor(self._hands, act, self.training)

    async def see(self, read: Callable[[Session], T]) -> T:
        """Read in one transaction."""
        return await asyncio.get_running_loop().run_in_executor(self._eyes, self._read, read)

    async def start_over(self, chosen: Exercise) -> None:
        """Begin another exercise; both threads wait for it, so that nobody reads what is being put away."""
        await self.act(lambda training: self._eyes.submit(training.start_over, chosen).result())

    def close(self) -> None:
        """Let what is under way end."""
        self._hands.shutdown()
        self._eyes.shutdown()

    def _read(self, read: Callable[[Session], T]) -> T:
        with self.training.look() as session:
            return read(session)
