"""An event loop in a thread of its own: libraries that are async only are used from threads, and keep one loop for life."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Any, TypeVar

T = TypeVar("T")
ENDING = 5.0  # seconds that work under way has at the end


class Loop:
    """Begins with the first work it is given."""

    def __init__(self, name: str) -> None:
        self._name, self._lock = name, Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None

    def start(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin it; from any thread."""
        return asyncio.run_coroutine_threadsafe(work, self._running())

    def run(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """Do it, from a thread that may wait. Raises TimeoutError when it took longer; then it was cut off."""
        given_up = Event()
        try:
            return self.start(_in_time(work, seconds, given_up)).result(seconds + ENDING)
        except TimeoutError:
            given_up.set()
            raise

    def close(self) -> None:
        """End it, and what is still under way with it."""
        with self._lock:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is None or thread is None:
            return
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(_give_up(), loop).result(ENDING)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(ENDING)
        if not thread.is_alive():
            loop.close()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = Thread(target=self._loop.run_forever, name=self._name, daemon=True)
                self._thread.start()
            return self._loop


async def _in_time(work: Coroutine[Any, Any, T], seconds: float, given_up: Event) -> T:
    """What the loop comes to only after its caller has gone is not begun: the caller may be sending it again."""
    if given_up.is_set():
        work.close()
        raise TimeoutError
    return await asyncio.wait_for(work, seconds)


async def _give_up() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
