"""A pack as a whole: one area's protocol from one date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

from pydantic import Field

from policies import words
from policies.conditions import Condition
from policies.pack.document import Document, OwnClause
from policies.pack.duty import Duty, Notice, Repeat, Rule
from policies.pack.threshold import Threshold
from policies.pack.words import Action, CategoryId, ClauseId, FactId, Frozen, ReportId, Role, Time
from policies.worktime import Length


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
    """

    verbs: tuple[str, ...]
    sets: tuple[FactId, ...] = ()
    unless_by: tuple[Role, ...] = ()


class Check(Frozen):
    """A question of the intake that is asked and recorded, and never a gate; `when` says of whom."""

    id: str
    ask: str
    clauses: tuple[ClauseId, ...]
    when: Condition | None = None


class Suggestion(Frozen):
    """The category that fits the facts; said to the reporter, never set by the bot."""

    category: CategoryId
    when: Condition
    clauses: tuple[ClauseId, ...]


class StandIn(Frozen):
    """Wherever `role` would owe or be told something, `by` takes the place while the condition holds."""

    role: Role
    by: Role
    when: Condition
    clauses: tuple[ClauseId, ...]


class Intake(Frozen):
    """What the report form asks."""

    default_category: CategoryId = "missing"
    default_risk: str = "medium"
    asks: tuple[FactId, ...] = ()
    checks: tuple[Check, ...] = ()
    suggests: tuple[Suggestion, ...] = ()


class FormField(Frozen):
    """One field of a form; the answer is sealed."""

    id: str
    label: str
    group: str | None = None


class Form(Frozen):
    """A form of the protocol as data; left without fields it takes those of the register."""

    id: str
    title: str
    clauses: tuple[ClauseId, ...]
    fields: tuple[FormField, ...] = ()


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


def _hours(count: float) -> Length:
    return Length(exact=timedelta(hours=count))


class House(Frozen):
    """Numbers that are ours and not the source's; an authority may set its own."""

    coordinator_marks: tuple[Time, ...] = (_hours(24), _hours(72), _hours(120))
    remind_before: Time = _hours(4)
    remind_before_long: Time = _hours(24)
    escalate_after: Time = _hours(4)
    escalate_again_after: Time = _hours(24)
    ring_after: Time = _hours(1)
    ring_after_high_risk: Time = _hours(0.25)
    ack_holds: Time = _hours(4)
    ack_holds_high_risk: Time = _hours(2)
    invite_before: Time = _hours(24)
    chase_before: Time = _hours(4)
    chase_again_after: Time = _hours(24)
    chair_told_before: tuple[Time, ...] = (_hours(24), _hours(2))
    asked_if_held_after: Time = _hours(1)
    undated_escalates_after_working_days: int = 5
    handover_remind_after: Time = _hours(0.5)
    handover_escalate_after: Time = _hours(1)
    handover_escalate_again_after: Time = _hours(5)
    approval_remind_after: Time = _hours(4)
    approval_escalate_after: Time = _hours(24)


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
