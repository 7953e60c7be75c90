"""One duty in one episode, with whoever owes it, by when, and how it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from policies.meeting import Meeting
from policies.pack import Duty

Status = Literal["open", "met", "waived", "void"]
# Doing the second also does the first: nobody interviews a child to whom no interview was offered (LANC-POL-06).
UNRECORDED = "not recorded in its time"


class Obligation(NamedTuple):
    """One duty in one episode. Times UTC; `due` None when the document gives no time; `note` says why it ended.

    `meeting`: the one that is fixed for it; `asked`: how often its answers were asked for anew.
    """

    duty: Duty
    nth: int
    owner: str
    anchor_at: datetime
    arises_at: datetime
    due: datetime | None
    status: Status = "open"
    completed_at: datetime | None = None
    completed_by: str = ""
    tell: tuple[str, ...] = ()
    attendees: tuple[str, ...] = ()
    chair: str | None = None
    meets_at: datetime | None = None
    meeting: Meeting | None = None
    asked: int = 0
    extended: bool = False
    ends: datetime | None = None
    via: str | None = None
    note: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """What history is attached to: the rule and which start of its anchor, never a time."""
        return self.duty.id, self.nth

    def late_at(self, now: datetime) -> bool:
        """Open after it was due, or done after it was due."""
        end = self.completed_at if self.status == "met" else now
        return self.status in {"open", "met"} and self.due is not None and end is not None and end > self.due
