"""One figure of a report beside the period before, and one figure in its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.reports.measures import MEASURES

AT_THE_END = frozenset({"overdue", "outstanding", "still_missing"})  # of a moment, so that the length of the period is no matter
INTERVIEWS = frozenset({"overdue", "outstanding", "declined"})
LISTED = "listed_children"
SHARES = dict.fromkeys(("offered", "accepted", "declined", "not_done", "conducted", "within_72h", "within_local"), "owed") | {
    "repeat_children": "children",
    "acknowledged_in_an_hour": "notified",
    "over_24h": "episodes",
    "over_72h": "episodes",
}


@dataclass(frozen=True)
class Tile:
    """One figure now and in the period before; `of`: the figure it is a part of, where a share is meant."""

    measure: str
    now: int
    before: int
    of: int | None = None
    of_before: int | None = None

    @property
    def name(self) -> str:
        """What it counts."""
        return MEASURES[self.measure].name

    @property
    def better(self) -> str:
        """better, worse, the same; or more, fewer where neither is better."""
        now, before = self._shares() if self.of and self.of_before else (self.now, self.before)
        if now == before:
            return "the same"
        fewer = MEASURES[self.measure].fewer
        if fewer is None:
            return "more" if now > before else "fewer"
        return "better" if (now < before) == fewer else "worse"

    def _shares(self) -> tuple[float, float]:
        """Of what it is a part of, in whole percents: fewer interviews held are no worse where fewer were owed."""
        return round(100 * self.now / (self.of or 1)), round(100 * self.before / (self.of_before or 1))


@dataclass(frozen=True)
class Part:
    """One figure in its parts."""

    title: str
    counts: Mapping[str, int]
    measure: str

    @property
    def unit(self) -> str:
        """What each of its figures counts."""
        return "children" if MEASURES[self.measure].children else "interviews" if self.measure in INTERVIEWS else "episodes"
