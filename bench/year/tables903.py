"""The other two tables of the sector's return for the invented children, so that its validator can look at all three."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bench.year.people import Placement, Year, Young

HEADER = ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB")
EPISODES = (
    "CHILD",
    "DECOM",
    "RNE",
    "LS",
    "CIN",
    "PLACE",
    "PLACE_PROVIDER",
    "DEC",
    "REC",
    "REASON_PLACE_CHANGE",
    "HOME_POST",
    "PL_POST",
    "URN",
)


def in_care(children: Sequence[Young], year: Year) -> list[Young]:
    """Those looked after by us at some time in the year."""
    return [child for child in children if child.kind == "ours" and any(_in(p, year) for p in child.placements)]


def header(children: Sequence[Young], year: Year) -> Iterator[tuple[str, ...]]:
    """One row a child; girls without a child of their own."""
    for child in in_care(children, year):
        mother = "0" if child.sex == "F" else ""
        yield child.case_reference, child.sex, _written(child.born), child.ethnicity, f"A{child.number:012d}", mother, ""


def episodes(children: Sequence[Young], year: Year) -> Iterator[tuple[str, ...]]:
    """One row a placement that lasted into the year."""
    for child in in_care(children, year):
        for n, placement in enumerate(child.placements):
            if _in(placement, year):
                yield _episode(child, placement, n)


def _in(placement: Placement, year: Year) -> bool:
    return placement.began <= year.last and (placement.ended is None or placement.ended >= year.first)


def _episode(child: Young, placement: Placement, n: int) -> tuple[str, ...]:
    ended = _written(placement.ended)
    leaves = ("E8" if placement.ended == child.eighteen else "E4A") if placement.last else "X1"
    moved = "CARPL" if ended and not placement.last else ""
    return (
        child.case_reference,
        _written(placement.began),
        "P" if n else "S",
        "C2",
        "N1",
        "U4",
        "PR1",
        ended,
        leaves if ended else "",
        moved,
        "SW1A 1AA",
        ("SW1A 2AA", "SW1A 0AA")[n % 2],
        "XXXXXXX",
    )


def _written(at: date | None) -> str:
    return at.strftime("%d/%m/%Y") if at else ""
