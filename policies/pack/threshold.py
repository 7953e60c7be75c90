"""Thresholds: a count of a child's episodes in a rolling window (MATRIX G4 to G6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import Field, model_validator

from policies.conditions import Condition
from policies.pack.duty import Routes, Rule
from policies.pack.words import Action, Time


class Threshold(Rule):
    """Raised once when the count is reached; armed again when it falls below, or `count` new episodes after `reset_by` was held.

    `until_held`: raised again at the next episode while the meeting of a crossing from before the bot was never held,
    unless `until_held_unless` holds. `consecutive: working_days`: the counted episodes stand on working days in a row.
    `frequent`: this is what the pack means by a child who is frequently missing.
    """

    count: int = Field(ge=1)
    window: Time | None = None
    of: Literal["missing", "absent", "missing_or_absent"] = "missing"
    min_duration: Time | None = None
    consecutive: bool | Literal["working_days"] = False
    reset_by: Action | None = None
    until_held: bool = False
    until_held_unless: Condition | None = None
    frequent: bool = False
    tell: Routes = ()

    @model_validator(mode="after")
    def _looks_back(self) -> Threshold:
        if self.window and self.window.months <= 0 and self.window.exact <= timedelta():
            raise ValueError(f"rule '{self.id}' counts within no time at all: window needs a length above nothing")
        return self
