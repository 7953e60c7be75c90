"""The outbox: every post, from queued to its last edition."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from storage.tables.columns import UTC, Table, one_of, table_of

# Bound parameters hide a partial index from both planners: the claim repeats this very text.
WAITING = sa.text("state IN ('queued', 'uncertain')")
_SENT = sa.text("reference IS NOT NULL")
_LEASED = sa.text("lease_until IS NOT NULL")


class Posts(Table, table=True):
    """`body` names references, roles and ids, never a child: initials are added when it is rendered."""

    __table_args__ = (
        sa.Index(None, "reference", sqlite_where=_SENT, postgresql_where=_SENT),
        sa.Index(None, "lease_until", sqlite_where=_LEASED, postgresql_where=_LEASED),
        one_of("place", "thread", "direct", "room"),
        one_of("room", "coordination", "partners", "management"),
        one_of("state", "queued", "sending", "sent", "uncertain", "superseded", "undeliverable"),
    )

    id: str = Field(primary_key=True)
    authority: str
    episode_id: str | None = Field(default=None, foreign_key="episodes.id", index=True)
    key: str | None = Field(default=None, unique=True)
    kind: str
    place: str
    room: str | None = None
    addressee: str | None = None
    person: str | None = None
    body: dict[str, Any] = Field(sa_type=sa.JSON)
    edition: int
    state: str
    queued_at: datetime = Field(sa_type=UTC)
    send_after: datetime = Field(sa_type=UTC)
    urgent: bool
    wanted_at: datetime = Field(sa_type=UTC)
    lane: str
    lease_until: datetime | None = Field(default=None, sa_type=UTC)
    attempt: int
    tried_at: datetime | None = Field(default=None, sa_type=UTC)
    looked: int
    refused: list[str] = Field(sa_type=sa.JSON)
    platform: str | None = None
    channel: str | None = None
    reference: str | None = None
    sent_edition: int
    sent_at: datetime | None = Field(default=None, sa_type=UTC)
    parent_id: str | None = Field(default=None, foreign_key="posts.id", index=True)


POSTS = table_of(Posts)
# In the order of a claim. Written as a column: alembic cannot compare an index that says "urgent DESC" in words.
_CLAIMED = (POSTS.c.urgent.desc(), POSTS.c.queued_at, POSTS.c.id)
sa.Index("ix_posts_waiting", *_CLAIMED, sqlite_where=WAITING, postgresql_where=WAITING)
