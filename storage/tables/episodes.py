"""Episodes: one time a child was missing, absent or away."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from storage.tables.columns import UTC, Table, one_of, table_of


class Episodes(Table, table=True):
    """The state of an episode, as the journal last left it.

    `missing_since`: when the child went; `since`: when they became what they are, which of an absence is later once it is missing.
    """

    __table_args__ = (
        one_of("status", "open", "located", "returned", "closed", "void"),
        sa.Index(None, "authority", "status"),
    )

    id: str = Field(primary_key=True)
    authority: str
    child_id: str = Field(foreign_key="children.id", index=True)
    reference: str = Field(unique=True)
    pack_hash: str = Field(foreign_key="packs.hash")
    number: int
    status: str
    category: str
    risk_level: str | None = None
    missing_since: datetime | None = Field(default=None, sa_type=UTC)
    notified_at: datetime = Field(sa_type=UTC)
    found_at: datetime | None = Field(default=None, sa_type=UTC)
    returned_at: datetime | None = Field(default=None, sa_type=UTC)
    closed_at: datetime | None = Field(default=None, sa_type=UTC)
    next_change_at: datetime | None = Field(default=None, sa_type=UTC, index=True)
    version: int
    restricted: bool
    since: datetime | None = Field(default=None, sa_type=UTC)


EPISODES = table_of(Episodes)
