"""What was recorded of a planned episode, entry by entry, as the bot would have recorded it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bench.year.episodes import Planned
from handlers.record import packed
from storage.journal import NewEntry

CARE = {"ours": "looked_after", "home": "child_in_need", "hosted": "looked_after_by_other_la", "leaver": "care_leaver_former_relevant"}
MINUTE = timedelta(minutes=1)
AGENCIES = ("police", "health", "education")
TOLD = ("police_notification", "social_care_notification")


def entries(one: Planned, authority: str, child_id: str, episode_id: str) -> Iterator[NewEntry]:
    """The entries of an episode, in the order they were written."""
    told = sorted(_told(one), key=lambda t: t[0])
    for at, kind, actor, data in told:
        yield NewEntry(
            authority=authority,
            kind=kind,
            at=at,
            recorded_at=at + MINUTE,
            actor=actor,
            child_id=child_id,
            episode_id=episode_id,
            payload=packed(data),
        )


def _told(one: Planned) -> Iterator[tuple[datetime, str, str, dict[str, Any]]]:
    yield one.notified, "reported", "edt", _report(one)
    yield from _in_hand(one)
    if one.turned_missing:
        yield one.turned_missing, "reclassified", "team_manager", {"category": "missing", "since": one.turned_missing, "facts": {}}
    if one.found:
        yield one.found, "found", "police", {"found_at": one.found, "returned_at": one.returned, "back_safe": True}
    for step, action, outcome, at in _interview(one):
        data: dict[str, Any] = {"action": action, "keys": [], "outcome": outcome, "step": step, "done_at": at, "reason": ""}
        yield at, "interviewed", "social_worker", data
    if one.closed:
        yield one.closed, "closed", "team_manager", {}
    if one.void:
        yield one.notified + timedelta(days=1), "voided", "team_manager", {"reason": "entered twice"}


def _in_hand(one: Planned) -> Iterator[tuple[datetime, str, str, dict[str, Any]]]:
    """Whoever has it in hand does what is asked first."""
    if one.acknowledged:
        for n, action in enumerate(TOLD, 1):
            yield one.notified + n * MINUTE, "completed", "edt", {"action": action, "done_at": one.notified + n * MINUTE, "keys": []}
        yield one.acknowledged, "acknowledged", "social_worker", {"rule": "police-told", "nth": 1}
    if one.meeting:
        needed, came = gathered(one)
        fixed = {"action": "strategy_meeting", "for": one.meeting, "required": list(needed)}
        yield one.meeting - timedelta(hours=2), "scheduled", "social_worker", fixed
        held = {"action": "strategy_meeting", "done_at": one.meeting, "reason": "", "note": "", "came": list(came)}
        yield one.meeting, "held", "team_manager", held


def gathered(one: Planned) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which agencies had to come to its meeting, and which did; of some meetings nobody wrote that down."""
    n = one.child.number
    return AGENCIES[: 1 + n % 3], AGENCIES[n % 2 :][: n % 4]


def _report(one: Planned) -> dict[str, Any]:
    facts: dict[str, Any] = {"care_status": CARE[one.child.kind], "risk_level": one.risk, "team": one.child.team}
    if one.known_place is not None:
        facts["whereabouts_known"] = one.known_place
    return {"category": one.category, "missing_since": one.start, "facts": facts, "narrative": "Invented.", "checks": {}}


def _interview(one: Planned) -> Iterator[tuple[str, str, str | None, datetime]]:
    for step, action, outcome, at in (
        ("offered", "return_interview_offer", None, one.offered),
        ("accepted", "return_interview_offer", "accepted", one.accepted),
        ("declined", "return_interview", "declined", one.declined),
        ("conducted", "return_interview", "conducted", one.conducted),
    ):
        if at:
            yield step, action, outcome, at
