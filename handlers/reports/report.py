"""A report as values: what was counted, compared with the period before, and what to do first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.desk import Desk
from handlers.reports import periods
from handlers.reports.design import KEYS, Design
from handlers.reports.gatherings import Gatherings, gatherings
from handlers.reports.measures import MEASURES, oldest_overdue
from handlers.reports.middles import MEDIANS
from handlers.reports.periods import Period
from handlers.reports.rows import Row, Span, listed, load
from handlers.reports.tiles import SHARES, Part, Tile
from policies import words
from policies.worktime import LONDON
from storage import figures, marks
from storage.marks import Mark

FOUR_WEEKS = timedelta(days=28)
ALIKE = 2  # days by which two periods may differ and still be laid side by side


@dataclass(frozen=True)
class Report:
    """Everything one report says. `listing`: (row, why), restricted ones left out; `rows`: for charts."""

    design: Design
    authority: str
    period: Period
    before: Period
    as_of: datetime
    tiles: tuple[Tile, ...]
    parts: tuple[Part, ...]
    marks: tuple[Mark, ...]
    middles: tuple[tuple[str, str], ...]
    listing: tuple[tuple[Row, str], ...]
    unlisted: int
    rows: tuple[Row, ...]
    span: Span
    late_by_team: Mapping[str, int]
    oldest: Row | None
    escalations: int = 0
    busiest: tuple[int, int] = (0, 0)
    still: tuple[Row, ...] = ()
    records_began: datetime | None = None
    gatherings: Gatherings | None = None
    late: str = ""
    partial: str = ""
    listed_children: tuple[int, int] | None = None

    @property
    def days(self) -> tuple[int, int]:
        """How many days were counted, now and before."""
        since, until = self.span.since.astimezone(LONDON).date(), (self.span.until - timedelta(seconds=1)).astimezone(LONDON).date()
        return (until - since).days + 1, (self.before.ends - self.before.starts).days

    @property
    def alike(self) -> bool:
        """Whether both periods are about as long."""
        now, before = self.days
        return abs(now - before) <= ALIKE

    def comparable(self, now: int, before: int) -> bool:
        """Whether more or fewer can be said of a count: not where the longer period has more of it."""
        days, days_before = self.days
        return self.alike or (now - before) * (days - days_before) < 0

    def tile(self, measure: str) -> Tile:
        """The figure of a measure; every report has that of the children it is about, still_missing and overdue."""
        return next(tile for tile in self.tiles if tile.measure == measure)


def make(desk: Desk, authority: str, design: Design, period: Period, *, fresh: bool = False) -> Report:
    """Count everything. A period that is not over is counted up to now, and says so. `fresh`: the figures are up to the journal."""
    earlier = periods.before(design.every, period)
    span = Span(period.span.since, min(period.span.until, desk.now + timedelta(seconds=1)))
    read = load(desk, authority, Span(earlier.span.since - FOUR_WEEKS, span.until), fresh=fresh)
    rows = [row for row in read if design.only is None or design.only(row)]
    found = design.listing(rows, span)
    listing = tuple((row, why) for row, why in found if listed([row]))
    return Report(
        design=design,
        authority=desk.authority(authority).name,
        period=period,
        before=earlier,
        as_of=span.until,
        tiles=_tiles(design, rows, span, earlier.span),
        parts=tuple(Part(_title(measure, key), MEASURES[measure].by(rows, span, KEYS[key]), measure) for measure, key in design.parts),
        marks=_marks(desk, authority, design, span),
        middles=_middles(rows, span) if "episodes" in design.tiles else (),
        listing=listing,
        unlisted=len(found) - len(listing),
        rows=tuple(rows),
        span=span,
        late_by_team=MEASURES["overdue"].by(rows, span, KEYS["team"]),
        oldest=oldest_overdue(rows, span),
        escalations=marks.escalations(desk.session, authority, span.since, span.until) if design.marks else 0,
        busiest=_busiest(desk, authority, span) if "*" in design.marks else (0, 0),
        still=_still(rows, span),
        listed_children=(_children(found), _children(design.listing(rows, earlier.span))) if design.lead else None,
        gatherings=gatherings(rows, span) if {"*", "meeting"} & set(design.marks) else None,
        records_began=figures.first_notified(desk.session, authority),
        partial="The period is not over: counted up to now." if desk.now < period.span.until else "",
    )


def _still(rows: Sequence[Row], span: Span) -> tuple[Row, ...]:
    """Who is still missing, the longest first."""
    missing = (row for row in listed(rows) if MEASURES["still_missing"].keeps(row, span))
    return tuple(sorted(missing, key=lambda row: (row.began, row.reference)))


def _children(found: Sequence[tuple[Row, str]]) -> int:
    return len({row.child for row, _ in found})


def _tiles(design: Design, rows: Sequence[Row], span: Span, before: Span) -> tuple[Tile, ...]:
    names = tuple(dict.fromkeys((design.about, *design.tiles, "still_missing", "overdue")))
    now = {name: MEASURES[name].of(rows, span) for name in {*names, *SHARES.values()}}
    then = {name: MEASURES[name].of(rows, before) for name in now}
    return tuple(
        Tile(name, now[name], then[name], *((now[SHARES[name]], then[SHARES[name]]) if name in SHARES else (None, None))) for name in names
    )


def _title(measure: str, key: str) -> str:
    return f"{MEASURES[measure].name}, {key if key.endswith('by') else f'by {key}'}"


def _middles(rows: Sequence[Row], span: Span) -> tuple[tuple[str, str], ...]:
    found = [(m.name, m.of(rows, span), m.unit) for m in MEDIANS.values()]
    return tuple((name, f"{value:.0f} {unit}" if value is not None else "–") for name, value, unit in found)


def _marks(desk: Desk, authority: str, design: Design, span: Span) -> tuple[Mark, ...]:
    """What fell due: everything, only meetings, only records, or the actions a report names."""
    if not design.marks:
        return ()
    found = marks.marks(desk.session, authority, span.since, span.until)
    if "*" in design.marks:
        return tuple(found)
    kinds = words.actions()
    return tuple(one for one in found if one.action in design.marks or kinds.get(one.action) in design.marks)


def _busiest(desk: Desk, authority: str, span: Span) -> tuple[int, int]:
    """(most, middle) posts that interrupted one person in one shift of twelve hours, over those who had any."""
    shifts: dict[tuple[str, int], int] = {}
    for person, at in marks.sent_to_people(desk.session, authority, span.since, span.until):
        shift = int((at - span.since) / timedelta(hours=12))
        shifts[(person, shift)] = shifts.get((person, shift), 0) + 1
    counts = sorted(shifts.values())
    return (counts[-1], counts[len(counts) // 2]) if counts else (0, 0)
