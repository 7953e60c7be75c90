"""How much one account may do: more in a short time is no person, or a person whose key hangs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

BURST, A_SECOND = 40, 1.0  # acts at once, and how fast they come back (house)
MOST = 10_000  # accounts remembered
TOO_MANY = "That is more than anybody does in a minute, so this was not done. Wait half a minute, then try again. If it is urgent, phone."


@dataclass
class Limits:
    """A bucket an account, kept by the process; `clock` gives monotonic seconds."""

    clock: Callable[[], float] = time.monotonic
    burst: float = BURST
    a_second: float = A_SECOND
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def allow(self, account: str) -> bool:
        """Whether the account may do one thing more now."""
        now = self.clock()
        with self._lock:
            left, since = self._left.pop(account, (self.burst, now))
            left = min(left + (now - since) * self.a_second, self.burst)
            self._left[account] = (max(left - 1, 0.0), now)
            while len(self._left) > MOST:
                self._left.pop(next(iter(self._left)))
        return left >= 1
