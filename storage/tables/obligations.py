"""What is owed: obligations, the pings about them, and thresholds crossed."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from storage.tables.columns import UTC, Table, one_of, table_of


class Obligations(Table, table=True):
    """A duty in one episode; `nth` tells repeated duties of one rule apart."""

    __table_args__ = (
        sa.UniqueConstraint("episode_id", "rule", "nth"),
        one_of("status", "open", "met", "waived", "void"),
    )

    id: str = Field(primary_key=True)
    episode_id: str = Field(foreign_key="episodes.id")
    rule: str
    nth: int
    action: str
    owner: str
    status: str
    arises_at: datetime = Field(sa_type=UTC)
    due_at: datetime | None = Field(default=None, sa_type=UTC)
    known_at: datetime = Field(sa_type=UTC)
    arming: int
    version: int
    completed_at: datetime | None = Field(default=None, sa_type=UTC)


class Pings(Table, table=True):
    """The unique key is what keeps two processes from pinging twice."""

    __table_args__ = (sa.UniqueConstraint("episode_id", "rule", "nth", "rung", "addressee", "arming"),)

    id: str = Field(primary_key=True)
    episode_id: str = Field(foreign_key="episodes.id")
    rule: str
    nth: int
    rung: str
    addressee: str
    arming: int
    kind: str
    obligation_id: str | None = Field(default=None)
    post_id: str | None = Field(default=None, index=True)
    at: datetime = Field(sa_type=UTC)


class Crossings(Table, table=True):
    """A threshold a child crossed, raised once for each arming."""

    __table_args__ = (sa.UniqueConstraint("child_id", "rule", "arming"),)

    id: str = Field(primary_key=True)
    child_id: str = Field(foreign_key="children.id")
    rule: str
    arming: int
    episode_id: str = Field(foreign_key="episodes.id")
    at: datetime = Field(sa_type=UTC)
    count: int


OBLIGATIONS = table_of(Obligations)
PINGS = table_of(Pings)
CROSSINGS = table_of(Crossings)
