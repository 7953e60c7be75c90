"""Posts as they are read back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.records import first, gathered, picking
from storage.tables import POSTS, WAITING


@dataclass(frozen=True)
class Post:
    """One post. `body` names references, roles and ids, never a child or free text; `key` is unique, for posts that exist once.

    A claimed post with a `reference` is an edit of what is there; without one it is new, and when its state is
    `uncertain` it may have arrived: look it up first.
    """

    id: str
    authority: str
    kind: str
    place: str  # thread, direct, room
    body: dict[str, Any]
    queued_at: datetime
    send_after: datetime
    episode_id: str | None = None
    key: str | None = None
    room: str | None = None  # coordination, partners, management
    addressee: str | None = None  # a role
    person: str | None = None
    edition: int = 1
    state: str = "queued"  # queued, sending, sent, uncertain, superseded, undeliverable
    urgent: bool = False
    lease_until: datetime | None = None
    attempt: int = 0
    platform: str | None = None
    channel: str | None = None
    reference: str | None = None
    sent_edition: int = 0
    sent_at: datetime | None = None
    parent_id: str | None = None


@dataclass(frozen=True)
class Delivered:
    """That a platform took an edition of a post."""

    id: str
    reference: str
    at: datetime
    edition: int
    platform: str | None = None
    channel: str | None = None


ROWS = picking(Post, POSTS)
_BY_ID = ROWS.where(POSTS.c.id == sa.bindparam("id"))
_BY_KEY = ROWS.where(POSTS.c.key == sa.bindparam("key"))
_BY_MESSAGE = ROWS.where(*(POSTS.c[name] == sa.bindparam(name) for name in ("reference", "platform", "channel")))
_OF_EPISODE = ROWS.where(POSTS.c.episode_id == sa.bindparam("episode_id")).order_by(POSTS.c.queued_at, POSTS.c.id)
_NEXT_SEND = sa.select(sa.func.min(POSTS.c.send_after)).where(WAITING)
UNFINISHED = ("queued", "sending", "uncertain")
PENDING = POSTS.c.state.in_(UNFINISHED)


def by_id(session: Session, post_id: str) -> Post | None:
    """The post with this id."""
    return first(session, Post, _BY_ID, {"id": post_id})


def by_key(session: Session, key: str) -> Post | None:
    """The post with this key."""
    return first(session, Post, _BY_KEY, {"key": key})


def by_message(session: Session, platform: str, channel: str, reference: str) -> Post | None:
    """The post that a platform's message is."""
    return first(session, Post, _BY_MESSAGE, {"platform": platform, "channel": channel, "reference": reference})


def of_episode(session: Session, episode_id: str) -> list[Post]:
    """All posts about an episode, in the order they were queued."""
    return gathered(session, Post, _OF_EPISODE, {"episode_id": episode_id})


def stuck(session: Session, before: datetime) -> list[Post]:
    """Posts that should have gone out before this moment and have not, the oldest first: what the watch alarms about."""
    return gathered(session, Post, ROWS.where(PENDING, POSTS.c.send_after < before).order_by(POSTS.c.send_after, POSTS.c.id))


def next_send(session: Session) -> datetime | None:
    """The earliest moment any waiting post may go out."""
    earliest: datetime | None = session.scalar(_NEXT_SEND)
    return earliest
