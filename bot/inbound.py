"""What people send is committed within two seconds or surely not at all, and they are told which."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Literal, TypeVar

import sqlalchemy as sa
from sqlalchemy import Engine

from bot.limits import TOO_MANY, Limits
from handlers.desk import Desk, Office
from storage.db import reading, transaction
from storage.errors import Repeated, Stale, Unavailable

log = logging.getLogger(__name__)
T = TypeVar("T")
BUDGET = 2.0  # seconds from the request to the commit
ENDING = 0.8  # more, for a commit that has begun: a platform waits three seconds in all
NOT_SAVED = "Not saved. Try again, or phone."
UNSURE = "It is not certain that this was saved. Send it again, it counts once, or phone."


class NotSaved(Exception):
    """Nothing was written, and nothing will be; the text says so."""

    def __init__(self, sentence: str = NOT_SAVED) -> None:
        super().__init__(sentence)


class Verdict:
    """Who comes first decides: the worker that begins to commit, or the one who has waited long enough."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken: str | None = None

    @property
    def committing(self) -> bool:
        """Whether a commit has begun."""
        return self._taken == "commit"

    def take(self, side: Literal["commit", "give up"]) -> bool:
        """Whether this side has it; it is given once."""
        with self._lock:
            self._taken = self._taken or side
            return self._taken == side


@dataclass(frozen=True)
class Inbound:
    """Runs handlers in threads, one transaction each. `clock` is the moment of the desk."""

    engine: Engine
    office: Office
    threads: Executor
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    budget: float = BUDGET
    limits: Limits = field(default_factory=Limits)

    async def act(self, do: Callable[[Desk], T], arrived: float | None = None, who: str = "", *, reads: bool = False) -> T:
        """Do it and commit. Raises NotSaved, or what the handler raises, with everything rolled back.

        `arrived`: when the request came, by `time.monotonic`. `who`: the account that acts, of which too much is refused.
        `reads`: it is worked out while others write, and only that it was shown is written down.
        """
        if who and not self.limits.allow(who):
            raise NotSaved(TOO_MANY)
        verdict, until = Verdict(), (arrived or time.monotonic()) + self.budget
        work = asyncio.get_running_loop().run_in_executor(self.threads, self._looked if reads else self._work, do, verdict, until)
        done, _ = await asyncio.wait({work}, timeout=max(until - time.monotonic(), 0))
        if not done and verdict.take("give up"):
            work.cancel()  # what has not begun does not begin
            work.add_done_callback(_nobody_waits)
            raise NotSaved
        if not done:
            done, _ = await asyncio.wait({work}, timeout=ENDING)
        if not done:
            work.add_done_callback(_nobody_waits)
            raise NotSaved(UNSURE)
        return self._outcome(work, verdict)

    async def look(self, read: Callable[[Desk], T]) -> T:
        """Read in one transaction that waits for no writer."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, self._read, read)

    def _read(self, read: Callable[[Desk], T]) -> T:
        with reading(self.engine) as session:
            return read(Desk(session, self.clock(), self.office))

    def _outcome(self, work: asyncio.Future[T], verdict: Verdict) -> T:
        try:
            return work.result()
        except (sa.exc.SQLAlchemyError, Unavailable, Repeated, Stale) as error:
            log.error("not saved: %s", type(error).__name__)
            raise NotSaved(UNSURE if verdict.committing else NOT_SAVED) from None

    def _work(self, do: Callable[[Desk], T], verdict: Verdict, until: float) -> T:
        """Twice at most: another request may have been faster with the same thing, and then this one gets its answer."""
        try:
            return self._once(do, verdict, until)
        except (Repeated, Stale):
            return self._once(do, verdict, until)

    def _looked(self, do: Callable[[Desk], T], verdict: Verdict, until: float) -> T:
        later: list[Callable[[Desk], object]] = []
        try:
            with reading(self.engine) as session:
                outcome = do(Desk(session, self.clock(), self.office, later))
        except (sa.exc.SQLAlchemyError, Unavailable):  # it has something to write after all, such as that a stranger asked
            return self._work(do, verdict, until)
        if later:
            self._work(lambda desk: [write(desk) for write in later], verdict, until)
        return outcome

    def _once(self, do: Callable[[Desk], T], verdict: Verdict, until: float) -> T:
        patience = until - time.monotonic()
        if patience <= 0:
            raise NotSaved
        with transaction(self.engine, patience) as session:
            outcome = do(Desk(session, self.clock(), self.office))
            session.flush()
            if not verdict.take("commit"):
                raise NotSaved  # leaving by an error is what rolls back
        return outcome


def _nobody_waits(work: asyncio.Future[T]) -> None:
    """The outcome of what was given up is looked at, so that nothing is said about it later."""
    if not work.cancelled():
        work.exception()
