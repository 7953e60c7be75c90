"""What was answered once, and small settings."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from storage.tables.columns import UTC, Table, table_of


class Receipts(Table, table=True):
    """The answer given to one press or submission, so that a second one gets the same."""

    key: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UTC, index=True)
    answer: dict[str, Any] = Field(sa_type=sa.JSON)


class Settings(Table, table=True):
    """A named value the program remembers, such as the moment of the training clock."""

    name: str = Field(primary_key=True)
    value: str


RECEIPTS = table_of(Receipts)
SETTINGS = table_of(Settings)
