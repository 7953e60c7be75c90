"""What a meeting was fixed for: of several duties one speaks for it, the same one wherever the meeting is named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from policies.meeting import Meeting
from policies.obligations import Obligation

_LAST = datetime.max.replace(tzinfo=UTC)


def soonest(o: Obligation) -> tuple[datetime, datetime]:
    """By which the one that speaks for the others is chosen: what falls due first, then what arose first."""
    return o.due or _LAST, o.arises_at


def behind(obligations: Iterable[Obligation], meeting: Meeting) -> list[Obligation]:
    """What it was fixed for, the one that speaks for it first; of one that is over, what it has met."""
    fixed = meeting.state == "fixed"
    of_it = (o for o in obligations if o.duty.action == meeting.action and o.status in {"open", "met"})
    mine = [o for o in of_it if (o.status == "open" and o.meeting and o.meeting.id == meeting.id if fixed else o.status == "met")]
    return sorted(mine, key=soonest)


def once(obligations: Sequence[Obligation], now: datetime) -> list[Obligation]:
    """Everything, but each meeting that is fixed under one duty alone, with the clauses of all that ask for it by now."""
    by_meeting: dict[str, list[Obligation]] = {}
    for o in obligations:
        if o.meeting and o.status == "open" and o.arises_at <= now:
            by_meeting.setdefault(o.meeting.id, []).append(o)
    several = {meeting: sorted(found, key=soonest) for meeting, found in by_meeting.items() if len(found) > 1}
    if not several:
        return list(obligations)
    spoken_for = {o.key: _citing(found) if o is found[0] else None for found in several.values() for o in found}
    return [kept for o in obligations if (kept := spoken_for.get(o.key, o))]


def _citing(found: Sequence[Obligation]) -> Obligation:
    clauses = tuple(dict.fromkeys(clause for o in found for clause in o.duty.clauses))
    return found[0]._replace(duty=found[0].duty.model_copy(update={"clauses": clauses, "house": not clauses}))
