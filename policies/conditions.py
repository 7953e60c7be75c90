"""Conditions of a rule: `all`, `any`, `not` and plain tests over the closed list of facts; no expressions.

Each is turned into a plain function the first time it is asked: a pack asks hundreds of them about every episode.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from policies.question import Asked, Decided, Known, Part, Test


class All(Part):
    """Every part holds."""

    all: tuple[Condition, ...] = Field(min_length=1)

    @cached_property
    def always(self) -> tuple[Condition, ...]:
        """The parts that are so at every moment, or never."""
        return tuple(part for part in self.all if part.lasting)

    @cached_property
    def asks(self) -> frozenset[str]:
        return frozenset[str]().union(*(part.asks for part in self.all))

    def _asked(self) -> Asked:
        parts = tuple(part.holds for part in self.all)

        def holds(about: Known) -> bool:
            for part in parts:  # noqa: SIM110 - twice as fast as all() of a generator
                if not part(about):
                    return False
            return True

        return holds


class Any_(Part):  # noqa: N801 - the YAML word is `any`
    """At least one part holds."""

    any: tuple[Condition, ...] = Field(min_length=1)

    @cached_property
    def asks(self) -> frozenset[str]:
        return frozenset[str]().union(*(part.asks for part in self.any))

    def _asked(self) -> Asked:
        parts = tuple(part.holds for part in self.any)

        def holds(about: Known) -> bool:
            for part in parts:  # noqa: SIM110 - as above
                if part(about):
                    return True
            return False

        return holds


class Not(Part):
    """The part does not hold."""

    not_: Condition = Field(alias="not")

    @cached_property
    def asks(self) -> frozenset[str]:
        return self.not_.asks

    def _asked(self) -> Asked:
        holds = self.not_.holds
        return lambda about: not holds(about)


def _kind(value: Any) -> str:
    """Which of the four a mapping is, by its keys, so that a slip gives one message and not four."""
    keys = set(value) if isinstance(value, dict) else set(getattr(type(value), "model_fields", ()))
    if "all" in keys:
        return "all"
    if "any" in keys:
        return "any"
    if "decided" in keys:
        return "decided"
    return "not" if keys & {"not", "not_"} else "test"


Condition = Annotated[
    Annotated[All, Tag("all")]
    | Annotated[Any_, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Decided, Tag("decided")]
    | Annotated[Test, Tag("test")],
    Discriminator(_kind),
]

for _model in (All, Any_, Not):
    _model.model_rebuild()


def facts_of(condition: Condition | None) -> frozenset[str]:
    """Names of every fact a condition asks for."""
    return condition.asks if condition else frozenset()
