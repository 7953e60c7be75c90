"""A pack as a whole: one area's protocol from one date."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, Literal

from pydantic import Field

from policies import words
from policies.conditions import Condition
from policies.pack.anchor import OneAnchor
from policies.pack.document import Document, OwnClause
from policies.pack.duty import Duty, Notice, Repeat, Rule
from policies.pack.house import House
from policies.pack.intake import Check, Form, Intake, Suggestion
from policies.pack.threshold import Threshold
from policies.pack.words import Action, CategoryId, ClauseId, FactId, Frozen, ReportId, Role, Time


class Suspicion(Frozen):
    """A suspected place must be verified within this time, or the episode becomes another category."""

    verify_within: Time
    becomes: CategoryId
    house: bool = False


class Category(Frozen):
    """One category of the protocol. `missing`: counts as missing, always or while the condition holds.

    `sets`: facts that somebody records by reclassifying to it (a report does not).
    """

    means: str
    clauses: tuple[ClauseId, ...]
    missing: bool | Condition = False
    absent: bool = False
    lapses_to: CategoryId | None = None
    suspected: Suspicion | None = None
    changed_by: tuple[Role, ...] = ()
    sets: dict[FactId, Any] = Field(default_factory=dict)


class Block(Rule):
    """A verb the protocol refuses while the condition holds on what would be recorded; `says` is shown to the person.

    `sets`: asked only when one of these facts would be recorded. `unless_by`: those roles may all the same.
    `unless_reason`: whoever gives a reason may.
    """

    verbs: tuple[str, ...]
    sets: tuple[FactId, ...] = ()
    unless_by: tuple[Role, ...] = ()
    unless_reason: bool = False


class StandIn(Frozen):
    """Wherever `role` would owe or be told something, `by` takes the place while the condition holds."""

    role: Role
    by: Role
    when: Condition
    clauses: tuple[ClauseId, ...]


class Periodic(Frozen):
    """A report the protocol asks for regularly."""

    report: ReportId
    every: Time | None = None
    owner: Role
    audience: tuple[Role, ...] = ()
    clauses: tuple[ClauseId, ...]
    house: bool = False


class Cycle(Rule):
    """A meeting or task of the authority itself, not of one child: a monthly panel, a yearly audit."""

    action: Action
    owner: Role
    attendees: tuple[Role, ...] = ()
    repeat: Repeat


class Pack(Frozen):
    """One protocol edition. Its id is `area@effective`."""

    format: Literal[1]
    area: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    effective: date
    undated: bool = False
    documents: tuple[Document, ...] = Field(min_length=1)
    clauses: dict[str, OwnClause] = Field(default_factory=dict)
    coordinator: Role
    reached_through: dict[Role, Role] = Field(default_factory=dict)
    managers: dict[Role, Role] = Field(default_factory=dict)
    stand_ins: tuple[StandIn, ...] = ()
    terms: dict[str, Condition] = Field(default_factory=dict)
    categories: dict[CategoryId, Category]
    intake: Intake = Intake()
    blocks: tuple[Block, ...] = ()
    duties: tuple[Duty, ...] = ()
    notices: tuple[Notice, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    forms: tuple[Form, ...] = ()
    reports: tuple[Periodic, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    house: House = House()

    @property
    def id(self) -> str:
        """`triborough@2017-12-01`."""
        return f"{self.area}@{self.effective.isoformat()}"

    @cached_property
    def duties_by_anchors(self) -> tuple[tuple[tuple[OneAnchor, ...], tuple[tuple[int, Duty], ...]], ...]:
        """The duties with their places, those together that count from the same moments: whether these came is asked once."""
        found: dict[tuple[OneAnchor, ...], list[tuple[int, Duty]]] = {}
        for place, duty in enumerate(self.duties):
            found.setdefault(duty.anchors, []).append((place, duty))
        return tuple((anchors, tuple(duties)) for anchors, duties in found.items())

    def rules(self) -> tuple[Rule, ...]:
        """Every rule that has an id and clauses."""
        return (*self.blocks, *self.duties, *self.notices, *self.thresholds, *self.cycles)


def cited(pack: Pack) -> set[str]:
    """Ids of every clause the pack cites anywhere."""
    found = {clause for rule in pack.rules() for clause in rule.clauses}
    parts: list[Category | Check | Suggestion | StandIn | Form | Periodic]
    parts = [*pack.categories.values(), *pack.intake.checks, *pack.intake.suggests, *pack.stand_ins, *pack.forms, *pack.reports]
    found.update(clause for part in parts for clause in part.clauses)
    return found


def unknown_clauses(pack: Pack) -> set[str]:
    """Clauses the pack cites that neither the register nor the pack itself has."""
    return cited(pack) - set(words.clauses()) - set(pack.clauses)
