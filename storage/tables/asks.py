"""What was put to somebody who has to answer: a child at the change of shift, an approval, a panel's question."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from storage.tables.columns import UTC, Table, one_of, table_of

# Bound parameters hide a partial index from both planners: whoever looks for what is due repeats this very text.
CHASED = sa.text("next_at IS NOT NULL")


class Asks(Table, table=True):
    """`about`: ids, words and moments, never a text of anybody's; texts are in the journal, under the entry named there."""

    __table_args__ = (
        sa.Index(None, "next_at", sqlite_where=CHASED, postgresql_where=CHASED),
        sa.Index(None, "authority", "kind", "state"),
        one_of("kind", "handover", "approval", "submission"),
        one_of("state", "waiting", "questioned", "accepted", "refused", "withdrawn"),
    )

    id: str = Field(primary_key=True)
    authority: str
    kind: str
    group_id: str = Field(index=True)
    episode_id: str | None = Field(default=None, foreign_key="episodes.id", index=True)
    about: dict[str, Any] = Field(sa_type=sa.JSON)
    asked_by: str
    role: str | None = None
    person: str | None = None
    asked_at: datetime = Field(sa_type=UTC)
    due_at: datetime | None = Field(default=None, sa_type=UTC)
    state: str
    rung: int
    next_at: datetime | None = Field(default=None, sa_type=UTC)
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=UTC)
    post_id: str | None = None
    version: int


ASKS = table_of(Asks)
