"""What the database says about people for a time: who is away, who changed a turn of the rota, who is suspended."""

from datetime import datetime

from sqlmodel import Field

from storage.tables.columns import UTC, Table, one_of, table_of


class Arrangements(Table, table=True):
    """One of them. `other`: the delegate of an absence, or who is relieved by a swap; `authority` None: everywhere."""

    __table_args__ = (one_of("kind", "absence", "swap", "suspension"),)

    id: str = Field(primary_key=True)
    kind: str
    person: str
    other: str | None = None
    authority: str | None = None
    role: str | None = None
    since: datetime = Field(sa_type=UTC)
    until: datetime | None = Field(default=None, sa_type=UTC, index=True)
    entered_by: str
    entered_at: datetime = Field(sa_type=UTC)


ARRANGEMENTS = table_of(Arrangements)
