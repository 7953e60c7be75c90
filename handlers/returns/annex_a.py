"""Annex A list 8: four columns about each child looked after, to be joined to the list by the child's own number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from handlers.desk import Desk
from handlers.returns.lines import LeftOut, Line, cannot_be_named, lines
from policies.figures import AWAY, MISSING
from policies.worktime import Length, add

HEADER = (
    "Child Unique ID",
    "Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months",
    "Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months",
    "Was the child offered a Return Interview after their last missing episode (Y/N)?",
    "Did the child accept a Return Interview after their last missing episode (Y/N)?",
)
YES, NO, UNKNOWN = "a) Yes", "b) No", "c) Unknown"
MONTHS = Length(months=-12)


@dataclass(frozen=True)
class Figures:
    """One child's four columns."""

    child: str
    missing: int
    away: int
    offered: str
    accepted: str

    def cells(self) -> tuple[str, ...]:
        """The row as the file has it."""
        return (self.child, str(self.missing), str(self.away), self.offered, self.accepted)


def figures(desk: Desk, authority: str, on: datetime) -> tuple[list[Figures], list[LeftOut]]:
    """The children with an episode in the twelve months up to `on`; of all others the list has 0, 0 and two blanks."""
    since = add(on, MONTHS)
    by_child: dict[str, list[Line]] = {}
    left_out: list[LeftOut] = []
    for line in lines(desk, authority, since, on):
        if not since <= line.start < on:
            continue
        reason = _not_in_it(line)
        if reason:
            left_out.append(reason)
        else:
            by_child.setdefault(line.who.case_reference or "", []).append(line)
    return [_of_child(child, theirs, on) for child, theirs in sorted(by_child.items())], left_out


def _not_in_it(line: Line) -> LeftOut | None:
    if not line.episode.ours:
        why = "nobody recorded whether the child is looked after" if line.episode.ours is None else "not looked after by this authority"
        return LeftOut(line.name, why)
    if not line.code:
        return LeftOut(line.name, "absent, and nobody recorded whether it was known where the child was")
    return cannot_be_named(line)


def _of_child(child: str, theirs: Iterable[Line], on: datetime) -> Figures:
    """Episodes are counted, not stretches; the interview is that of the last missing episode that has ended."""
    found = list(theirs)
    missing = {line.episode.episode_id for line in found if line.code == MISSING}
    away = {line.episode.episode_id for line in found if line.code == AWAY}
    ended = [line for line in found if line.code == MISSING and line.end and line.end < on]
    last = max(ended, key=lambda line: line.start, default=None)
    return Figures(child, len(missing), len(away), offered(last), accepted(last))


def offered(last: Line | None) -> str:
    """Whether an interview was offered after the last missing episode; blank where there was none."""
    if last is None:
        return ""
    said = was_offered(last)
    return UNKNOWN if said is None else YES if said else NO


def accepted(last: Line | None) -> str:
    """Whether it was accepted; not known while an offer has no answer, no where there was no offer."""
    if last is None:
        return ""
    said = was_accepted(last)
    return UNKNOWN if said is None else YES if said else NO


def was_offered(line: Line) -> bool | None:
    """Whether it was; None when an extract from before the bot did not say."""
    e = line.episode
    if any((e.offered_at, e.accepted_at, e.declined_at, e.conducted_at)):
        return True
    return False if e.tracked else e.offered


def was_accepted(line: Line) -> bool | None:
    """Whether it was; None while nobody has said."""
    e = line.episode
    if e.accepted_at or e.conducted_at:
        return True
    if e.declined_at or was_offered(line) is False:
        return False
    return None if e.tracked else e.accepted
