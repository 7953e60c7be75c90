"""Figures: a copy of what reports count, kept up with the journal, and read in bulk without opening anything sealed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.records import insert_all, within
from storage.tables import CHILDREN, EPISODES, FIGURES, JOURNAL, OBLIGATIONS

_ENDS = ("conducted_at", "declined_at", "not_done_at")
_CHUNK = 2000  # rows fetched at a time, so that a year needs no more memory than a month
_child = sa.func.coalesce(CHILDREN.c.merged_into, CHILDREN.c.id)


@dataclass(frozen=True, slots=True)
class Counted:
    """One episode as reports count it, with the child it belongs to now. `interview_due`: the earliest the protocol gave it."""

    episode_id: str
    child: str
    reference: str
    status: str
    category: str
    risk_level: str | None
    notified_at: datetime
    missing_since: datetime | None
    found_at: datetime | None
    returned_at: datetime | None
    restricted: bool
    tracked: bool
    care_status: str | None
    in_care: bool | None
    ours: bool | None
    team: str | None
    stretches: Sequence[Any]
    acknowledged_at: datetime | None
    offered_at: datetime | None
    accepted_at: datetime | None
    declined_at: datetime | None
    conducted_at: datetime | None
    offered: bool | None
    accepted: bool | None
    not_done_at: datetime | None
    declined_by: str | None
    meetings: Sequence[Any] | None
    interview_due: datetime | None
    interview_waived: bool | None


_due = (
    sa.select(
        OBLIGATIONS.c.episode_id.label("episode_id"),
        sa.func.min(OBLIGATIONS.c.due_at).label("due_at"),
        sa.func.max(sa.case((OBLIGATIONS.c.status == "waived", 1), else_=0)).label("waived"),
    )
    .where(OBLIGATIONS.c.action == "return_interview", OBLIGATIONS.c.status != "void")
    .group_by(OBLIGATIONS.c.episode_id)
    .subquery()
)
_OF_EPISODE = (
    "id",
    "reference",
    "status",
    "category",
    "risk_level",
    "notified_at",
    "missing_since",
    "found_at",
    "returned_at",
    "restricted",
)
_OF_FIGURE = [c for c in FIGURES.c if c.name != "episode_id"]
_start = sa.func.coalesce(EPISODES.c.missing_since, EPISODES.c.notified_at)
_ROWS = (
    sa.select(
        EPISODES.c.id,
        _child,
        *(EPISODES.c[name] for name in _OF_EPISODE[1:]),
        *_OF_FIGURE,
        sa.type_coerce(_due.c.due_at, OBLIGATIONS.c.due_at.type),
        sa.type_coerce(_due.c.waived, sa.Boolean),
    )
    .join(FIGURES, FIGURES.c.episode_id == EPISODES.c.id)
    .join(CHILDREN, CHILDREN.c.id == EPISODES.c.child_id)
    .outerjoin(_due, _due.c.episode_id == EPISODES.c.id)
    .where(EPISODES.c.authority == sa.bindparam("authority"), EPISODES.c.status != "void")
    .order_by(_start, EPISODES.c.id)
)
_OF_CHILD = _ROWS.where(_child == sa.bindparam("child"))


def counted(session: Session, authority: str, since: datetime, until: datetime) -> Iterator[Counted]:
    """Episodes that were going on, or whose interview was still to be done, between two moments; by start, void ones left out."""
    back = sa.func.coalesce(EPISODES.c.returned_at, EPISODES.c.found_at)
    waits = FIGURES.c.tracked & sa.and_(*(FIGURES.c[name].is_(None) for name in _ENDS))
    late = sa.or_(*(FIGURES.c[name] >= since for name in _ENDS))
    chosen = _ROWS.where(until > _start, sa.or_(back.is_(None), back >= since, waits, late))
    for values in session.execute(chosen, {"authority": authority}, execution_options={"yield_per": _CHUNK}):
        yield _counted(values)


def _counted(values: Sequence[Any]) -> Counted:
    return Counted(*values)


def of_child(session: Session, authority: str, child: str) -> list[Counted]:
    """All episodes of a child and of those merged with it."""
    return [_counted(values) for values in session.execute(_OF_CHILD, {"authority": authority, "child": child})]


def write(session: Session, figures: Iterable[Mapping[str, Any]]) -> None:
    """Put figures in the place of those there were."""
    rows = list(figures)
    session.execute(sa.delete(FIGURES).where(within(FIGURES.c.episode_id)), {"ids": [row["episode_id"] for row in rows]})
    insert_all(session, FIGURES, rows)


def read_after(session: Session, authority: str, after: int, limit: int) -> tuple[int, list[str]]:
    """(number reached, ids of episodes) in the next `limit` entries of an authority's journal."""
    chosen = sa.select(JOURNAL.c.seq, JOURNAL.c.episode_id).where(JOURNAL.c.authority == authority, JOURNAL.c.seq > after)
    rows = session.execute(chosen.order_by(JOURNAL.c.seq).limit(limit)).all()
    return (rows[-1].seq if rows else after), list(dict.fromkeys(row.episode_id for row in rows if row.episode_id))


def first_notified(session: Session, authority: str) -> datetime | None:
    """When the first episode of an authority was notified, those from before the bot among them."""
    earliest: datetime | None = session.scalar(sa.select(sa.func.min(EPISODES.c.notified_at)).where(EPISODES.c.authority == authority))
    return earliest


def many(session: Session, authority: str, most: int) -> bool:
    """Whether an authority has more episodes than that; looks no further."""
    some = sa.select(EPISODES.c.id).where(EPISODES.c.authority == authority).limit(most + 1).subquery()
    return (session.scalar(sa.select(sa.func.count()).select_from(some)) or 0) > most
