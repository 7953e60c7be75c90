"""Whether this process does its work in time: which cycle ran when, what keeps failing, whether the clock was moved."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

from storage.errors import Unavailable

log = logging.getLogger(__name__)
SLACK = 3  # times its period, after which a cycle is late
LEAST = 30.0  # seconds that no cycle is called late for
OFTEN = 60.0  # seconds: what comes less often is not waited for, to say that trouble is over
JUMP = timedelta(seconds=60)  # between two looks at both clocks: more than that nobody slewed


@dataclass
class Ran:
    """One cycle: its period, and when it last began and ended, in monotonic seconds."""

    every: float
    began: float
    ended: float
    running: bool = False
    error: str = ""


@dataclass
class Pulse:
    """Kept by the cycles, read by the watch, by health and by metrics. `monotonic` and `wall` are the two clocks."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], datetime] = lambda: datetime.now(UTC)
    cycles: dict[str, Ran] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)  # cycle → why it cannot save, in a sentence
    _told: set[str] = field(default_factory=set)
    _clocks: tuple[float, datetime] | None = None
    _lock: Lock = field(default_factory=Lock)

    def knows(self, name: str, every: float) -> None:
        """A cycle that is to run from now on."""
        now = self.monotonic()
        self.cycles[name] = Ran(every, now, now)

    def began(self, name: str) -> None:
        """A cycle begins."""
        ran = self.cycles[name]
        ran.began, ran.running = self.monotonic(), True

    def ended(self, name: str, error: Exception | None = None) -> None:
        """A cycle has ended. What keeps failing is said once, and that it works again."""
        ran = self.cycles[name]
        ran.ended, ran.running = self.monotonic(), False
        if isinstance(error, Unavailable):
            self.troubled(name if ran.every <= OFTEN else "", str(error))
        elif error is None:
            self.recovered(name)
        with self._lock:
            failed = type(error).__name__ if error and not isinstance(error, Unavailable) else ""
            if failed and failed != ran.error:
                log.error("cycle %s failed: %s", name, failed)
            elif ran.error and not error:
                log.warning("cycle %s works again", name)
            ran.error = failed

    def troubled(self, name: str, sentence: str) -> None:
        """Something cannot save. The sentence is said once, whoever meets it; without a name nobody waits until it works again."""
        with self._lock:
            if name:
                self.troubles[name] = sentence
            if sentence not in self._told:
                self._told.add(sentence)
                log.error("%s", sentence)

    def recovered(self, name: str) -> None:
        """Over when nothing has trouble any more: on a full disk some can still do their little."""
        with self._lock:
            over = self.troubles.pop(name, None) is not None and not self.troubles
            if over:
                self._told.clear()
        if over:
            log.warning("The database can be used again; what was to be done meanwhile is done now.")

    def late(self) -> list[str]:
        """Names of the cycles that have not ended in time."""
        now = self.monotonic()
        return [name for name, ran in self.cycles.items() if now - ran.ended > max(SLACK * ran.every, LEAST)]

    def overdue(self, name: str) -> bool:
        """Whether a cycle that is not running should have begun again: whatever starts it has lost its place."""
        ran = self.cycles[name]
        return not ran.running and self.monotonic() - ran.began > SLACK * ran.every + 1

    def jumped(self) -> timedelta:
        """By how much the wall clock was moved since this was asked last; zero when it was not."""
        now, wall = self.monotonic(), self.wall()
        before, self._clocks = self._clocks, (now, wall)
        if before is None:
            return timedelta(0)
        moved = (wall - before[1]) - timedelta(seconds=now - before[0])
        return moved if abs(moved) >= JUMP else timedelta(0)
