"""What a room, a thread or a person has been sent so far: the outbox read as the places people look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.posts import ROWS, Post
from storage.records import gathered
from storage.tables import POSTS

_OUT = POSTS.c.reference.is_not(None)
_ORDER = (POSTS.c.sent_at, POSTS.c.queued_at, POSTS.c.id)


@dataclass(frozen=True)
class Replies:
    """How many posts a thread has below its first, and when the latest came."""

    count: int
    latest: datetime


def of_room(session: Session, authority: str, room: str, limit: int) -> list[Post]:
    """The latest posts of a room that are nobody's replies, oldest first."""
    here = (POSTS.c.authority == authority) & (POSTS.c.room == room) & (POSTS.c.place != "direct") & POSTS.c.parent_id.is_(None)
    return _latest(session, here, limit)


def to_person(session: Session, person: str, limit: int) -> list[Post]:
    """The latest direct messages to a person, oldest first."""
    return _latest(session, (POSTS.c.place == "direct") & (POSTS.c.person == person), limit)


def of_thread(session: Session, parent_id: str) -> list[Post]:
    """A thread: its first post, then the replies, oldest first."""
    mine = (POSTS.c.id == parent_id) | (POSTS.c.parent_id == parent_id)
    first = sa.case((POSTS.c.id == parent_id, 0), else_=1)
    return gathered(session, Post, ROWS.where(_OUT, mine).order_by(first, *_ORDER))


def replies(session: Session, ids: Sequence[str]) -> dict[str, Replies]:
    """The size of many threads in one statement, by the id of their first post; those without replies are left out."""
    counted = sa.select(POSTS.c.parent_id, sa.func.count(), sa.func.max(POSTS.c.sent_at))
    rows = session.execute(counted.where(_OUT, POSTS.c.parent_id.in_(ids)).group_by(POSTS.c.parent_id))
    return {parent: Replies(count, latest) for parent, count, latest in rows}


def between(session: Session, after: datetime, until: datetime, limit: int) -> list[Post]:
    """What was sent for the first time in a stretch of time, oldest first, in every place."""
    when = (POSTS.c.sent_at > after) & (POSTS.c.sent_at <= until)
    return gathered(session, Post, ROWS.where(_OUT, when).order_by(*_ORDER).limit(limit))


def _latest(session: Session, condition: sa.ColumnElement[bool], limit: int) -> list[Post]:
    newest = ROWS.where(_OUT, condition).order_by(*(column.desc() for column in _ORDER)).limit(limit)
    return gathered(session, Post, newest)[::-1]
