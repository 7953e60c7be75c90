"""Children, and who works with them."""

from datetime import datetime

from sqlmodel import Field

from storage.tables.columns import UTC, Table, table_of


class Children(Table, table=True):
    """The identity is sealed; the three indexes are keyed hashes that only find an exact match."""

    id: str = Field(primary_key=True)
    authority: str
    identity: bytes | None = None
    case_index: str | None = Field(default=None, index=True)
    name_index: str | None = Field(default=None, index=True)
    initials_index: str | None = Field(default=None, index=True)
    merged_into: str | None = Field(default=None, foreign_key="children.id", index=True)
    created_at: datetime = Field(sa_type=UTC)


class Allocations(Table, table=True):
    """The person who holds a role for one child, such as the allocated social worker."""

    child_id: str = Field(primary_key=True, foreign_key="children.id")
    role: str = Field(primary_key=True)
    person: str


CHILDREN = table_of(Children)
ALLOCATIONS = table_of(Allocations)
