"""The journal, which is the audit log, and the head of each authority's chain."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from storage.tables.columns import UTC, Table, table_of


class Chains(Table, table=True):
    """The last entry of an authority's journal; every append locks this row."""

    authority: str = Field(primary_key=True)
    seq: int
    hash: bytes


class Journal(Table, table=True):
    """Append-only by trigger. Who acted is clear; what was said and on whose behalf is in the sealed payload."""

    __table_args__ = (
        sa.UniqueConstraint("authority", "seq"),
        sa.Index(None, "episode_id", "seq"),
        sa.Index(None, "child_id"),
    )

    id: str = Field(primary_key=True)
    authority: str
    seq: int
    kind: str
    child_id: str | None = None
    episode_id: str | None = None
    at: datetime = Field(sa_type=UTC)
    recorded_at: datetime = Field(sa_type=UTC)
    actor: str
    sealed_by: str
    payload: bytes
    previous: bytes
    hash: bytes


CHAINS = table_of(Chains)
JOURNAL = table_of(Journal)
