"""How fast a platform takes posts: counted in monotonic seconds, which the caller passes in."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Limit:
    """At most `count` in any stretch of `seconds`."""

    count: int
    seconds: float

    def shared(self, among: int) -> Limit:
        """What is left for one of several processes that cannot see each other."""
        if self.count >= among:
            return Limit(self.count // among, self.seconds)
        return Limit(1, self.seconds * among / self.count)


@dataclass(frozen=True)
class Pace:
    """What one platform allows: new posts to one channel or person, edits on the whole platform, everything together.

    `together`: there an edit is one more post to its channel, of whose limits it gets as much as `edits` say.
    """

    posts: tuple[Limit, ...] = ()
    edits: tuple[Limit, ...] = ()
    all: tuple[Limit, ...] = ()
    together: bool = False


UNLIMITED = Pace()


@dataclass
class Meter:
    """What was sent when, by key (a channel, the edits of a platform, a platform)."""

    sent: dict[str, deque[float]] = field(default_factory=dict)

    def wait(self, key: str, limits: Iterable[Limit], now: float) -> float:
        """Seconds until the key may be used again; 0 when it may be used now."""
        times = self.sent.get(key, ())
        free = [times[-limit.count] + limit.seconds for limit in limits if len(times) >= limit.count]
        return max(0.0, max(free, default=now) - now)

    def took(self, key: str, limits: Iterable[Limit], now: float) -> None:
        """Count one use, and forget those that no limit asks for any more."""
        limits = tuple(limits)
        if not limits:
            return
        times = self.sent.setdefault(key, deque())
        times.append(now)
        while len(times) > max(limit.count for limit in limits):
            times.popleft()
