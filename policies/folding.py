"""Happenings → the episode as it stands. The same happenings give the same episode, whenever they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from policies import gathering
from policies.history import Ack, Done, Episode, Happening


def fold(episode_id: str, happenings: Iterable[Happening], *, number: int = 1, tracked: bool = True) -> Episode:
    """The episode after `happenings` (in the order they were recorded); those undone later leave no trace in it."""
    told = tuple(happenings)
    undone = {h.data["of"] for h in told if h.kind == "undone"}
    episode = Episode(id=episode_id, number=number, tracked=tracked)
    for happening in told:
        step = _STEPS.get(happening.kind)
        if step and happening.id not in undone:
            episode = step(episode, happening)
    return episode


def _reported(e: Episode, h: Happening) -> Episode:
    since = h.data.get("missing_since")
    start = since or h.at
    facts = {name: ((start, value),) for name, value in h.data.get("facts", {}).items() if value is not None}
    return replace(
        e,
        notified_at=h.at,
        reporter=h.actor,
        stated_since=since,
        categories=((start, h.data["category"]),),
        facts={**e.facts, **facts},
    )


def _set(e: Episode, h: Happening) -> Episode:
    values = h.data.get("facts", {})
    return _back_or_not(replace(e, facts=_with_facts(e, h.at, values)), h.at, safe=values.get("safe_return"))


def _back_or_not(e: Episode, at: datetime, *, safe: bool | None) -> Episode:
    """Not back at a safe place after all, or back there now: of a child who was located (TRI-009, TRI-136)."""
    if safe is None or e.found_at is None or e.stated_returned_at is not None:
        return e
    if safe:
        return replace(e, located_only=False, stated_returned_at=at) if e.located_only else e
    return replace(e, located_only=True)


def _with_facts(e: Episode, at: datetime, values: Mapping[str, Any]) -> dict[str, tuple[tuple[datetime, Any], ...]]:
    facts = dict(e.facts)
    for name, value in values.items():
        earlier = tuple(entry for entry in facts.get(name, ()) if entry[0] < at)
        facts[name] = (*earlier, (at, value))
    return facts


def _reclassified(e: Episode, h: Happening) -> Episode:
    since = h.data.get("since") or h.at
    limit = h.data.get("absence_limit_at")
    kept = tuple(entry for entry in e.categories if entry[0] < since)
    facts = {**e.facts, **_with_facts(e, since, h.data.get("facts") or {})}
    facts = {**facts, "absence_limit_at": (*facts.get("absence_limit_at", ()), (h.at, limit))} if limit else facts
    return replace(e, categories=(*kept, (since, h.data["category"])), facts=facts)


def _found(e: Episode, h: Happening) -> Episode:
    values = {k: h.data[k] for k in ("wellbeing_established", "located_by") if h.data.get(k) is not None}
    located_only = h.data.get("back_safe") is False
    return replace(
        e,
        found_at=h.data.get("found_at") or h.at,
        stated_returned_at=h.data.get("returned_at"),
        located_only=located_only,
        facts=_with_facts(e, h.at, {**values, **_overtaken(e, safe=not located_only)}),
    )


def _overtaken(e: Episode, *, safe: bool) -> dict[str, bool]:
    """What was said of a safe return before, said anew."""
    return {"safe_return": safe} if "safe_return" in e.facts else {}


def _corrected(e: Episode, h: Happening) -> Episode:
    if "missing_since" in h.data:
        e = _moved_start(e, h.data["missing_since"])
    if "found_at" in h.data:
        e = replace(e, found_at=h.data["found_at"])
        if e.found_at is None:
            e = replace(e, stated_returned_at=None, located_only=False, closed_at=None, reopened=True)
    if "returned_at" in h.data:
        facts = _with_facts(e, h.at, _overtaken(e, safe=True))
        e = replace(e, stated_returned_at=h.data["returned_at"], located_only=False, facts=facts)
    return e


def _moved_start(e: Episode, since: datetime) -> Episode:
    """The first category begins with the episode; later changes keep their own times, those now before the start become the first."""
    first = e.categories[0]
    begun = [category for at, category in e.categories[1:] if at <= since]
    later = tuple(entry for entry in e.categories[1:] if entry[0] > since)
    facts = {n: ((min(since, t[0][0]), t[0][1]), *t[1:]) if t[0][0] == first[0] else t for n, t in e.facts.items()}
    return replace(e, stated_since=since, categories=((since, (begun or [first[1]])[-1]), *later), facts=facts)


def _done(e: Episode, h: Happening) -> Episode:
    entry = Done(
        action=h.data["action"],
        at=h.data.get("done_at") or h.at,
        recorded_at=h.recorded_at,
        keys=tuple((rule, nth) for rule, nth in h.data.get("keys") or ()),
        outcome=h.data.get("outcome"),
        actor=h.actor,
        id=h.id,
        kind=h.kind,
        interviewer=h.data.get("interviewer") or "",
        said_by=h.data.get("declined_by") or "",
    )
    return gathering.over(replace(e, done=(*e.done, entry)), h)


def _acknowledged(e: Episode, h: Happening) -> Episode:
    return replace(e, acks=(*e.acks, Ack(h.data["rule"], h.data["nth"], h.at, h.actor)))


def _waived(e: Episode, h: Happening) -> Episode:
    return replace(e, waived={**e.waived, (h.data["rule"], h.data["nth"]): h.at})


def _extended(e: Episode, h: Happening) -> Episode:
    return replace(e, extended={**e.extended, (h.data["rule"], h.data["nth"]): h.data["until"]})


def _reassigned(e: Episode, h: Happening) -> Episode:
    return replace(e, interviewer=h.data["person"])


def _voided(e: Episode, h: Happening) -> Episode:
    return replace(e, voided_at=h.at)


def _closed(e: Episode, h: Happening) -> Episode:
    closing = Done("episode_close", h.at, h.recorded_at, actor=h.actor, id=h.id)
    return replace(e, closed_at=h.at, done=(*e.done, closing))


def _imported(e: Episode, h: Happening) -> Episode:
    """An episode from before the bot: it counts, and asks nothing of anybody."""
    return replace(_reported(e, h), tracked=False)


_STEPS = {
    "reported": _reported,
    "imported": _imported,
    "set": _set,
    "reclassified": _reclassified,
    "found": _found,
    "corrected": _corrected,
    "completed": _done,
    "decided": _done,
    "interviewed": _done,
    "reassigned": _reassigned,
    "held": _done,
    "acknowledged": _acknowledged,
    "waived": _waived,
    "extended": _extended,
    "voided": _voided,
    "closed": _closed,
    **gathering.STEPS,
}
