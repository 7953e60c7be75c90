"""Opening a database, and the two kinds of transaction: one that writes and one that only reads."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from sqlite3 import OperationalError as SQLiteError
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, StaticPool
from sqlalchemy.util import LRUCache

from storage.errors import Busy, Unavailable
from storage.session import Straight
from storage.tables import METADATA, UTC, triggers

__all__ = ["UTC", "Session", "create_all", "open_database", "reading", "transaction", "upgrade"]

_PATIENCE = 30.0  # seconds a writer waits for its turn
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON", "temp_store=MEMORY")
_WRITING = {"query_only": 0, "busy_timeout": int(_PATIENCE * 1000)}
_SAID, _WANTED = "pragmas said", "pragmas wanted"  # kept with a connection of SQLite; what is wanted holds for one transaction
_HURRY = sa.text("SELECT set_config('lock_timeout', :wait, true), set_config('statement_timeout', :wait, true)")
_compiled: LRUCache[Any, Any] = LRUCache(1500)
_turns: WeakKeyDictionary[Engine, threading.Lock] = WeakKeyDictionary()


def open_database(url: str) -> Engine:
    """Open `sqlite:///file`, `sqlite://` (in memory, for one thread) or `postgresql+psycopg://…`; makes no tables."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address)
    return sa.create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=30,
        connect_args={"application_name": "homeward", "options": "-c timezone=UTC"},
    )


def _open_sqlite(address: sa.URL) -> Engine:
    if address.database in {None, "", ":memory:"}:
        engine = sa.create_engine(address, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        engine = sa.create_engine(address, pool_size=10, max_overflow=60, connect_args={"timeout": _PATIENCE})
        sa.event.listen(engine, "connect", lambda *_: _only_its_owners(Path(str(address.database))))
    _share_statements(engine)
    sa.event.listen(engine, "connect", _prepare)
    _turns[engine] = threading.Lock()
    return engine


def _share_statements(engine: Engine) -> None:
    """What was compiled for one SQLite database serves the next: a process that opens many compiles once."""
    engine.dialect = _dialect()
    engine.update_execution_options(compiled_cache=_compiled)


@cache
def _dialect() -> sa.Dialect:
    """One for all, because compiled statements belong to a dialect; a first connection tells it what it speaks to."""
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
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
    said, wanted = connection.info.get(_SAID, {}), connection.info.pop(_WANTED, _WRITING)
    for name, value in wanted.items():
        if said.get(name) != value:
            driver.execute(f"PRAGMA {name}={value}")
    connection.info[_SAID] = wanted
    driver.execute("BEGIN" if wanted["query_only"] else "BEGIN IMMEDIATE")


@contextmanager
def transaction(engine: Engine, patience: float = _PATIENCE) -> Iterator[Session]:
    """Commit at the end, roll back on an error. Never hold one across a network call, nor open one inside another.

    `patience`: seconds to wait for other writers, each time there is one; raises Busy after that, Unavailable for a database
    that cannot be used.
    """
    with _meant(), _turn(engine, patience), engine.connect() as connection:
        on_sqlite = engine.dialect.name == "sqlite"
        if on_sqlite:
            connection.info[_WANTED] = _WRITING | {"busy_timeout": int(patience * 1000)}
        with connection.begin():
            if patience < _PATIENCE and not on_sqlite:
                connection.execute(_HURRY, {"wait": f"{int(patience * 1000)}ms"})
            session = Straight(connection)
            yield session
            session.flush()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A transaction that waits for no writer; the database refuses to write in it."""
    with _meant(), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.info[_WANTED] = _WRITING | {"query_only": 1}
        else:
            connection.execution_options(postgresql_readonly=True)
        connection.begin()
        yield Straight(connection)


@contextmanager
def _meant() -> Iterator[None]:
    """What the driver says about the database itself becomes a sentence for whoever looks after it."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError, SQLiteError) as error:
        said = str(getattr(error, "orig", None) or error)
        if "no such" in said:  # a fault of ours
            raise
        raise _meaning(said) from error


def _meaning(said: str) -> Unavailable:
    found = next(((kind, sentence) for words, kind, sentence in _MEANINGS if any(word in said for word in words)), None)
    kind, sentence = found or (Unavailable, "The database does not answer.")
    return kind(sentence)


_MEANINGS: tuple[tuple[tuple[str, ...], type[Unavailable], str], ...] = (
    (
        ("disk is full", "No space left", "could not extend file"),
        Unavailable,
        "The disk is full; nothing can be saved until there is room.",
    ),
    (("locked", "lock timeout", "statement timeout", "deadlock"), Busy, "Somebody else has held the database for too long."),
    (("readonly", "read-only"), Unavailable, "The database may not be written."),
    (("disk I/O", "unable to open", "malformed", "not a database"), Unavailable, "The database file cannot be used; look at its disk."),
)


@contextmanager
def _turn(engine: Engine, patience: float) -> Iterator[None]:
    """Queue SQLite's writers here: its own waiting is a lottery that some lose for seconds."""
    turn = _turns.get(engine)
    if turn is None:
        yield
        return
    if not turn.acquire(timeout=max(patience, 0)):
        raise Busy(f"Another writer held the database for more than {patience:g} seconds.")
    try:
        yield
    finally:
        turn.release()


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
    engine = _open_sqlite(sa.make_url("sqlite://"))
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
