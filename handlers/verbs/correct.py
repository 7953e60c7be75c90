"""Correct a time: missing since, found, returned. Everything follows as if it had been known from the start. `found: nothing` reopens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers import checks, overlaps, record
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.fields import PAST, Built, filled
from handlers.news import tell
from handlers.outgoing import Answer, Field
from handlers.settle import settle
from policies import words
from policies.pack import Pack
from policies.worktime import said


@dataclass(frozen=True)
class Correct:
    """The times to change by name (missing_since, found_at, returned_at); `found_at: None` reopens the episode."""

    reference: str
    times: tuple[tuple[str, datetime | None], ...]
    reason: str = ""


NAMES = {"missing_since": "missing-since", "found_at": "found", "returned_at": "returned"}


def form(desk: Desk, pack: Pack, case: Case | None) -> Built:
    """The times as they stand."""
    times = [(n, getattr(case.episode, n) if case else None) for n in ("missing_since", "found_at", "returned_at")]
    fields = [Field(n, words.label(n).capitalize(), "time", value=filled(t) if t else "", hint=PAST) for n, t in times]
    return "Correct a time", "Correct", [*fields, Field("reason", "Why", "long")]


def correct(command: Correct, desk: Desk, actor: Actor) -> Answer:
    """Record the correction. Raises Refused when a time would be in the future or out of order."""
    actor.check("correct")
    case = open_case(desk, command.reference, actor)
    checks.still_counts(case)
    times = dict(command.times)
    _possible(desk, case, times)
    reopened = "found_at" in times and times["found_at"] is None
    if reopened and not case.episode.found_at:
        raise Refused(f"{case.row.reference} is not recorded as found.", field="found_at")
    reason = checks.reason_given(command.reason or "not found after all") if reopened else checks.short_enough(command.reason, "reason")
    record.write(desk, actor, "corrected", {**times, "reason": reason}, child=case.row.child_id, episode=case.row.id)
    names = " and ".join(NAMES[name] for name in times)
    settled = settle(desk, case.reread(desk), why=f"{names} corrected by {actor.person.name}")
    if reopened:
        tell(desk, settled, "not found after all: the search goes on", wake=True)
    changed = ", ".join(f"{NAMES[n]} {said(at)}" if at else f"{NAMES[n]} taken back" for n, at in times.items())
    return Answer((f"Corrected {case.row.reference}: {changed}. Every due time was worked out again.",), case.row.reference)


def _possible(desk: Desk, case: Case, times: dict[str, Any]) -> None:
    if not times or set(times) - set(NAMES):
        raise Refused("Say which time to correct: missing since, found, or returned.")
    for name, at in times.items():
        checks.not_in_future(desk, at, NAMES[name].capitalize(), name)
    if "missing_since" in times and times["missing_since"] is None:
        raise Refused("Missing since cannot be taken back; give the time that is right.", field="missing_since")
    told = case.row.notified_at
    if times.get("missing_since") and times["missing_since"] > told:
        raise Refused(f"The child was reported {said(told)}, so missing since cannot be later than that.", field="missing_since")
    in_care = case.derived(desk).reading.at(desk.now).value("in_care") is True
    checks.not_long_ago(desk, times.get("missing_since"), case.child.date_of_birth, "missing_since", in_care=in_care)
    overlaps.apart(case.row, case.rows, times)
    since = times.get("missing_since") or case.episode.missing_since
    found = times.get("found_at", case.episode.found_at)
    checks.not_before(found, since, "Found at", "found_at" if "found_at" in times else "missing_since")
    if times.get("returned_at") and found is None:
        raise Refused(f"{case.row.reference} is not recorded as found. Record 'found' first.", field="returned_at")
    returned = times.get("returned_at", case.episode.stated_returned_at)
    checks.not_before(returned, found, "Returned at", "returned_at" if "returned_at" in times else "found_at", "the child was found")
