"""What a chart is, as values: bars, squares, and one child's course."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

ROOM = 14  # a part lower than this share of the highest bar has no room for its figure


@dataclass(frozen=True)
class Bars:
    """A bar chart; `series` by name has a value for every label, None where it is hidden. `words` say the same.

    `aside`: what a reader must know of it, beside its title; `faint`: the bars that are not whole, by their place.
    """

    title: str
    labels: tuple[str, ...]
    series: Mapping[str, tuple[int | None, ...]]
    unit: str
    words: str
    aside: str = ""
    faint: frozenset[int] = frozenset()

    @property
    def highest(self) -> int:
        """What the highest bar stands for."""
        return max((sum(part or 0 for part in parts) for parts in zip(*self.series.values(), strict=True)), default=0)

    @property
    def low(self) -> str:
        """In words: the parts of stacked bars that have no room for their figure."""
        if len(self.series) == 1:
            return ""
        low = {
            label: [f"{values[x]} {name}" for name, values in self.series.items() if 0 < (values[x] or 0) < self.highest / ROOM]
            for x, label in enumerate(self.labels)
        }
        said = "; ".join(f"{label} {', '.join(parts)}" for label, parts in low.items() if parts)
        return f"No room in the bar: {said}." if said else ""


@dataclass(frozen=True)
class Squares:
    """A heat map: `values[row][column]`, None where it is hidden."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[int | None, ...], ...]
    words: str


@dataclass(frozen=True)
class Course:
    """One child's missing episodes over time; `windows`: (days, how many cross a threshold of the protocol)."""

    title: str
    began: tuple[datetime, ...]
    hours: tuple[float, ...]
    windows: tuple[tuple[int, int], ...]
    words: str
