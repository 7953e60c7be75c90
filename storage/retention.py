"""What has been over for long, and the destruction of what was known of a child."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import children
from storage.tables import ALLOCATIONS, ASKS, CHILDREN, EPISODES, PERMITS, POSTS

ERASED = "Erased"  # the headline of what a post becomes


@dataclass(frozen=True)
class Ended:
    """One child of an authority: all episodes over, the last one `at`; `held`: a legal hold lies on it."""

    child_id: str
    references: tuple[str, ...]
    at: datetime
    held: bool


@dataclass(frozen=True)
class Unblanked:
    """A post that may still be read: in whose room, and where. `reference` is the platform's, None while nobody knows it."""

    authority: str
    state: str
    platform: str | None
    channel: str | None
    reference: str | None


_survivor = sa.func.coalesce(CHILDREN.c.merged_into, CHILDREN.c.id)


def ended(session: Session, authority: str, now: datetime) -> list[Ended]:
    """Children of an authority whose every episode is closed or void and who are not erased, the longest over first."""
    one = sa.select(
        _survivor.label("child"), EPISODES.c.id, EPISODES.c.reference, EPISODES.c.status, EPISODES.c.closed_at, EPISODES.c.notified_at
    )
    known = one.join(CHILDREN, CHILDREN.c.id == EPISODES.c.child_id).where(
        EPISODES.c.authority == authority, CHILDREN.c.identity.is_not(None)
    )
    by_child: dict[str, list[Any]] = {}
    for row in session.execute(known.order_by(EPISODES.c.notified_at, EPISODES.c.id)):
        by_child.setdefault(row.child, []).append(row)
    holds = held(session, now)
    found = [
        Ended(child, tuple(r.reference for r in rows), max(r.closed_at or r.notified_at for r in rows), any(r.id in holds for r in rows))
        for child, rows in by_child.items()
        if all(r.status in {"closed", "void"} for r in rows)
    ]
    return sorted(found, key=lambda one: one.at)


def held(session: Session, now: datetime) -> set[str]:
    """Ids of the episodes on which a legal hold lies."""
    live = (PERMITS.c.kind == "hold") & (PERMITS.c.since <= now) & (PERMITS.c.until.is_(None) | (PERMITS.c.until > now))
    return set(session.scalars(sa.select(PERMITS.c.episode_id).where(live)))


def erase(session: Session, child_id: str, now: datetime) -> list[str]:
    """Destroy the keys of a child and of those merged with it, and what stands in clear; gives the ids of its episodes."""
    ids = list(session.scalars(sa.select(CHILDREN.c.id).where((CHILDREN.c.id == child_id) | (CHILDREN.c.merged_into == child_id))))
    for one in ids:
        children.erase(session, one, now)
    session.execute(sa.delete(ALLOCATIONS).where(ALLOCATIONS.c.child_id.in_(ids)))
    mine = EPISODES.c.child_id.in_(ids)
    session.execute(sa.update(EPISODES).where(mine).values(risk_level=None, next_change_at=None))
    return list(session.scalars(sa.select(EPISODES.c.id).where(mine)))


def posts_of(session: Session, episode_ids: Sequence[str]) -> list[str]:
    """Ids of every post about these episodes."""
    return list(session.scalars(sa.select(POSTS.c.id).where(POSTS.c.episode_id.in_(episode_ids))))


def not_blanked(session: Session, authority: str) -> list[Unblanked]:
    """Posts that tell of an erased record and whose platform has not taken that they end: of records and in rooms of this authority."""
    erased = EPISODES.join(CHILDREN, (CHILDREN.c.id == EPISODES.c.child_id) & CHILDREN.c.identity.is_(None))
    owner: dict[str, str] = dict(session.execute(sa.select(EPISODES.c.id, EPISODES.c.authority).select_from(erased)).all())
    listed: dict[str, str] = {}  # a handover's post is about several children, and belongs to no episode
    asked = sa.select(ASKS.c.post_id, ASKS.c.about, EPISODES.c.authority)
    for post_id, put, of in session.execute(asked.select_from(ASKS.join(erased, EPISODES.c.id == ASKS.c.episode_id))):
        listed |= dict.fromkeys(filter(None, (post_id, *put.get("posts", ()))), of)
    there = (POSTS.c.reference.is_not(None) & (POSTS.c.sent_edition < POSTS.c.edition)) | POSTS.c.state.in_(("sending", "uncertain"))
    names = [field.name for field in fields(Unblanked)]
    behind = sa.select(POSTS.c.id, POSTS.c.episode_id, *(POSTS.c[name] for name in names)).where(there)
    rows = session.execute(behind.order_by(POSTS.c.queued_at, POSTS.c.id)).all()
    about = ((row, owner.get(row.episode_id) or listed.get(row.id)) for row in rows)
    return [Unblanked(*(getattr(row, name) for name in names)) for row, of in about if of and authority in {of, row.authority}]
