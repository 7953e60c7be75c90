"""The rows that reports count: one episode each, as it stands, with the moments that measures compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.desk import Desk
from handlers.reports.tally import bring_up_all, moment
from policies.figures import MISSING, Met
from storage import figures
from storage.figures import Counted

STATUTORY = timedelta(hours=72)
NO_TEAM = "no team recorded"


@dataclass(frozen=True)
class Span:
    """A stretch of time, its end left out; whatever happened after the end is not counted."""

    since: datetime
    until: datetime

    def has(self, at: datetime | None) -> bool:
        """Whether a moment lies in it."""
        return at is not None and self.since <= at < self.until


@dataclass(frozen=True, slots=True)
class Row:
    """One episode. `began`, `ended`: of its missing stretches, `began` None when it had none; `limit`: when its interview is late."""

    reference: str
    child: str
    team: str
    category: str
    risk: str
    in_care: bool | None
    leaver: bool
    restricted: bool
    tracked: bool
    start: datetime
    notified: datetime
    began: datetime | None
    ended: datetime | None
    back: datetime | None
    acknowledged: datetime | None
    offered: datetime | None
    accepted: datetime | None
    declined: datetime | None
    conducted: datetime | None
    not_done: datetime | None
    declined_by: str
    waived: bool
    due: datetime | None
    meetings: tuple[Met, ...] = ()

    @property
    def since(self) -> datetime:
        """From when it is listed: from when the child was missing, else away."""
        return self.began or self.start

    @property
    def limit(self) -> datetime | None:
        """When its interview is late: after the protocol's own time, or after 72 hours where it gives none (ENG-11)."""
        return self.due or (self.back + STATUTORY if self.back else None)


def load(desk: Desk, authority: str, span: Span, *, fresh: bool = False) -> list[Row]:
    """Every episode that was going on in the span or whose interview was, with all that was written up to now, by when it began."""
    if not fresh:
        bring_up_all(desk, authority)
    found = (row_of(one, span.until) for one in figures.counted(desk.session, authority, span.since, span.until))
    return sorted(found, key=lambda row: (row.since, row.reference))


def row_of(one: Counted, until: datetime) -> Row:
    """A row from what is stored; an agreed limit that passes after `until` has not made anybody missing."""
    gone = [stretch for stretch in one.stretches if stretch[0] == MISSING and datetime.fromisoformat(stretch[1]) < until]
    return Row(
        reference=one.reference,
        child=one.child,
        team=one.team or NO_TEAM,
        category=one.category,
        risk=one.risk_level or "not recorded",
        in_care=one.in_care,
        leaver=bool(one.care_status and one.care_status.startswith("care_leaver")),
        restricted=one.restricted,
        tracked=one.tracked,
        start=one.missing_since or one.notified_at,
        notified=one.notified_at,
        began=moment(gone[0][1]) if gone else None,
        ended=moment(gone[-1][2]) if gone else None,
        back=one.returned_at if one.found_at else None,
        acknowledged=one.acknowledged_at,
        offered=one.offered_at,
        accepted=one.accepted_at or one.conducted_at,
        declined=one.declined_at,
        conducted=one.conducted_at,
        not_done=one.not_done_at,
        declined_by=one.declined_by or "",
        waived=bool(one.interview_waived) and one.declined_at is None,
        due=one.interview_due,
        meetings=tuple(Met(action, datetime.fromisoformat(at), *rest) for action, at, *rest in one.meetings or ()),
    )


def listed(rows: Sequence[Row]) -> list[Row]:
    """Those that may be named by their reference: restricted ones are counted and never listed."""
    return [row for row in rows if not row.restricted]
