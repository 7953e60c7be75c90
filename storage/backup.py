"""Backups: one SQLite file, whichever database it is of, made while the bot works; and back from it.

Master keys are in no database, so they are in no backup either.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.pool import NullPool

from storage.creating import upgrade
from storage.engines import open_database
from storage.errors import Sealed, StorageError
from storage.schema import known, schema_of
from storage.sealing import Vault
from storage.tables import BOOKINGS, KEYS, METADATA, POSTS

BROKEN = (OSError, sqlite3.Error, sa.exc.DBAPIError)  # what a disk or a database may say half-way; nothing is left of it then
_AT_ONCE = 1000


class Refused(StorageError):
    """A backup that cannot be made or restored; nothing was changed."""


def backup(engine: Engine, file: Path) -> int:
    """Copy the whole database, as it is at one moment, into a new file; gives how many rows that are. Raises Refused."""
    if file.exists():
        raise Refused(f"{file} exists already; a backup goes into a new file.")
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL, 0o600))  # nobody else may read it, not for a moment
        with engine.connect() as connection:
            copy = _copy_file if engine.dialect.name == "sqlite" else _copy_rows
            copy(connection, part)
        _check(part)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return _rows_in(file)


def restore(file: Path, engine: Engine, vault: Vault) -> int:
    """Fill an empty database from a backup; gives how many rows that are.

    Raises Refused for what is no backup of ours, of a newer version, or sealed with keys that are not given, and for a
    database that is not empty. What waited to be sent at the moment of the backup may have been sent since: it will be looked for first.
    """
    work = file.with_name(f".{file.name}.restoring")
    try:
        source = _readable(file, work, vault)
        if not _is_empty(engine):
            raise Refused("The database to restore into is not empty; name a new one.")
        upgrade(engine)
        with source.connect() as rows, engine.begin() as into:
            _transfer(rows, into)
            into.execute(
                sa.update(POSTS).where(POSTS.c.reference.is_(None), POSTS.c.state.in_(("queued", "sending"))).values(_TO_BE_LOOKED_FOR)
            )
            into.execute(sa.update(BOOKINGS).values(doubt=BOOKINGS.c.edition > BOOKINGS.c.sent_edition, lease_until=None))
        source.dispose()
    finally:
        work.unlink(missing_ok=True)
    return _rows_in(file)


_TO_BE_LOOKED_FOR = {"state": "uncertain", "lease_until": None, "looked": 0, "tried_at": POSTS.c.queued_at}


def _copy_file(connection: Connection, part: Path) -> None:
    source = connection.connection.driver_connection
    with sqlite3.connect(part) as copy:
        source.backup(copy)  # type: ignore[union-attr]
    copy.execute("PRAGMA journal_mode=DELETE")  # one file, and none beside it
    copy.close()


def _copy_rows(connection: Connection, part: Path) -> None:
    connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    into = open_database(f"sqlite:///{part}")
    upgrade(into)
    with into.begin() as copy:
        _transfer(connection, copy)
    into.dispose()
    with sqlite3.connect(part) as copied:
        copied.execute("PRAGMA journal_mode=DELETE")
    copied.close()


def _transfer(rows: Connection, into: Connection) -> None:
    """Every row of every table, in an order in which nothing refers to what is not there yet."""
    for table in METADATA.sorted_tables:
        later = dict.fromkeys(_to_itself(table))
        for page in _pages(rows, table):
            into.execute(table.insert(), [{**row, **later} for row in page])
        for column in later:
            _tell_last(rows, into, table, table.c[column])


def _to_itself(table: sa.Table) -> list[str]:
    """Columns that refer to a row of the same table, which may come later."""
    return [column.name for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]


def _tell_last(rows: Connection, into: Connection, table: sa.Table, column: sa.Column[str]) -> None:
    told = [{"which": row[0], "what": row[1]} for row in rows.execute(sa.select(table.c.id, column).where(column.is_not(None)))]
    if told:
        into.execute(sa.update(table).where(table.c.id == sa.bindparam("which")).values({column: sa.bindparam("what")}), told)


def _pages(rows: Connection, table: sa.Table) -> Iterator[list[dict[str, object]]]:
    found = rows.execution_options(stream_results=True, yield_per=_AT_ONCE).execute(sa.select(table)).mappings()
    for page in found.partitions(_AT_ONCE):
        yield [dict(row) for row in page]


def _readable(file: Path, work: Path, vault: Vault) -> Engine:
    """The backup, opened, checked, and brought to the newest schema in a copy of its own."""
    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    shutil.copy(file, work)
    try:
        _check(work)
        engine = sa.create_engine(f"sqlite:///{work}", poolclass=NullPool)
        head = schema_of(engine)
    except (sqlite3.DatabaseError, sa.exc.DatabaseError):
        raise Refused(f"{file} is not a whole backup of Homeward.") from None
    if head is None:
        raise Refused(f"{file} is not a backup of Homeward.")
    if head not in known():
        raise Refused(f"{file} was made by a newer version of Homeward (schema {head}); restore it with that version.")
    upgrade(engine)
    _check_keys(engine, file, vault)
    return engine


def _check_keys(engine: Engine, file: Path, vault: Vault) -> None:
    with engine.connect() as connection:
        sealed = connection.execute(sa.select(KEYS.c.owner, KEYS.c.wrapped, KEYS.c.key_id).where(KEYS.c.wrapped.is_not(None)))
        one_of_each = {row.key_id: row for row in sealed}
    for key, row in one_of_each.items():
        try:
            vault.unwrap(row.owner, row.wrapped)
        except Sealed:
            sentence = f"{file} is sealed with a key ({key}) that HOMEWARD_KEYS does not hold: nobody could read what is restored"
            raise Refused(f"{sentence}. Keys are never in a backup; give the ones that were in use when it was made.") from None


def _is_empty(engine: Engine) -> bool:
    """Whether there is nothing of ours, or tables without a row."""
    there = set(sa.inspect(engine).get_table_names())
    ours = [table for table in METADATA.sorted_tables if table.name in there]
    with engine.connect() as connection:
        return not any(connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() for table in ours)


def _check(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        (said,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    if said != "ok":
        raise Refused(f"{file} is damaged: {said}.")


def _rows_in(file: Path) -> int:
    with sqlite3.connect(file) as connection:
        count: int = sum(connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0] for table in METADATA.sorted_tables)  # noqa: S608
    connection.close()
    return count
