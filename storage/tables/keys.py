"""Data keys, one a child and one an authority, wrapped by a master key that is never in the database."""

from datetime import datetime

from sqlmodel import Field

from storage.tables.columns import UTC, Table, table_of


class Keys(Table, table=True):
    """`wrapped` is null once the key was destroyed; the row stays, so that no new key takes its place."""

    owner: str = Field(primary_key=True)
    wrapped: bytes | None = None
    key_id: str
    destroyed_at: datetime | None = Field(default=None, sa_type=UTC)


KEYS = table_of(Keys)
