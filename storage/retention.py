"""What has been over for long, and the destruction of what was known of a child."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import children
from storage.tables import ALLOCATIONS, CHILDREN, EPISODES, PERMITS, POSTS

ERASED = "Erased"  # the headline of what a post becomes


@dataclass(frozen=True)
class Ended:
    """One child of an authority: all episodes over, the last one `at`; `held`: a legal hold lies on it."""

    child_id: str
    references: tuple[str, ...]
    at: datetime
    held: bool


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


def not_blanked(session: Session, authority: str) -> list[tuple[str, str | None, str | None, str | None]]:
    """Posts that were erased and whose platform has not taken that: (state, platform, channel, its reference)."""
    blank = (POSTS.c.authority == authority) & (POSTS.c.body["headline"].as_string() == ERASED)
    behind = blank & POSTS.c.reference.is_not(None) & (POSTS.c.sent_edition < POSTS.c.edition)
    rows = session.execute(sa.select(POSTS.c.state, POSTS.c.platform, POSTS.c.channel, POSTS.c.reference).where(behind))
    return [(state, platform, channel, reference) for state, platform, channel, reference in rows]
