"""One line of the table: what was measured, against which limit or peer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """`ours` and `theirs` in `unit`; the ratio must not pass the bar. Without a peer, `theirs` is the limit and the bar is 1."""

    name: str
    ours: float
    theirs: float
    unit: str
    bar: float = 1.0

    @property
    def ratio(self) -> float:
        """How much of the peer's cost, or of the limit, it took."""
        return self.ours / self.theirs

    @property
    def holds(self) -> bool:
        """Whether it stays within the bar."""
        return self.ratio <= self.bar

    def stored(self) -> dict[str, Any]:
        """The line as build/bench.json keeps it."""
        return asdict(self) | {"ratio": round(self.ratio, 4)}
