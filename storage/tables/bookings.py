"""What stands, or is to stand, in a calendar beside us for a meeting that was fixed here."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from storage.tables.columns import UTC, Table, table_of

# Bound parameters hide a partial index from both planners: whoever looks for what is due repeats this very text.
TO_DO = sa.text("next_at IS NOT NULL")


class Bookings(Table, table=True):
    """`about`: when, and ids of people. `edition` is what is wanted, `sent_edition` what the calendar has."""

    __table_args__ = (sa.Index(None, "next_at", sqlite_where=TO_DO, postgresql_where=TO_DO),)

    id: str = Field(primary_key=True)  # of the meeting
    authority: str
    episode_id: str = Field(foreign_key="episodes.id", index=True)
    action: str
    about: dict[str, Any] = Field(sa_type=sa.JSON)
    off: bool
    edition: int
    sent_edition: int
    reference: str | None = None
    made: int
    doubt: bool
    answers: dict[str, Any] = Field(sa_type=sa.JSON)
    attempt: int
    next_at: datetime | None = Field(default=None, sa_type=UTC)
    looked_at: datetime | None = Field(default=None, sa_type=UTC)
    lease_until: datetime | None = Field(default=None, sa_type=UTC)


BOOKINGS = table_of(Bookings)
