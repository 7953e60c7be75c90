"""A scenario: the child, what was before, the steps of its timeline, and what is expected of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class ScenarioError(Exception):
    """The file is not a scenario; one sentence that names the place."""


class Lacking(Exception):
    """A step does not say something its verb needs."""


class Fields(dict[str, Any]):
    """What a step says; asked for what it does not say, it says so."""

    def __missing__(self, key: str) -> Any:
        raise Lacking(f"'{key}' is not given")


@dataclass(frozen=True)
class Step:
    """One line of the timeline, with real times."""

    number: int
    at: datetime
    do: str
    by: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Past:
    """One entry of `previous`."""

    category: str
    began: datetime
    ended: datetime
    facts: Mapping[str, Any]
    held: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True)
class Scenario:
    """A whole file."""

    file: str
    title: str
    pack: str
    child: Mapping[str, Any]
    previous: tuple[Past, ...]
    timeline: tuple[Step, ...]
    until: datetime
    expect: Mapping[str, Any] | None
    empty_roles: tuple[str, ...] = ()
    holders: Mapping[str, int] = field(default_factory=dict)
