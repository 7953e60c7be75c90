"""Who may see an episode besides those who see every one: people, for a restricted one; another authority; and legal holds."""

from datetime import datetime

from sqlmodel import Field

from storage.tables.columns import UTC, Table, one_of, table_of


class Permits(Table, table=True):
    """`who` is a person, for `shared` an authority, for `hold` nobody. Restricted: named, asked, glass (broken), barred."""

    __table_args__ = (one_of("kind", "named", "asked", "glass", "barred", "shared", "hold"),)

    id: str = Field(primary_key=True)
    kind: str
    episode_id: str = Field(foreign_key="episodes.id", index=True)
    who: str = Field(index=True)
    since: datetime = Field(sa_type=UTC)
    until: datetime | None = Field(default=None, sa_type=UTC)
    entered_by: str
    reviewed_by: str | None = None
    reviewed_at: datetime | None = Field(default=None, sa_type=UTC)


PERMITS = table_of(Permits)
