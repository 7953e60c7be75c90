"""What a report is made of: what it counts, how it is split, whom it lists and what it draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.reports.listings import Listing
from handlers.reports.rows import Row
from policies import words
from policies.worktime import Length

WEEK, MONTH, QUARTER, YEAR = Length.parse("P7D"), Length(months=1), Length(months=3), Length(months=12)


@dataclass(frozen=True)
class Design:
    """One report. `tiles`: measures shown beside the period before; `parts`: (measure, key) tables; `marks`: from obligations.

    `about`: the measure of the children it speaks of; `lead`: what the children of its listing are, where it is about those;
    `finding`: what stands first in it, where it has a question of its own; `only`: whose episodes it counts, where not everybody's.
    """

    id: str
    word: str
    title: str
    tiles: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    listing: Listing
    charts: tuple[str, ...] = ("first",)
    every: Length = MONTH
    marks: tuple[str, ...] = ()
    note: str = ""
    about: str = "children"
    lead: str = ""
    finding: str = ""
    only: Callable[[Row], bool] | None = None


KEYS: dict[str, Callable[[Row], str]] = {
    "team": lambda row: row.team,
    "category": lambda row: words.label(row.category),
    "care": lambda row: {True: "in care", False: "at home", None: "not recorded"}[row.in_care],
    "risk": lambda row: row.risk,
    "refused by": lambda row: words.label(row.declined_by or "not recorded"),
}
