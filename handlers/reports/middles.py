"""Every measure that is a middle of values, once: its name, its formula in words, and its value of one episode. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from handlers.reports.measures import HOUR, began_in, by_then, gone_for
from handlers.reports.rows import Row, Span


@dataclass(frozen=True)
class Median:
    """The middle of a value over the rows that have one; None when none has."""

    name: str
    formula: str
    unit: str
    value: Callable[[Row, Span], float | None]
    fewer: bool | None = True

    def of(self, rows: Iterable[Row], span: Span) -> float | None:
        """The middle value."""
        known = [value for row in rows if (value := self.value(row, span)) is not None]
        return median(known) if known else None


MEDIANS: dict[str, Median] = {
    "duration": Median(
        "Time missing, middle",
        "middle of the hours from the first missing moment to the last, of missing episodes that began and ended in the period",
        "h",
        lambda r, s: gone_for(r, s) / HOUR if began_in(r, s) and by_then(r.ended, s) else None,
    ),
    "acknowledge": Median(
        "Time until taken in hand, middle",
        "middle of the minutes from notification to the first acknowledgement, of episodes notified in the period",
        "min",
        lambda r, s: (
            (r.acknowledged - r.notified) / timedelta(minutes=1)
            if s.has(r.notified) and by_then(r.acknowledged, s) and r.acknowledged
            else None
        ),
    ),
}
