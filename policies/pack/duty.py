"""Duties and notices: what a protocol asks of whom, counted from which moment, by when."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from policies.conditions import Condition
from policies.pack.words import Action, ClauseId, Frozen, Role, Time
from policies.worktime import Clock

Basis = Literal["stated", "mark", "inferred"]
Moment = Literal[
    "missing_since",
    "absent_since",
    "notified_at",
    "found_at",
    "returned_at",
    "absence_limit_at",
    "review_at",
    "assessed_missing_at",
    "placement_start",
    "photo_date",
    "birthday_18",
    "when",
]
OnReturn = Literal["keep", "lapse", "stop"]


class After(Frozen):
    """The moment an action was done, a meeting held, a decision made (with one of `outcome`; `done`: without any)."""

    after: Action | Annotated[tuple[Action, ...], Field(min_length=1)]
    outcome: tuple[str, ...] = ()

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions, each of which is a start."""
        return self.after if isinstance(self.after, tuple) else (self.after,)


class AtThreshold(Frozen):
    """The moment a threshold of the pack was crossed."""

    threshold: str


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


def _routes(value: Any) -> Any:
    if isinstance(value, str):
        return ({"role": value},)
    return [{"role": item} if isinstance(item, str) else item for item in value] if isinstance(value, list) else value


Routes = Annotated[tuple[Route, ...], BeforeValidator(_routes)]


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
    """A rule that starts from a moment. `when_at: anchor`: the condition is asked when it would arise, and never again."""

    anchor: Moment | After | AtThreshold | Annotated[tuple[Moment | After | AtThreshold, ...], Field(min_length=1)] = "notified_at"
    opens: Time | None = None
    while_missing: bool | None = None
    when_at: Literal["any_time", "anchor"] = "any_time"

    @property
    def anchors(self) -> tuple[Moment | After | AtThreshold, ...]:
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
    `ends_when`: it is no longer needed then. `once`: doing one does every one of the same action in the episode.
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
    on_return: OnReturn = "keep"
    unless: Condition | None = None
    met_when: Condition | None = None
    ends_when: Condition | None = None
    once: bool = False
    repeat: Repeat | None = None
    chair: Annotated[tuple[Chair, ...], BeforeValidator(_routes)] = ()
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
        if self.opens and self.due and not self.due.months and self.opens.exact > self.due.exact:
            msg = f"rule '{self.id}' opens after it is due: the window is empty"
            raise ValueError(msg)
        return self
