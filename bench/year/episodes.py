"""The episodes of one invented child: when, of which category, and what was done about each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from bench.year.people import Placement, Year, Young
from policies.worktime import at_local

HOUR = timedelta(hours=1)
GAP = 5 * HOUR


@dataclass(frozen=True)
class Planned:
    """One episode as it is to be. Times UTC; None for what has not happened by the end of the year."""

    child: Young
    category: str
    start: datetime
    notified: datetime
    found: datetime | None
    returned: datetime | None
    risk: str
    known_place: bool | None = None
    turned_missing: datetime | None = None
    void: bool = False
    restricted: bool = False
    acknowledged: datetime | None = None
    offered: datetime | None = None
    accepted: datetime | None = None
    declined: datetime | None = None
    conducted: datetime | None = None
    meeting: datetime | None = None
    closed: datetime | None = None

    @property
    def missing(self) -> bool:
        """Whether it was a missing one at some moment."""
        return self.category.startswith("missing") or self.turned_missing is not None or self.known_place is False


def planned(child: Young, count: int, year: Year, random: Random, categories: frozenset[str]) -> Iterator[Planned]:
    """So many episodes of a child, in order, none over another, each within one placement of a child that is ours."""
    free = _begin(child, year, random)
    spread = timedelta(days=350) / max(count, 1)
    for _ in range(count):
        start = free + spread * random.uniform(0, 2 if count > 1 else 1)
        start = _evening(start, random) if count < 100 else start
        start = max(start, free + GAP)
        end = start + timedelta(hours=min(random.lognormvariate(2.1, 1.2), 24 * 40) if count < 100 else random.uniform(1, 9))
        room = _room(child, start, year)
        if room is None:
            free = start + spread
            continue
        one = _one(child, start, _ended(end, room, year, child), random, categories, year)
        yield one
        free = (one.returned or one.found or start) + GAP
        if one.found is None:
            return


def _begin(child: Young, year: Year, random: Random) -> datetime:
    """A few days before the year for some, so that an episode runs into it; a clock-change night for others."""
    if child.number % 11 == 0:
        return at_local(date(year.first.year, 10, 24), time(20))
    if child.number % 13 == 0:
        return at_local(year.last - timedelta(days=5), time(12))
    return at_local(year.first, time(0)) + timedelta(hours=random.uniform(-48, 600))


def _evening(moment: datetime, random: Random) -> datetime:
    """Most go missing in the evening, and more at the end of the week."""
    hour = min(23, max(0, round(random.gauss(20, 4))))
    return at_local(moment.date(), time(hour, random.randint(0, 59))) if random.random() < 0.8 else moment.replace(microsecond=0)


def _room(child: Young, start: datetime, year: Year) -> Placement | None:
    """The placement that an episode of a child of ours lies in with a day to spare; for others the year."""
    day = start.date()
    if day > year.last or start >= at_local(year.last, time(23)):
        return None
    if child.kind != "ours":
        return Placement(year.first, None)
    held = [p for p in child.placements if p.began < day and (p.ended is None or day < p.ended - timedelta(days=1))]
    return held[0] if held else None


def _ended(end: datetime, room: Placement, year: Year, child: Young) -> datetime | None:
    """Not over the end of a placement, but over an 18th birthday and the end of the year; None when still away at its end."""
    if end > at_local(year.last, time(23, 30)):
        return None if room.ended is None else at_local(room.ended - timedelta(days=1), time(12))
    if room.ended and end.date() >= room.ended:
        comes_of_age = room.last and room.ended == child.eighteen
        return end if comes_of_age else at_local(room.ended - timedelta(days=1), time(12))
    return end


def _one(child: Young, start: datetime, end: datetime | None, random: Random, categories: frozenset[str], year: Year) -> Planned:
    notified = start + timedelta(minutes=random.randint(5, 240))
    if end is not None and notified >= end:
        notified = start + (end - start) / 2
    category, known = _category(child, random, categories)
    returned = end
    found = end - min(HOUR, (end - notified) / 2) if end and random.random() < 0.1 else end
    base = Planned(child, category, start, notified, found, returned, random.choices(("low", "medium", "high"), (2, 6, 2))[0], known)
    turned = start + (end - start) / 2 if end and known and random.random() < 0.15 and "missing" in categories else None
    acknowledged = notified + timedelta(minutes=random.randint(4, 110)) if random.random() < 0.8 else None
    base = replace(
        base,
        turned_missing=turned if turned and turned > notified else None,
        void=random.random() < 0.02,
        restricted=random.random() < 0.01,
        acknowledged=acknowledged,
    )
    return replace(base, **_after(base, random, at_local(year.last, time(23, 59))))


def _category(child: Young, random: Random, categories: frozenset[str]) -> tuple[str, bool | None]:
    """(category, whether the whereabouts are known): most are missing, one in six is away or absent."""
    if child.kind == "leaver":
        return "missing", None
    if random.random() < 0.16:
        away = sorted(categories & {"absent", "whereabouts_known", "away_from_placement_without_authorisation"})
        if child.kind != "ours":
            away = [c for c in away if c != "away_from_placement_without_authorisation"]
        if away:
            return random.choice(away), random.random() < 0.85
    named = "missing_from_home" if child.kind == "home" else "missing_from_care"
    return (named if named in categories else "missing"), None


SKILL = {"Heron": 0.92, "Kestrel": 0.85, "Lapwing": 0.88, "Merlin": 0.8, "Osprey": 0.5, "Wren": 0.83}


def _after(one: Planned, random: Random, end: datetime) -> dict[str, Any]:
    """What followed a return: an interview or not, by the skill of the team, and closing."""
    back = one.found
    if back is None or one.void:
        return {}
    skill = SKILL[one.child.team]
    offered = back + timedelta(hours=random.uniform(1, 60)) if one.missing and random.random() < skill + 0.06 else None
    accepted = offered + timedelta(hours=random.uniform(0, 10)) if offered and random.random() < 0.72 else None
    declined = offered + timedelta(hours=random.uniform(1, 20)) if offered and not accepted and random.random() < 0.8 else None
    if offered is None and one.missing and random.random() < 0.6:
        offered = back + timedelta(days=random.uniform(8, 21))  # found out later, and made good
    if offered and not accepted and not declined and random.random() < 0.8:
        declined = offered + timedelta(days=random.uniform(3, 20))
    late = 96 if random.random() > skill else 0
    conducted = accepted + timedelta(hours=random.uniform(2, 40) + late) if accepted else None
    if conducted and random.random() > skill + 0.1:
        conducted += timedelta(days=random.uniform(5, 30))
    long = one.missing and (back - one.start) > timedelta(hours=30) and random.random() < 0.7
    meeting = one.start + timedelta(hours=random.uniform(26, 60)) if long else None
    last = max(filter(None, (back, one.returned, offered, accepted, declined, conducted, meeting)))
    done = conducted or declined or not one.missing
    found = {"offered": offered, "accepted": accepted, "declined": declined, "conducted": conducted, "meeting": meeting}
    found["closed"] = last + timedelta(days=random.randint(2, 9)) if done else None
    return {name: at if at and at.astimezone(UTC) <= end else None for name, at in found.items()}
