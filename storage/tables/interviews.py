"""Return interviews, counted: when each step was taken, one row a return."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from storage.tables.columns import UTC, Table, one_of, table_of


class Interviews(Table, table=True):
    """Worked out from the journal whenever the episode is; moments, roles and states, and not a word of anybody's."""

    __table_args__ = (
        sa.Index(None, "authority", "returned_at"),
        one_of("state", "owed", "offered", "accepted", "declined", "conducted", "not_done", "waived", "void"),
    )

    episode_id: str = Field(primary_key=True, foreign_key="episodes.id")
    authority: str
    child_id: str = Field(foreign_key="children.id", index=True)
    state: str
    returned_at: datetime = Field(sa_type=UTC)
    statutory: datetime = Field(sa_type=UTC)
    due: datetime | None = Field(default=None, sa_type=UTC)
    provider: str | None = None
    team: str | None = None
    person: str | None = None
    interviewer: str | None = None
    offered_at: datetime | None = Field(default=None, sa_type=UTC)
    accepted_at: datetime | None = Field(default=None, sa_type=UTC)
    declined_at: datetime | None = Field(default=None, sa_type=UTC)
    declined_by: str | None = None
    conducted_at: datetime | None = Field(default=None, sa_type=UTC)
    in_time: bool | None = None
    not_done_at: datetime | None = Field(default=None, sa_type=UTC)
    recorded_at: datetime | None = Field(default=None, sa_type=UTC)
    signed_off_at: datetime | None = Field(default=None, sa_type=UTC)
    shared_at: datetime | None = Field(default=None, sa_type=UTC)


INTERVIEWS = table_of(Interviews)
