"""The text of every pack edition that governs an episode."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from storage.tables.columns import UTC, Table, table_of


class Packs(Table, table=True):
    """One edition, by the hash of its text, so that a changed file cannot orphan an episode."""

    hash: str = Field(primary_key=True)
    area: str
    effective: date
    format: int
    text: str = Field(sa_type=sa.Text)
    adopted_at: datetime = Field(sa_type=UTC)


PACKS = table_of(Packs)
