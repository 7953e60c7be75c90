"""Episodes: kept, found, locked, and looked at when their moment has come."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.ids import new_reference
from storage.records import gathered, grouped, insert_all, picking, update_all
from storage.tables import CHILDREN, EPISODES

_KEPT = frozenset({"authority", "child_id", "reference", "notified_at", "number"})


@dataclass(frozen=True)
class EpisodeRow:
    """One row. Change it with `replace` and `update`; authority, child, reference, number and notified_at never change."""

    id: str
    authority: str
    child_id: str
    reference: str
    pack_hash: str
    number: int
    status: str  # open, located, returned, closed, void
    category: str
    notified_at: datetime
    risk_level: str | None = None
    missing_since: datetime | None = None
    found_at: datetime | None = None
    returned_at: datetime | None = None
    closed_at: datetime | None = None
    next_change_at: datetime | None = None
    version: int = 1
    restricted: bool = False


_ROWS = picking(EpisodeRow, EPISODES)
_OPEN = EPISODES.c.status.in_(("open", "located", "returned"))


def add(session: Session, episode: EpisodeRow) -> None:
    """Record an episode; its child and pack are recorded before."""
    insert_all(session, EPISODES, [vars(episode)])


def update(session: Session, episode: EpisodeRow) -> EpisodeRow:
    """Write a changed row and give it back with its new version; raises Stale if somebody else changed it since it was read."""
    update_all(session, EPISODES, [vars(episode)], _KEPT)
    return replace(episode, version=episode.version + 1)


def free_reference(session: Session) -> str:
    """A reference nobody has."""
    return new_reference(lambda reference: by_reference(session, reference) is not None)


def by_reference(session: Session, reference: str) -> EpisodeRow | None:
    """The episode with this reference, however it is typed."""
    return _first(session, EPISODES.c.reference == reference.strip().upper())


def by_id(session: Session, episode_id: str) -> EpisodeRow | None:
    """The episode with this id."""
    return _first(session, EPISODES.c.id == episode_id)


def of_child(session: Session, child_id: str) -> list[EpisodeRow]:
    """All episodes of a child, and of those merged with it, in the order they were notified."""
    same = sa.select(CHILDREN.c.id).where(_same_child(child_id))
    return _all(session, EPISODES.c.child_id.in_(same))


def of_children(session: Session, ids: Sequence[str]) -> dict[str, list[EpisodeRow]]:
    """The episodes of many children in one statement, by the child they were recorded for (merging is not followed)."""
    return grouped(_all(session, EPISODES.c.child_id.in_(ids)), "child_id", ids)


def open_of(session: Session, authority: str) -> list[EpisodeRow]:
    """An authority's episodes that are neither closed nor void; restricted ones are among them."""
    return _all(session, _OPEN & (EPISODES.c.authority == authority))


def still_open(session: Session, after: str, limit: int) -> list[str]:
    """Ids of open episodes of all authorities, page by page: pass "" first, then the last id."""
    return list(session.scalars(sa.select(EPISODES.c.id).where(_OPEN, EPISODES.c.id > after).order_by(EPISODES.c.id).limit(limit)))


def lock(session: Session, child_id: str) -> list[EpisodeRow]:
    """Hold a child and those merged with it, then its episodes, until the transaction ends; gives what `of_child` gives."""
    # On SQLite BEGIN IMMEDIATE is the lock, and FOR UPDATE compiles to nothing.
    session.execute(sa.select(CHILDREN.c.id).where(_same_child(child_id)).order_by(CHILDREN.c.id).with_for_update())
    same = sa.select(CHILDREN.c.id).where(_same_child(child_id))
    chosen = _ROWS.where(EPISODES.c.child_id.in_(same)).order_by(EPISODES.c.notified_at, EPISODES.c.id)
    return gathered(session, EpisodeRow, chosen.with_for_update(of=EPISODES))


def to_look_at(session: Session, now: datetime, limit: int) -> list[str]:
    """Ids of the episodes whose next change has come, the longest waiting first."""
    due = EPISODES.c.next_change_at <= now
    return list(session.scalars(sa.select(EPISODES.c.id).where(due).order_by(EPISODES.c.next_change_at, EPISODES.c.id).limit(limit)))


def next_change(session: Session) -> datetime | None:
    """The earliest moment any episode waits for."""
    earliest: datetime | None = session.scalar(sa.select(sa.func.min(EPISODES.c.next_change_at)))
    return earliest


def _same_child(child_id: str) -> sa.ColumnElement[bool]:
    other = CHILDREN.alias("other")
    one = sa.select(sa.func.coalesce(other.c.merged_into, other.c.id)).where(other.c.id == child_id).scalar_subquery()
    return (CHILDREN.c.id == one) | (CHILDREN.c.merged_into == one)


def _first(session: Session, condition: sa.ColumnElement[bool]) -> EpisodeRow | None:
    return next(iter(gathered(session, EpisodeRow, _ROWS.where(condition))), None)


def _all(session: Session, condition: sa.ColumnElement[bool]) -> list[EpisodeRow]:
    return gathered(session, EpisodeRow, _ROWS.where(condition).order_by(EPISODES.c.notified_at, EPISODES.c.id))
