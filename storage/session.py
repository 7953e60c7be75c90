"""A session for tables that no class is mapped to: what it is asked goes straight to its one connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.orm import Session


class Straight(Session):
    """Meets what the queries use of a session. Its transaction is its connection's, which whoever opened it ends."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, autoflush=False, expire_on_commit=False)
        self._straight = connection

    def execute(self, statement: Executable, params: Any = None, **_options: Any) -> Any:
        """Run a statement."""
        return self._straight.execute(statement, params)

    def scalars(self, statement: Executable, params: Any = None, **_options: Any) -> Any:
        """The first column of each row."""
        return self._straight.execute(statement, params).scalars()

    def scalar(self, statement: Executable, params: Any = None, **_options: Any) -> Any:
        """The first column of the first row, or None."""
        return self._straight.execute(statement, params).scalar()

    def connection(self, *_args: Any, **_options: Any) -> Connection:
        """The connection."""
        return self._straight

    def get_bind(self, *_args: Any, **_options: Any) -> Connection:
        """The connection."""
        return self._straight

    def flush(self, _objects: Any = None) -> None:
        """Nothing waits: every statement was sent when it was given."""

    def rollback(self) -> None:
        """Take back everything; nothing more can be done with this one."""
        transaction = self._straight.get_transaction()
        if transaction is not None:
            transaction.rollback()

    @contextmanager
    def begin_nested(self) -> Iterator[None]:  # type: ignore[override]
        """What is done in here is taken back when it ends in an error, and the rest is kept."""
        straight = self._straight
        straight.exec_driver_sql("SAVEPOINT inner_part")
        try:
            yield
        except BaseException:
            if not straight.invalidated:  # a connection that was cut has nothing left to take back
                straight.exec_driver_sql("ROLLBACK TO SAVEPOINT inner_part")
            raise
        straight.exec_driver_sql("RELEASE SAVEPOINT inner_part")
