"""Making the tables of a database: all at once in an empty one, by migrations in one that is kept."""

from functools import cache
from sqlite3 import Connection as SQLiteConnection

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.pool import StaticPool

from storage.engines import open_sqlite
from storage.tables import METADATA, triggers


def create_all(engine: Engine) -> None:
    """Make every table and trigger in an empty database at once; a database that is kept uses `upgrade`."""
    if isinstance(engine.pool, StaticPool):
        _driver(engine).deserialize(_made())
    else:
        _create_all(engine)


def _create_all(engine: Engine) -> None:
    with engine.begin() as connection:
        METADATA.create_all(connection, checkfirst=False)
        triggers.create(connection)


@cache
def _made() -> bytes:
    """An empty database in memory, made once in a process."""
    engine = open_sqlite(sa.make_url("sqlite://"))
    _create_all(engine)
    made: bytes = _driver(engine).serialize()
    engine.dispose()
    return made


def _driver(engine: Engine) -> SQLiteConnection:
    """The one connection of a database in memory."""
    driver: SQLiteConnection = engine.raw_connection().driver_connection  # type: ignore[assignment]
    return driver


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest migration; an empty one gets everything, a current one is left alone."""
    from storage.migrations import to_head  # noqa: PLC0415 - alembic takes half a second to import

    to_head(engine)
