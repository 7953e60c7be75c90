"""What happened to a child, as values: happenings folded into episodes. Pure; the same happenings give the same episode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from policies.meeting import Agreed, Meeting, Response, Seen

NOT_HELD = frozenset({"declined", "not_done"})  # ends of an interview that did not take place
NO_DATA: Mapping[str, Any] = {}

# Facts of who the child is: a value told late was true all along. Every other fact holds from when it was told.
LASTING = frozenset(
    [
        "age",
        "date_of_birth",
        "care_status",
        "open_case",
        "allocated_worker",
        "team",
        "locality",
        "reporter_type",
        "responsible_council",
        "placing_authority",
        "host_authority",
        "placement",
        "placement_provider",
        "placement_start",
        "uasc",
        "privately_fostered",
        "disability",
        "sen",
        "learning_needs",
        "health_condition",
        "mental_health",
        "highest_stage_held",
        "grab_pack_updated_at",
        "photo_date",
        "agencies_involved",
        "at_macse",
        "vulnerability_factors",
        "full_time_education",
        "criminal_justice_order",
        "interviewer_choice",
    ]
)


@dataclass(frozen=True)
class Happening:
    """One recorded thing. `at` is when it happened, `recorded_at` when it was told; data by kind as `fold` reads it."""

    id: str
    kind: str
    at: datetime
    recorded_at: datetime
    actor: str = ""
    data: Mapping[str, Any] = field(default_factory=lambda: NO_DATA)


@dataclass(frozen=True)
class Done:
    """An action done, a meeting held, a decision made, a step of an interview taken.

    `keys` are the obligations (rule, nth) that it was recorded for; empty when it was recorded for the action as such.
    """

    action: str
    at: datetime
    recorded_at: datetime
    keys: tuple[tuple[str, int], ...] = ()
    outcome: str | None = None
    actor: str = ""
    id: str = ""
    kind: str = "completed"
    interviewer: str = ""  # the role that held an interview
    said_by: str = ""  # who declined one

    @property
    def decision(self) -> bool:
        """A decision about the action, which for a meeting is not its holding."""
        return self.kind == "decided"


@dataclass(frozen=True)
class Ack:
    """Somebody has an obligation in hand since `at`."""

    rule: str
    nth: int
    at: datetime
    actor: str = ""


@dataclass(frozen=True)
class Episode:
    """One episode as it stands after all its happenings.

    `responses` are the answers that count now, `earlier` those to what is no longer so; `asked` says how often they were
    asked for anew, by kind of meeting.
    """

    id: str
    number: int = 1
    tracked: bool = True
    notified_at: datetime | None = None
    reporter: str = ""
    stated_since: datetime | None = None
    found_at: datetime | None = None
    stated_returned_at: datetime | None = None
    located_only: bool = False
    closed_at: datetime | None = None
    voided_at: datetime | None = None
    categories: tuple[tuple[datetime, str], ...] = ()
    facts: Mapping[str, tuple[tuple[datetime, Any], ...]] = field(default_factory=dict)
    done: tuple[Done, ...] = ()
    acks: tuple[Ack, ...] = ()
    responses: tuple[Response, ...] = ()
    waived: Mapping[tuple[str, int], datetime] = field(default_factory=dict)
    extended: Mapping[tuple[str, int], datetime] = field(default_factory=dict)
    earlier: tuple[Response, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    asked: Mapping[str, int] = field(default_factory=dict)
    seen: tuple[Seen, ...] = ()
    agreed: tuple[Agreed, ...] = ()
    chairs: Mapping[str, str] = field(default_factory=dict)
    interviewer: str | None = None  # the person to whom the interview was given
    reopened: bool = False

    @property
    def missing_since(self) -> datetime | None:
        """When the child went missing, or was reported when nobody knows (MATRIX G1)."""
        return self.stated_since or self.notified_at

    @property
    def returned_at(self) -> datetime | None:
        """When the child was back at a safe place: the stated moment, else when found."""
        if self.located_only and not self.stated_returned_at:
            return None
        return self.stated_returned_at or self.found_at

    @property
    def status(self) -> str:
        """open, located, returned, closed or void."""
        if self.voided_at:
            return "void"
        if self.closed_at:
            return "closed"
        if self.returned_at and self.found_at:
            return "returned"
        return "located" if self.found_at else "open"

    def fixed(self, action: str) -> Meeting | None:
        """The meeting of that kind that is to come, if its time is fixed."""
        return next((m for m in reversed(self.meetings) if m.action == action and m.state == "fixed"), None)

    def latest(self, fact: str) -> Any:
        """The fact's newest value, None when never stated."""
        timeline = self.facts.get(fact)
        return timeline[-1][1] if timeline else None


@dataclass(frozen=True)
class Child:
    """A child with every episode, oldest first."""

    id: str
    episodes: tuple[Episode, ...] = ()
    date_of_birth: Any = None


def held(child: Child, action: str, until: datetime) -> list[datetime]:
    """When meetings of a kind were held about the child, up to `until`; a decision to hold one is none."""
    return [d.at for e in child.episodes for d in e.done if d.action == action and not d.decision and d.at <= until]
