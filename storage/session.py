"""A session for tables that no class is mapped to: what it is asked goes straight to its one connection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.orm import Session

from storage import prepared, questions
from storage.errors import Stale


class Straight(Session):
    """Meets what the queries use of a session. Its transaction is its connection's, which whoever opened it ends."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, autoflush=False, expire_on_commit=False)
        self._straight = connection
        self._waiting: dict[Executable, list[Mapping[str, Any]]] = {}
        self._stale: dict[Executable, str] = {}

    def execute(self, statement: Executable, params: Any = None, **_options: Any) -> Any:
        """Run a statement, after what waits."""
        return self.connection().execute(statement, params)

    def scalars(self, statement: Executable, params: Any = None, **_options: Any) -> Any:
        """The first column of each row."""
        return self.connection().execute(statement, params).scalars()

    def scalar(self, statement: Executable, params: Any = None, **_options: Any) -> Any:
        """The first column of the first row, or None."""
        return self.connection().execute(statement, params).scalar()

    def connection(self, *_args: Any, **_options: Any) -> Connection:
        """The connection, on which everything written so far is to be seen."""
        if self._waiting:
            self.flush()
        return self._straight

    def later(self, statement: Executable, rows: Iterable[Mapping[str, Any]], stale: str = "") -> None:
        """Write rows whose outcome nobody asks for, with those of the same statement, before anything is read or committed.

        With a `stale` sentence each row must find its own, else that is raised as Stale.
        """
        self._waiting.setdefault(statement, []).extend(rows)
        if stale:
            self._stale[statement] = stale

    def rows(self, statement: Executable, values: Mapping[str, Any] | None = None) -> questions.Rows:
        """The rows that answer a question, each in the order of its columns, after what waits."""
        return questions.rows(self.connection(), statement, values)

    def write(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> int:
        """Write rows by a statement that is kept, after what waits; gives how many were written."""
        return prepared.write(self.connection(), statement, rows)

    def get_bind(self, *_args: Any, **_options: Any) -> Connection:
        """The connection."""
        return self._straight

    def flush(self, _objects: Any = None) -> None:
        """Write what waits, each statement once, in the order in which they were first given."""
        waiting, self._waiting = self._waiting, {}
        for statement, rows in waiting.items():
            written = prepared.write(self._straight, statement, rows) if rows else 0
            if statement in self._stale and written != len(rows):
                raise Stale(self._stale[statement])

    def rollback(self) -> None:
        """Take back everything; nothing more can be done with this one."""
        self._waiting = {}
        transaction = self._straight.get_transaction()
        if transaction is not None:
            transaction.rollback()

    @contextmanager
    def begin_nested(self) -> Iterator[None]:  # type: ignore[override]
        """What is done in here is taken back when it ends in an error, and the rest is kept."""
        straight = self.connection()
        prepared.run(straight, "SAVEPOINT inner_part")
        try:
            yield
            self.flush()
        except BaseException:
            self._waiting = {}
            if not straight.invalidated:  # a connection that was cut has nothing left to take back
                prepared.run(straight, "ROLLBACK TO SAVEPOINT inner_part")
            raise
        prepared.run(straight, "RELEASE SAVEPOINT inner_part")
