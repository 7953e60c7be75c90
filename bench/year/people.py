"""The invented children of a year, with their placements where they are looked after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

TEAMS = ("Heron", "Kestrel", "Lapwing", "Merlin", "Osprey", "Wren")
KINDS = (("ours", 62), ("home", 28), ("hosted", 6), ("leaver", 4))
ETHNICITIES = ("WBRI", "WOTH", "MWBC", "APKN", "BCRB", "BAFR")


@dataclass(frozen=True)
class Placement:
    """One placement; `ended` None while it lasts, `last` when care ended with it."""

    began: date
    ended: date | None
    last: bool = False


@dataclass(frozen=True)
class Young:
    """An invented child. `kind`: ours (looked after by us), home, hosted (looked after by another council), leaver."""

    number: int
    kind: str
    born: date
    team: str
    sex: str
    ethnicity: str
    placements: tuple[Placement, ...] = ()

    @property
    def case_reference(self) -> str:
        """What the case system calls the child."""
        return f"Y{self.number:06d}"

    @property
    def eighteen(self) -> date:
        """The 18th birthday; that of 29 February is 28 February, as in the sector's rules."""
        try:
            return self.born.replace(year=self.born.year + 18)
        except ValueError:
            return self.born.replace(year=self.born.year + 18, day=28)


@dataclass(frozen=True)
class Year:
    """A collection year: from 1 April of the year before to 31 March."""

    ends_in: int

    @property
    def first(self) -> date:
        """1 April."""
        return date(self.ends_in - 1, 4, 1)

    @property
    def last(self) -> date:
        """31 March."""
        return date(self.ends_in, 3, 31)


def young(number: int, year: Year, random: Random) -> Young:
    """One child, 10 to 17 at the start of the year; every twentieth comes of age in it."""
    kind = random.choices([name for name, _ in KINDS], [share for _, share in KINDS])[0]
    born = year.first - timedelta(days=random.randint(10 * 365, 17 * 365 - 10))
    if number % 20 == 0 and kind == "ours":
        born = _comes_of_age(year, random)
    if kind == "leaver":
        born = year.first - timedelta(days=random.randint(18 * 365 + 30, 20 * 365))
    team = random.choices(TEAMS, (22, 18, 16, 16, 14, 14))[0]
    child = Young(number, kind, born, team, random.choice("MF"), random.choice(ETHNICITIES))
    return child if kind != "ours" else replace(child, placements=_placements(child, year, random))


def _comes_of_age(year: Year, random: Random) -> date:
    birthday = year.first + timedelta(days=random.randint(30, 330))
    if (birthday.month, birthday.day) == (2, 29):
        birthday -= timedelta(days=1)
    return birthday.replace(year=birthday.year - 18)


def _placements(child: Young, year: Year, random: Random) -> tuple[Placement, ...]:
    """From some day before or in the year, to its end, to the 18th birthday, or to a return home; moved now and then."""
    begin = year.first + timedelta(days=random.randint(-500, 150))
    leaves = year.first + timedelta(days=random.randint(250, 360)) if random.random() < 0.12 else None
    end = child.eighteen if child.eighteen <= year.last else leaves
    begin = min(begin, end - timedelta(days=60)) if end else begin  # nobody comes into care after the day that ends it
    found: list[Placement] = []
    while True:
        moved = begin + timedelta(days=random.randint(90, 500))
        if end and moved >= end - timedelta(days=30):
            return (*found, Placement(begin, end, last=True))
        if not end and moved > year.last - timedelta(days=20):
            return (*found, Placement(begin, None))
        found.append(Placement(begin, moved))
        begin = moved
