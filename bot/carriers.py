"""Threads that carry posts, and that nobody waits for at the end: what a platform never answers must not keep the process alive."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from threading import Thread
from typing import Any

Work = tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]


class Carriers(Executor):
    """The library's own pool is waited for when Python ends; what these have under way is looked for at the next start."""

    def __init__(self, count: int) -> None:
        self._waiting: SimpleQueue[Work] = SimpleQueue()
        for n in range(count):
            Thread(target=self._carry, name=f"carrier-{n}", daemon=True).start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        """Do it as soon as somebody is free."""
        future: Future[Any] = Future()
        self._waiting.put((future, fn, args))
        return future

    def _carry(self) -> None:
        while True:
            future, fn, args = self._waiting.get()
            try:
                future.set_result(fn(*args))
            except BaseException as error:  # noqa: BLE001 - whoever holds the future asks
                future.set_exception(error)
