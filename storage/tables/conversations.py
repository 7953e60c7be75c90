"""How each channel and person of a platform is reached that wants to be told so with every call."""

from datetime import datetime

from sqlmodel import Field

from storage.tables.columns import UTC, Table, table_of


class Conversations(Table, table=True):
    """`whose`: a channel's id, or a person's account; `address`: the service that takes posts for it; `team`: the team of a channel."""

    tenant: str = Field(primary_key=True)
    whose: str = Field(primary_key=True)
    conversation: str
    address: str
    team: str | None = Field(default=None, index=True)
    seen_at: datetime = Field(sa_type=UTC)


CONVERSATIONS = table_of(Conversations)
