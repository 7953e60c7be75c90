"""What this process has sent since it started: counts, and how long after its moment each post went out."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

from handlers.delivery.outcomes import Apart, Arrived, InDoubt, Never, NotFound, NotNeeded, NotTaken
from handlers.ports import Parcel

BOUNDS = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0)  # seconds
NAMES = {InDoubt: "in_doubt", NotFound: "not_found", NotNeeded: "superseded", NotTaken: "not_taken", Apart: "apart", Never: "refused"}


@dataclass
class Tally:
    """`late` counts posts by the first of `BOUNDS` that their lateness does not pass; the last place is for later ones."""

    outcomes: Counter[str] = field(default_factory=Counter)
    alarms: int = 0
    late: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def count(self, came: Iterable[tuple[Parcel, object]]) -> None:
        """Count what was recorded."""
        with self._lock:
            for parcel, outcome in came:
                if isinstance(outcome, Arrived):
                    self._arrived(parcel, outcome)
                else:
                    self.outcomes[NAMES[type(outcome)]] += 1

    def superseded(self, count: int) -> None:
        """Count posts that were not needed any more when they were claimed."""
        with self._lock:
            self.outcomes["superseded"] += count

    def _arrived(self, parcel: Parcel, outcome: Arrived) -> None:
        post = parcel.post
        self.outcomes["edited" if post.reference else "sent"] += 1
        if post.reference or post.wanted_at is None:
            return
        self.alarms += post.kind == "alarm"
        seconds = max((outcome.sent.at - post.wanted_at).total_seconds(), 0.0)
        self.late[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds
