"""From rows to frozen records and back: field names are column names.

Statements that run often are built once, when their module is read: building one costs more than running it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.questions import Rows
from storage.session import Straight

R = TypeVar("R")
Values = Mapping[str, Any]


def picking(record: type[Any], table: sa.Table) -> sa.Select[Any]:
    """Select a record's columns in the order of its fields, which `gathered` relies on."""
    return sa.select(*(table.c[field.name] for field in fields(record)))


def gathered(session: Session, record: type[R], statement: sa.Executable, values: Values | None = None) -> list[R]:
    """Run a statement made by `picking`, or one that returns the same columns, with values for its parameters."""
    names = _names(cast("Any", record))
    return [_made(record, zip(names, row, strict=True)) for row in rows(session, statement, values)]


def rows(session: Session, statement: sa.Executable, values: Values | None = None) -> Rows:
    """The rows that answer a question, each in the order of its columns."""
    return cast("Straight", session).rows(statement, values)


@cache
def _names(record: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record))


def _made(record: type[R], values: Iterable[tuple[str, Any]]) -> R:
    """A frozen record from a whole row, four times as fast as by its constructor, which guards every field."""
    made = object.__new__(record)
    made.__dict__.update(values)
    return made


def changed(record: R, **values: Any) -> R:
    """A frozen record with other values, as `replace` gives it, in the same way."""
    return _made(type(record), {**vars(record), **values}.items())


def first(session: Session, record: type[R], statement: sa.Executable, values: Values) -> R | None:
    """The first of what `gathered` gives."""
    return next(iter(gathered(session, record, statement, values)), None)


def within(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """That a column is one of the parameter `ids`, of which SQLite takes 32,000 at once."""
    return column.in_(sa.bindparam("ids", expanding=True))


def grouped(rows: Iterable[R], by: str, every: Iterable[str]) -> dict[str, list[R]]:
    """Rows by the value of one field; a value without rows gets an empty list."""
    groups: dict[str, list[R]] = {value: [] for value in every}
    for row in rows:
        groups.setdefault(getattr(row, by), []).append(row)
    return groups


def insert_all(session: Session, table: sa.Table, rows: Iterable[Values]) -> None:
    """Insert rows in one statement; `map(vars, records)` makes them of records."""
    if values := list(rows):
        write(session, _add(table), values)


def write(session: Session, statement: sa.Executable, rows: Sequence[Values]) -> int:
    """Write rows by a statement that was built once; gives how many were written."""
    return cast("Straight", session).write(statement, rows)


@cache
def _add(table: sa.Table) -> sa.Insert:
    return table.insert()


def lay(session: Session, table: sa.Table, rows: Iterable[Values], *, if_free: bool = False) -> None:
    """Insert rows in good time, with others of the table; `if_free`: those whose unique keys are free."""
    statement = _add_free(session.get_bind().dialect.name, table) if if_free else _add(table)
    later(session, statement, rows)


def later(session: Session, statement: sa.Executable, rows: Iterable[Values], stale: str = "") -> None:
    """Write rows with others of the same statement, before anything is read or committed; at once where nothing can wait."""
    if values := list(rows):
        cast("Straight", session).later(statement, values, stale)


@cache
def _add_free(dialect: str, table: sa.Table) -> sa.Executable:
    return _insert(dialect, table).on_conflict_do_nothing()


def insert_new(session: Session, table: sa.Table, rows: Iterable[Values]) -> set[str]:
    """Insert those rows whose unique keys are free; gives the primary keys of those that were new.

    Of several rows the primary keys are fresh ids: it is by other keys that they may be there already.
    """
    if not (values := list(rows)):
        return set()
    key, dialect = next(iter(table.primary_key.columns)), session.get_bind().dialect.name
    if dialect == "postgresql":
        return set(session.scalars(_add_new(dialect, table), values))
    added = write(session, _add_new(dialect, table), values)  # on SQLite cheaper than RETURNING
    ids = {row[key.name] for row in values}
    if added == len(values) or not added:
        return ids if added else set()
    return set(session.scalars(sa.select(key).where(within(key)), {"ids": list(ids)}))  # seldom: somebody was there first


@cache
def _add_new(dialect: str, table: sa.Table) -> sa.Executable:
    insert = _insert(dialect, table).on_conflict_do_nothing()
    return insert.returning(next(iter(table.primary_key.columns))) if dialect == "postgresql" else insert


def put_all(session: Session, table: sa.Table, rows: Iterable[Values]) -> None:
    """Insert rows, in place of those that have the same primary key."""
    if values := list(rows):
        write(session, _put(session.get_bind().dialect.name, table), values)


@cache
def _put(dialect: str, table: sa.Table) -> sa.Executable:
    insert = _insert(dialect, table)
    changed = {c.name: insert.excluded[c.name] for c in table.c if not c.primary_key}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=changed)


def _insert(dialect: str, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def update_all(session: Session, table: sa.Table, rows: Iterable[Values], kept: frozenset[str]) -> None:
    """Write over rows in good time, all columns but those kept, and raise their version; then Stale if any was changed meanwhile."""
    stale = f"A row of {table.name} was changed by somebody else since it was read."
    later(session, _update(table, kept), map(_bound, rows), stale)


def _bound(row: Values) -> dict[str, Any]:
    return {f"new_{name}": value for name, value in row.items()}


@cache
def _update(table: sa.Table, kept: frozenset[str]) -> sa.Update:
    changes: dict[str, Any] = {c.name: sa.bindparam(f"new_{c.name}") for c in table.c if c.name not in kept | {"id", "version"}}
    mine = (table.c.id == sa.bindparam("new_id")) & (table.c.version == sa.bindparam("new_version"))
    return sa.update(table).where(mine).values(version=table.c.version + 1, **changes)
