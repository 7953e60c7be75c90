"""The processes at work, each as long as it says so."""

from datetime import datetime

from sqlmodel import Field

from storage.tables.columns import UTC, Table, table_of


class Processes(Table, table=True):
    """One process; `seen_at` by the clock of the database."""

    id: str = Field(primary_key=True)
    seen_at: datetime = Field(sa_type=UTC)


PROCESSES = table_of(Processes)
