"""Opening a database: SQLite with its own ways of beginning, waiting and closing its file, or PostgreSQL."""

import threading
from contextlib import suppress
from functools import cache
from json import JSONEncoder
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, StaticPool
from sqlalchemy.util import LRUCache

PATIENCE = 30.0  # seconds a writer waits for its turn
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON", "temp_store=MEMORY")
WRITING = {"query_only": 0, "busy_timeout": int(PATIENCE * 1000)}
_SAID, WANTED = "pragmas said", "pragmas wanted"  # kept with a connection of SQLite; what is wanted holds for one transaction
_COMPACT = JSONEncoder(separators=(",", ":"), check_circular=False).encode  # half of what a report stores is JSON
_compiled: LRUCache[Any, Any] = LRUCache(1500)
TURNS: WeakKeyDictionary[Engine, threading.Lock] = WeakKeyDictionary()


def open_database(url: str) -> Engine:
    """Open `sqlite:///file`, `sqlite://` (in memory, for one thread) or `postgresql+psycopg://…`; makes no tables."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        return open_sqlite(address)
    return sa.create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=30,
        connect_args={"application_name": "homeward", "options": "-c timezone=UTC"},
    )


def open_sqlite(address: sa.URL) -> Engine:
    if address.database in {None, "", ":memory:"}:
        engine = sa.create_engine(address, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        engine = sa.create_engine(address, pool_size=10, max_overflow=60, connect_args={"timeout": PATIENCE})
        sa.event.listen(engine, "connect", lambda *_: _only_its_owners(Path(str(address.database))))
    _share_statements(engine)
    sa.event.listen(engine, "connect", _prepare)
    TURNS[engine] = threading.Lock()
    return engine


def _share_statements(engine: Engine) -> None:
    """What was compiled for one SQLite database serves the next: a process that opens many compiles once."""
    engine.dialect = _dialect()
    engine.update_execution_options(compiled_cache=_compiled)


@cache
def _dialect() -> sa.Dialect:
    """One for all, because compiled statements belong to a dialect; a first connection tells it what it speaks to."""
    engine = sa.create_engine("sqlite://", poolclass=StaticPool, json_serializer=_COMPACT)
    with engine.connect():
        engine.dialect.do_begin = _begin  # type: ignore[method-assign, assignment]  # an event would slow every statement
    return engine.dialect


def _only_its_owners(file: Path) -> None:
    """A new file, empty still, is closed to everybody else; what SQLite puts beside it gets the same rights."""
    with suppress(OSError):  # somebody else's: it is not ours to close
        if not file.stat().st_size:
            file.chmod(0o600)


def _prepare(connection: SQLiteConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late: reads before it lose updates
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: PoolProxiedConnection) -> None:
    """Begin a transaction on SQLite. Only a change is said: `query_only` makes it compile all statements of the connection anew."""
    driver: SQLiteConnection = connection.driver_connection  # type: ignore[assignment]
    said, wanted = connection.info.get(_SAID, {}), connection.info.pop(WANTED, WRITING)
    for name, value in wanted.items():
        if said.get(name) != value:
            driver.execute(f"PRAGMA {name}={value}")
    connection.info[_SAID] = wanted
    driver.execute("BEGIN" if wanted["query_only"] else "BEGIN IMMEDIATE")
