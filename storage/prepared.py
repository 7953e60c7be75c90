"""Statements that only write, compiled once and handed to the driver: SQLAlchemy takes longer over them than SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import ClauseElement, Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Row = Mapping[str, Any]
_KEPT = 512  # statements, each of which names its columns in a few ways


@dataclass(frozen=True)
class Prepared:
    """For one dialect and one set of columns. `fixed`: the parameters that no row gives; `taken`: of all of them what the driver takes."""

    text: str
    fixed: Row
    stored_as: tuple[tuple[str, Callable[[Any], Any]], ...]
    taken: Callable[[dict[str, Any]], Any]

    def values(self, row: Row) -> Any:
        """A row as the driver takes it."""
        values = {**self.fixed, **row}
        for name, turned in self.stored_as:
            values[name] = turned(values[name])
        return self.taken(values)


def write(connection: Connection, statement: Executable, rows: Sequence[Row]) -> int:
    """Run it for each row, all of which name the same columns; gives how many rows of the table were written."""
    prepared = _prepared(statement, connection.dialect, tuple(rows[0]))
    values = [prepared.values(row) for row in rows]
    return run(connection, prepared.text, values if len(values) > 1 else values[0])


def run(connection: Connection, text: str, values: Any = ()) -> int:
    """Hand a text to the driver, with the values of a row or a list of such; gives how many rows of the table were written."""
    driver = straight(connection)
    if driver is None:
        return connection.exec_driver_sql(text, values).rowcount
    return asked(driver, connection.dialect, text, values).rowcount


def straight(connection: Connection) -> sqlite3.Connection | None:
    """SQLite's driver, to be spoken to without a detour; None where somebody watches what is run, such as a tracing tool."""
    watched = connection.dispatch.before_cursor_execute or connection.dispatch.after_cursor_execute
    return None if watched or connection.dialect.name != "sqlite" else cast("sqlite3.Connection", connection.connection.dbapi_connection)


def asked(driver: sqlite3.Connection, dialect: Dialect, text: str, values: Any) -> sqlite3.Cursor:
    """What the driver answers; its errors are SQLAlchemy's, as from any other statement."""
    try:
        return (driver.executemany if isinstance(values, list) else driver.execute)(text, values)
    except sqlite3.Error as error:
        raise DBAPIError.instance(text, None, error, sqlite3.Error, dialect=dialect) from error


@lru_cache(maxsize=_KEPT)
def _prepared(statement: Executable, dialect: Dialect, columns: tuple[str, ...]) -> Prepared:
    compiled = cast("SQLCompiler", cast("ClauseElement", statement).compile(dialect=dialect, column_keys=columns))
    turned = {name: bound.type.dialect_impl(dialect).bind_processor(dialect) for bound, name in compiled.bind_names.items()}
    return Prepared(
        text=compiled.string,
        fixed={name: value for name, value in compiled.construct_params(dict.fromkeys(columns)).items() if name not in columns},
        stored_as=tuple((name, turn) for name, turn in turned.items() if turn),
        taken=in_order(compiled.positiontup or ()) if compiled.positional else dict,
    )


def in_order(places: Sequence[str]) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    """Picks the values of the places as a tuple."""
    return itemgetter(*places) if len(places) > 1 else lambda values: tuple([values[name] for name in places])
