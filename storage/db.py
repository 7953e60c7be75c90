"""The two kinds of transaction: one that writes and one that only reads; what a database says of itself, in a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import OperationalError as SQLiteError

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage.engines import PATIENCE, TURNS, WANTED, WRITING
from storage.errors import Busy, Unavailable
from storage.session import Straight

__all__ = ["Session", "reading", "transaction"]

_HURRY = sa.text("SELECT set_config('lock_timeout', :wait, true), set_config('statement_timeout', :wait, true)")


@contextmanager
def transaction(engine: Engine, patience: float = PATIENCE) -> Iterator[Session]:
    """Commit at the end, roll back on an error. Never hold one across a network call, nor open one inside another.

    `patience`: seconds to wait for other writers, each time there is one; raises Busy after that, Unavailable for a database
    that cannot be used.
    """
    with _meant(), _turn(engine, patience), engine.connect() as connection:
        on_sqlite = engine.dialect.name == "sqlite"
        if on_sqlite:
            connection.info[WANTED] = WRITING | {"busy_timeout": int(patience * 1000)}
        with connection.begin():
            if patience < PATIENCE and not on_sqlite:
                connection.execute(_HURRY, {"wait": f"{int(patience * 1000)}ms"})
            session = Straight(connection)
            yield session
            session.flush()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A transaction that waits for no writer; the database refuses to write in it."""
    with _meant(), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.info[WANTED] = WRITING | {"query_only": 1}
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
    turn = TURNS.get(engine)
    if turn is None:
        yield
        return
    if not turn.acquire(timeout=max(patience, 0)):
        raise Busy(f"Another writer held the database for more than {patience:g} seconds.")
    try:
        yield
    finally:
        turn.release()
