"""What is asked when a child is reported, and the forms of a protocol."""

from __future__ import annotations

from policies.conditions import Condition
from policies.pack.words import CategoryId, ClauseId, FactId, Frozen


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
