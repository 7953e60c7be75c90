"""Two protocols beside each other: what each asks of whom and by when, action by action."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policies import words
from policies.pack import Duty, Pack
from policies.phrasing import Names, by_when, condition, names_of, who


@dataclass(frozen=True)
class Line:
    """One rule of one protocol: who, by when, in which case; and its clauses."""

    says: str
    clauses: tuple[str, ...]
    house: bool


@dataclass(frozen=True)
class Row:
    """One action, and what each of the two asks about it; empty where it asks nothing."""

    action: str
    left: tuple[Line, ...]
    right: tuple[Line, ...]


def side_by_side(left: Pack, right: Pack) -> tuple[Row, ...]:
    """Both protocols' duties by action: first what both ask for, then what only one does."""
    rows = [Row(words.label(action), _lines(left, action), _lines(right, action)) for action in _actions(left, right)]
    return tuple(sorted(rows, key=lambda row: not (row.left and row.right)))


def _actions(left: Pack, right: Pack) -> Iterator[str]:
    """In the order the first names them, then the second."""
    yield from dict.fromkeys(duty.action for pack in (left, right) for duty in pack.duties)


def _lines(pack: Pack, action: str) -> tuple[Line, ...]:
    names = names_of(pack)
    return tuple(Line(_said(duty, names), duty.clauses, duty.house) for duty in pack.duties if duty.action == action)


def _said(duty: Duty, names: Names) -> str:
    when = f", when {condition(duty.when, names)}" if duty.when else ""
    return f"{who(duty.owner, names)}: {by_when(duty)}{when}"
