"""Duties and notices: what a protocol asks of whom, counted from which moment, by when."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from policies.conditions import Condition
from policies.pack.anchor import After, Anchor, AtThreshold
from policies.pack.words import Action, ClauseId, Frozen, Role, Time
from policies.worktime import Clock, Length

Basis = Literal["stated", "mark", "inferred"]


OnReturn = Literal["keep", "lapse", "stop"]


class Route(Frozen):
    """A role, when the condition holds; the first that fits is taken, so the most specific stands first."""

    role: Role
    when: Condition | None = None


class Chair(Frozen):
    """Who chairs, from the `from_number`-th meeting of its kind about this child."""

    role: Role
    from_number: int = 1
    when: Condition | None = None


class Repeat(Frozen):
    """`last`: again this long after the last one was done (or one of `of`); `grid`: every such period whether done or not."""

    every: Time
    counted_from: Literal["last", "grid"] = "last"
    of: tuple[Action, ...] = ()
    while_missing: bool = True
    house: bool = False

    @model_validator(mode="after")
    def _goes_on(self) -> Repeat:
        if _rough(self.every) <= timedelta():
            raise ValueError("repeat needs a length of time above nothing")
        return self


def _routes(value: Any) -> Any:
    if isinstance(value, str):
        return ({"role": value},)
    return [{"role": item} if isinstance(item, str) else item for item in value] if isinstance(value, list) else value


Routes = Annotated[tuple[Route, ...], BeforeValidator(_routes)]


def _rough(length: Length) -> timedelta:
    """A length as a number of days, good enough to compare."""
    return length.exact + timedelta(days=30) * length.months


class Rule(Frozen):
    """What every rule has: an id that stays across editions, its clauses, and one sentence that says it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    id: str = Field(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$")
    clauses: tuple[ClauseId, ...] = ()
    says: str = Field(min_length=5, max_length=160)
    when: Condition | None = None
    house: bool = False
    note: str | None = None

    @model_validator(mode="after")
    def _cited(self) -> Rule:
        if not self.clauses and not self.house:
            msg = f"rule '{self.id}' cites no clause; every rule names the clauses it comes from, or says house: true"
            raise ValueError(msg)
        return self


class Timed(Rule):
    """A rule that starts from a moment. `when_at: anchor`: the condition is asked when it would arise, and never again.

    `at_night`: its pings do not wait for office hours when the child is back.
    """

    anchor: Anchor = "notified_at"
    opens: Time | None = None
    while_missing: bool | None = None
    at_night: bool = False
    when_at: Literal["any_time", "anchor"] = "any_time"

    @cached_property
    def anchors(self) -> tuple[str | After | AtThreshold, ...]:
        """The moments the rule counts from; most rules have one."""
        return self.anchor if isinstance(self.anchor, tuple) else (self.anchor,)


class Notice(Timed):
    """The bot itself tells roles something, `opens` after the anchor (at once when left out)."""

    action: Action | None = None
    tell: Routes


class Duty(Timed):
    """Something a role owes. `due` left out: the document gives no time.

    `opens` is when it arises, counted from the anchor: left out it is the anchor itself, or for `basis: mark` the due
    time. `while_missing` (marks: true unless said) asks that the child be still missing when it arises.
    `on_return`: an open one stays (`keep`, G7), ends when the child is back before it was due (`lapse`), or ends in any
    case (`stop`); `unless` says when it stays all the same. `met_when`: it is met as soon as the condition holds;
    `ends_when`: it is no longer needed then. `once`: doing one does every one of the same action in the episode;
    `anew`: but what was done before this one arose does not do it.
    `escalate_to: []`: nobody above hears of it.
    """

    action: Action
    owner: Routes
    co_owners: tuple[Role, ...] = ()
    due: Time | None = None
    clock: Clock = "elapsed"
    basis: Basis = "stated"
    tell: Routes = ()
    in_writing: bool = False
    each: bool = False
    escalate_to: tuple[Role, ...] | None = None
    amber: Time | None = None
    ask_again: Time | None = None
    on_return: OnReturn = "keep"
    unless: Condition | None = None
    met_when: Condition | None = None
    ends_when: Condition | None = None
    once: bool = False
    anew: bool = False
    repeat: Repeat | None = None
    chair: Annotated[tuple[Chair, ...], BeforeValidator(_routes)] = ()
    chair_otherwise: tuple[Role, ...] = ()
    attendees: Routes = ()
    extended_by: tuple[Role, ...] = ()
    waived_by: tuple[Role, ...] = ()
    form: str | None = None

    @property
    def only_while_missing(self) -> bool:
        """Whether the child must be still missing at the moment it arises."""
        return self.basis == "mark" if self.while_missing is None else self.while_missing

    @model_validator(mode="after")
    def _makes_sense(self) -> Duty:
        if self.due is None and self.basis == "mark":
            msg = f"rule '{self.id}' is a mark without a time: say due"
            raise ValueError(msg)
        if self.due and (self.due.months < 0 or self.due.exact < timedelta()):
            raise ValueError(f"rule '{self.id}': due lies before the moment it counts from")
        if self.opens and self.due and _rough(self.opens) > _rough(self.due):
            msg = f"rule '{self.id}' opens after it is due: the window is empty"
            raise ValueError(msg)
        return self
