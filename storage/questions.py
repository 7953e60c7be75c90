"""Questions that are asked again and again, compiled once: SQLAlchemy takes ten times as long over a short one as SQLite."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import WeakSet

from sqlalchemy import Connection, Dialect, Executable, Select

from storage.prepared import asked, in_order, straight

Values = Mapping[str, Any]
Rows = Sequence[Sequence[Any]]
_KEPT = 1024  # questions, each of which is asked with a few numbers of ids
_LISTS = (list, tuple, set, frozenset)
_seen: WeakSet[Any] = WeakSet()


@dataclass(frozen=True)
class Question:
    """For one dialect and so many ids. `lists`: the parameters that stand for each member of a list."""

    text: str
    fixed: Values
    lists: Mapping[str, Sequence[str]]
    stored_as: tuple[tuple[str, Callable[[Any], Any]], ...]
    taken: Callable[[dict[str, Any]], Any]
    read_as: tuple[tuple[int, Callable[[Any], Any]], ...]

    def values(self, given: Values) -> Any:
        """The values as the driver takes them."""
        values = {**self.fixed, **given}
        for name, places in self.lists.items():
            values |= zip(places, values.pop(name), strict=True)
        for name, turned in self.stored_as:
            values[name] = turned(values[name])
        return self.taken(values)

    def read(self, row: tuple[Any, ...]) -> Sequence[Any]:
        """A row as Python has it."""
        values = list(row)
        for place, turned in self.read_as:
            values[place] = turned(values[place])
        return values


def rows(connection: Connection, statement: Executable, values: Values | None = None) -> Rows:
    """The rows that answer a question, each in the order of its columns."""
    driver = straight(connection)
    if driver is None or not isinstance(statement, Select) or not _comes_again(statement):
        return connection.execute(statement, values).all()
    given = values or {}
    question = _question(statement, connection.dialect, tuple((name, _length(value)) for name, value in given.items()))
    found: list[tuple[Any, ...]] = asked(driver, connection.dialect, question.text, question.values(given)).fetchall()
    return [question.read(row) for row in found] if question.read_as else found


def _comes_again(statement: Select[Any]) -> bool:
    """Whether it was built once, when its module was read: one that is built anew each time would be compiled each time."""
    if statement in _seen:
        return True
    _seen.add(statement)
    return False


def _length(value: Any) -> int | None:
    return len(value) if isinstance(value, _LISTS) else None


@lru_cache(maxsize=_KEPT)
def _question(statement: Select[Any], dialect: Dialect, shape: tuple[tuple[str, int | None], ...]) -> Question:
    compiled = statement.compile(dialect=dialect)
    state = compiled.construct_expanded_state({name: None if length is None else [None] * length for name, length in shape})
    given = dict(shape)
    lists = {name: places for name, places in state.parameter_expansion.items() if name in given}
    from_outside = {*given, *(place for places in lists.values() for place in places)}
    types = {place: bound.type for bound, name in compiled.bind_names.items() for place in state.parameter_expansion.get(name, [name])}
    turned = {place: kind.dialect_impl(dialect).bind_processor(dialect) for place, kind in types.items()}
    read = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in statement.selected_columns]
    return Question(
        text=state.statement,
        fixed={name: value for name, value in state.parameters.items() if name not in from_outside},
        lists=lists,
        stored_as=tuple((place, turn) for place, turn in turned.items() if turn),
        taken=in_order(state.positiontup or ()),
        read_as=tuple((place, turn) for place, turn in enumerate(read) if turn),
    )
