"""I have it: a named person has an obligation in hand; escalation pauses, the due time does not move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers import checks, owed, record
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.fields import PAST, UNSEEN, Built, choice, filled
from handlers.outgoing import Answer, Field
from handlers.settle import settle
from handlers.verbs.complete import Complete, complete
from policies.pack import Pack
from policies.worktime import said


@dataclass(frozen=True)
class Acknowledge:
    """By the pressed obligation, or by its action in words. `phoned_at`: somebody said so on the telephone."""

    reference: str
    action: str | None = None
    obligation: str | None = None
    phoned_at: datetime | None = None


def form(desk: Desk, pack: Pack, case: Case | None) -> Built:
    """What is in hand."""
    return "I have it in hand", "I have it", [choice("action", "What", owed.open_actions(case, desk)), UNSEEN]


def phoned_form(desk: Desk, pack: Pack, case: Case | None) -> Built:
    """Who was reached by telephone, when, about what."""
    fields = [
        choice("action", "About", owed.open_actions(case, desk)),
        Field("on_behalf", "Spoke to", "text", required=True),
        Field("at", "Phoned at", "time", value=filled(desk.now), hint=PAST),
    ]
    return "Phoned", "Record the call", fields


def acknowledge(command: Acknowledge, desk: Desk, actor: Actor) -> Answer:
    """Record who has it in hand. An acknowledgement is never a completion; of whoever is only told, it says that they were."""
    actor.check("acknowledge")
    case = open_case(desk, command.reference, actor)
    o = owed.needed(case, desk, command.action, owed.key_of(desk, case, command.obligation), actor, own_first=True)
    owed.may_touch(case, o, actor)
    checks.not_in_future(desk, command.phoned_at, "Phoned at", "at")
    if owed.is_told(o, actor) and command.phoned_at is None:
        return complete(Complete(command.reference, obligation=_touched(desk, case.row.id, o.key)[0], told=True), desk, actor)
    data = {"action": o.duty.action, "rule": o.duty.id, "nth": o.nth, "phoned_at": command.phoned_at}
    record.write(desk, actor, "acknowledged", data, child=case.row.child_id, episode=case.row.id)
    fresh = case.reread(desk)
    settled = settle(desk, fresh, touched=_touched(desk, case.row.id, o.key))
    by = f" It is due {said(o.due)}." if o.due and o.due > desk.now else " It stays open until it is done."
    return Answer((f"Noted: you have it in hand. {o.duty.says}.{by}",), settled.case.row.reference)


def _touched(desk: Desk, episode: str, key: tuple[str, int]) -> tuple[str, ...]:
    from storage import obligations  # noqa: PLC0415

    return tuple(row.id for row in obligations.of_episode(desk.session, episode) if (row.rule, row.nth) == key)
