"""One question of a condition: a fact compared with a value, or which way a decision went."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, model_validator

from policies import words
from policies.history import LASTING


class Known(Protocol):
    """What a condition is asked about: a fact's value at one moment, None when nobody knows."""

    def value(self, fact: str) -> Any: ...

    def decision(self, action: str) -> str | None: ...


Asked = Callable[[Known], bool]


class Part(BaseModel):
    """What a condition is made of: each part says what it asks for, and whether it holds."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @cached_property
    def holds(self) -> Asked:
        """Whether it holds about what is known at a moment."""
        return self._asked()

    def _asked(self) -> Asked:
        raise NotImplementedError

    @cached_property
    def lasting(self) -> bool:
        """Whether it asks only for facts of who the child is, which are so at every moment."""
        return self.asks <= LASTING

    @cached_property
    def key(self) -> str:
        """The same for conditions that say the same, so that one is asked once."""
        return self.model_dump_json()

    @cached_property
    def asks(self) -> frozenset[str]:
        """Names of every fact it asks for; `decided` where it asks for a decision."""
        raise NotImplementedError


class Test(Part):
    """One fact compared with one value. An unknown fact fails every test but `known: false` and `or_unknown: true`."""

    fact: str
    is_: Any = Field(None, alias="is")
    is_not: Any = None
    any_of: tuple[Any, ...] | None = None
    none_of: tuple[Any, ...] | None = None
    under: int | None = None
    at_least: int | None = None
    contains: tuple[str, ...] | None = None
    known: bool | None = None
    or_unknown: bool = False

    @model_validator(mode="after")
    def _checked(self) -> Test:
        known = words.facts()
        if self.fact not in known:
            msg = f"'{self.fact}' is not a fact this bot knows{words.nearest(self.fact, known)}"
            raise ValueError(msg)
        given = self.model_fields_set - {"fact", "or_unknown"}
        if len(given) != 1:
            msg = f"the test of '{self.fact}' needs exactly one of is, is_not, any_of, none_of, under, at_least, contains, known"
            raise ValueError(msg)
        for value in _values(self):
            _check_value(known[self.fact], value)
        if (self.under is not None or self.at_least is not None) and known[self.fact].type not in _NUMBERS:
            raise ValueError(f"'{self.fact}' is not a number: under and at_least cannot be asked of it")
        return self

    @cached_property
    def asks(self) -> frozenset[str]:
        return frozenset({self.fact})

    def _asked(self) -> Asked:
        operator = next(iter(self.model_fields_set - {"fact", "or_unknown"}))  # the one that was given
        fact, fits, wanted = self.fact, _OPERATORS[operator], getattr(self, operator)
        unknown = not wanted if operator == "known" else self.or_unknown or (operator in {"is_not", "none_of"} and wanted is not None)

        typed = words.facts()[fact].type == "string"
        wanted = _as_meant(wanted) if typed else wanted

        def holds(about: Known) -> bool:
            value = _as_meant(about.value(fact)) if typed else about.value(fact)
            nobody_knows = value is None or (not value and value in ((), []))  # nothing ticked is nobody's answer
            return unknown if nobody_knows else fits(value, wanted)

        return holds


def _as_meant(value: Any) -> Any:
    """What people type, whatever its capitals and spaces: "preston " is Preston."""
    if isinstance(value, tuple):
        return tuple(map(_as_meant, value))
    return " ".join(value.split()).casefold() if isinstance(value, str) else value


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "is_": lambda value, wanted: bool(value == wanted),
    "is_not": lambda value, wanted: bool(value != wanted),
    "any_of": lambda value, wanted: value in wanted,
    "none_of": lambda value, wanted: value not in wanted,
    "under": lambda value, wanted: bool(value < wanted),
    "at_least": lambda value, wanted: bool(value >= wanted),
    "known": lambda _value, wanted: bool(wanted),
    "contains": lambda value, wanted: bool(set(wanted) & set([value] if isinstance(value, str) else value)),
}


def _values(test: Test) -> list[Any]:
    single = [v for v in (test.is_, test.is_not) if v is not None]
    return [*single, *(test.any_of or ()), *(test.none_of or ())]


_NUMBERS = frozenset({"int", "duration"})


def _check_value(fact: words.Fact, value: Any) -> None:
    """A value the fact can never have is a slip of the pen: `looked_afer` must not load."""
    if fact.type == "bool" and not isinstance(value, bool):
        msg = f"'{fact.name}' is yes or no: write true or false, not '{value}'"
        raise ValueError(msg)
    if fact.type == "int" and (isinstance(value, bool) or not isinstance(value, int)):
        raise ValueError(f"'{fact.name}' is a number: write it without quotes, not '{value}'")
    if fact.type.startswith("enum:"):
        known = words.vocabulary()[fact.type.removeprefix("enum:")]
        if value not in known:
            msg = f"'{value}' is not one of the {fact.name} values{words.nearest(str(value), known)}"
            raise ValueError(msg)


class Decided(Part):
    """The newest decision of an action in this episode has one of the outcomes; another outcome later ends it.

    Without outcomes: decided or done in any way but "not needed" or "refused". `done` is a completion without an outcome.
    """

    decided: str
    outcome: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _checked(self) -> Decided:
        if self.decided not in words.actions():
            raise ValueError(f"'{self.decided}' is not an action of the vocabulary{words.nearest(self.decided, words.actions())}")
        return self

    @cached_property
    def asks(self) -> frozenset[str]:
        return frozenset({"decided"})

    def _asked(self) -> Asked:
        return self._decided

    def _decided(self, about: Known) -> bool:
        outcome = about.decision(self.decided)
        return outcome in self.outcome if self.outcome else outcome not in {None, "not_needed", "refused", "declined", "not_done"}
