"""Between the page and the session: handlers run in threads of their own, and every open page hears of every change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from nicegui import Event

from bot.sandbox.training import Training
from storage.db import Session

T = TypeVar("T")


class Hall:
    """One thread acts, so that two tabs that press at once take turns; another reads meanwhile. `changed` says who changed it."""

    def __init__(self, training: Training) -> None:
        self.training = training
        self.changed: Event[[object]] = Event()
        self._hands = ThreadPoolExecutor(1, "sandbox-acts")
        self._eyes = ThreadPoolExecutor(1, "sandbox-looks")

    async def act(self, act: Callable[[Training], T]) -> T:
        """Do something that may write."""
        return await asyncio.get_running_loop().run_in_executor(self._hands, act, self.training)

    async def see(self, read: Callable[[Session], T]) -> T:
        """Read in one transaction."""
        return await asyncio.get_running_loop().run_in_executor(self._eyes, self._read, read)

    def close(self) -> None:
        """Let what is under way end."""
        self._hands.shutdown()
        self._eyes.shutdown()

    def _read(self, read: Callable[[Session], T]) -> T:
        with self.training.look() as session:
            return read(session)
