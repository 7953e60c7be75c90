"""Children, and who works with them."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from storage.tables.columns import UTC, Table, table_of

_FOUND_BY = ("case_index", "name_index", "initials_index", "merged_into")


def _of_those_that_have(column: str) -> sa.Index:
    """An index without the children of whom the column says nothing, which are most."""
    known = sa.text(f"{column} IS NOT NULL")
    return sa.Index(None, column, sqlite_where=known, postgresql_where=known)


class Children(Table, table=True):
    """The identity is sealed; the three indexes are keyed hashes that only find an exact match."""

    __table_args__ = tuple(_of_those_that_have(column) for column in _FOUND_BY)

    id: str = Field(primary_key=True)
    authority: str
    identity: bytes | None = None
    case_index: str | None = None
    name_index: str | None = None
    initials_index: str | None = None
    merged_into: str | None = Field(default=None, foreign_key="children.id")
    created_at: datetime = Field(sa_type=UTC)


class Allocations(Table, table=True):
    """The person who holds a role for one child, such as the allocated social worker."""

    child_id: str = Field(primary_key=True, foreign_key="children.id")
    role: str = Field(primary_key=True)
    person: str


CHILDREN = table_of(Children)
ALLOCATIONS = table_of(Allocations)
