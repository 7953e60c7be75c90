"""A meeting was held, with who came and what was agreed, or was not held and why; and the next one is fixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers import checks, owed, record
from handlers.case import Case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.outgoing import Answer
from handlers.settle import settle
from handlers.verbs.meeting import Schedule, about, schedule
from policies import words
from policies.answers import is_meeting
from policies.worktime import said


@dataclass(frozen=True)
class Meet:
    """Held at a time, or not held and why. `came`: agencies; `agreed`: owner, what, due of each action; `next_at`: the next one."""

    reference: str
    meeting: str
    held: bool = True
    held_at: datetime | None = None
    reason: str = ""
    note: str = ""
    came: tuple[str, ...] | None = None
    agreed: tuple[Mapping[str, Any], ...] = ()
    next_at: datetime | None = None


def meet(command: Meet, desk: Desk, actor: Actor) -> Answer:
    """Record that it was held (which meets every obligation that asked for it), or that it was not."""
    actor.check("meeting")
    case, meeting = about(desk, command.reference, actor, command.meeting)
    if owed.open_one(case, desk, meeting, None):
        owed.may_arrange(case, desk, meeting, actor)
    held_at = command.held_at or desk.now
    checks.not_in_future(desk, held_at, "Held at", "held_at")
    checks.not_before(held_at, case.episode.stated_since, "Held at", "held_at")
    data = {
        "action": meeting,
        "done_at": held_at,
        "reason": checks.short_enough(command.reason, "reason") if command.held else checks.reason_given(command.reason),
        "note": checks.short_enough(command.note, "note"),
    }
    if command.held:
        data |= {"came": list(command.came or ()), "agreed": [dict(a) for a in command.agreed]}
    record.write(desk, actor, "held" if command.held else "not_held", data, child=case.row.child_id, episode=case.row.id)
    before = {o.key for o in owed.arisen(case, desk)}
    settled = settle(desk, case.reread(desk), touched=owed.rows_of(desk, case, meeting))
    what = f"held {said(held_at)}" if command.held else "not held; it stays owed"
    lines = [f"{words.label(meeting).capitalize()}: {what}."]
    new = [o for o in settled.derived.open_at(desk.now) if o.key not in before]
    lines += [f"Now owed: {'; '.join(f'{o.duty.says} ({words.label(o.owner)})' for o in new)}."] if new and command.held else []
    if command.held:
        typed = f"feedback {case.row.reference}"
        lines.append(
            "When the child, the carers and the parents have heard what it came to, "
            f"type '/missing {typed}', or '@Homeward {typed}' on Teams."
        )
    lines += _next(command, settled.case, desk, actor)
    return Answer(tuple(lines), case.row.reference)


def _next(command: Meet, case: Case, desk: Desk, actor: Actor) -> list[str]:
    """The next one of the series is fixed in the same breath."""
    if command.next_at is None:
        return []
    try:
        answer = schedule(Schedule(command.reference, next_kind(case, desk, command.meeting), command.next_at), desk, actor)
    except Refused as refused:
        raise Refused(str(refused), field="next_at") from None
    return list(answer.lines)


def next_kind(case: Case, desk: Desk, meeting: str) -> str:
    """What follows a meeting: another of its kind if one is owed, else what the protocol counts from it, else the same again."""
    still = [o for o in owed.arisen(case, desk) if o.status == "open" and is_meeting(o.duty.action)]
    if any(o.duty.action == meeting for o in still):
        return meeting
    counted = [o.duty.action for o in still if o.duty.repeat and meeting in o.duty.repeat.of]
    return counted[0] if counted else meeting
