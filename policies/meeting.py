"""Meetings as values: one that was fixed, an answer to its invitation, what was agreed there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Response:
    """An agency's answer to an invitation. `to`: who comes instead, `@id` when they are known here; `reason`: one was given.

    `how`: "calendar" when it was given there.
    """

    action: str
    agency: str
    answer: str
    at: datetime
    actor: str = ""
    to: str = ""
    reason: bool = False
    how: str = ""


@dataclass(frozen=True)
class Seen:
    """Somebody of an agency looked at an invitation."""

    action: str
    agency: str
    actor: str
    at: datetime


@dataclass(frozen=True)
class Meeting:
    """A meeting that was fixed for a time. Its id never changes; `sequence` rises with every change of it.

    `by`: who fixed it; `timed_by`: who said its time last.
    `asked_at`: since when the answers that count were asked for. `required`: agencies without which it is hardly worth
    holding, None for those that the protocol names. `also`: roles, or people as `@id`, invited beside those it names.
    `named`: who was invited for a role; `of`: the agency of each `@id`; `invited_at`: when those who were invited later were.
    `came`: agencies that were there. `place` and `agenda` are narrative, never posted. `link`: where to join, from the calendar.
    """

    id: str
    action: str
    starts: datetime
    fixed_at: datetime
    asked_at: datetime
    sequence: int = 0
    chair: str | None = None
    by: str = ""
    timed_by: str = ""
    place: str = ""
    agenda: str = ""
    required: tuple[str, ...] | None = None
    also: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)
    of: Mapping[str, str] = field(default_factory=dict)
    invited_at: Mapping[str, datetime] = field(default_factory=dict)
    goes_ahead: bool = False
    state: Literal["fixed", "held", "not_held", "cancelled"] = "fixed"
    ended_at: datetime | None = None
    came: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True)
class Agreed:
    """Something a meeting agreed that somebody does by a time. `what` is narrative, never posted."""

    rule: str
    nth: int
    meeting: str
    owner: str
    due: datetime
    at: datetime
    what: str = ""
