"""Done: the action an obligation asks for was done, at a stated time; and told: the one to be told was told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from handlers import checks, owed, record
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.fields import PAST, SEALED, UNSEEN, Built, choice, filled
from handlers.outgoing import Answer, Field
from handlers.settle import settle
from policies import words
from policies.endings import ONE_EPISODE
from policies.obligations import Obligation
from policies.pack import Pack
from policies.worktime import lasting, said


@dataclass(frozen=True)
class Complete:
    """`done_at` None: now. `answers`: fields of the rule's form, sealed. `told`: the recipient says they were told."""

    reference: str
    action: str | None = None
    obligation: str | None = None
    done_at: datetime | None = None
    note: str = ""
    answers: tuple[tuple[str, str], ...] = field(default=())
    told: bool = False


def form(desk: Desk, pack: Pack, case: Case | None) -> Built:
    """What was done, and when."""
    return (
        "Done",
        "Done",
        [
            choice("action", "What was done", owed.open_actions(case, desk)),
            Field("done_at", "Done at", "time", required=True, value=filled(desk.now), hint=PAST),
            Field("note", "Note or reference", "long", hint=SEALED),
            UNSEEN,
        ],
    )


def complete(command: Complete, desk: Desk, actor: Actor) -> Answer:
    """Record it. What is not owed (yet) may be done all the same and counts from its anchor on."""
    actor.check("complete")
    case = open_case(desk, command.reference, actor)
    checks.not_in_future(desk, command.done_at, "Done at", "done_at")
    checks.not_before(command.done_at, case.episode.stated_since, "Done at", "done_at")
    o = _meant(command, case, desk, actor)
    if o:
        owed.may_touch(case, o, actor)
        _told_by_recipient(command, o, actor)
    action = o.duty.action if o else command.action
    data = {
        "action": action,
        "keys": _keys(o, command.done_at or desk.now),
        "done_at": command.done_at or desk.now,
        "note": checks.short_enough(command.note, "note"),
        "answers": dict(command.answers),
        "told": command.told,
    }
    record.write(desk, actor, "completed", data, child=case.row.child_id, episode=case.row.id)
    settle(desk, case.reread(desk))
    return Answer((_said(o, action or "", command.done_at or desk.now),), case.row.reference)


def _keys(o: Obligation | None, done_at: datetime) -> list[list[object]]:
    """What it was recorded for; a meeting meets everything that asked for it, so it is recorded for its action."""
    if o is None or (words.actions()[o.duty.action] == "meeting" and o.duty.action not in ONE_EPISODE and done_at >= o.anchor_at):
        return []
    return [list(o.key)]


def _meant(command: Complete, case: Case, desk: Desk, actor: Actor) -> Obligation | None:
    key = owed.key_of(desk, case, command.obligation)
    if key or command.action is None:
        return owed.needed(case, desk, command.action, key, actor)
    found = owed.open_one(case, desk, command.action, None, actor, own_first=command.told)
    if found is None and all(o.duty.action != command.action for o in case.derived(desk).obligations):
        return owed.needed(case, desk, command.action, None, actor)
    return found


def _told_by_recipient(command: Complete, o: Obligation, actor: Actor) -> None:
    """The recipient's word meets a duty to tell, unless it is wanted in writing (DESIGN section 5)."""
    if command.told and o.duty.in_writing:
        raise Refused(f"{o.duty.says}: this is wanted in writing, so {words.label(o.owner)} marks it done.")
    if command.told and words.actions()[o.duty.action] != "notification":
        raise Refused(f"{o.duty.says}: being told of it does not do it. The {words.label(o.owner)} marks it done.")
    if command.told and not set(o.tell) & actor.roles:
        raise Refused(f"Only the one who is to be told can say so: {', '.join(words.label(r) for r in o.tell)}.")


def _said(o: Obligation | None, action: str, at: datetime) -> str:
    if o is None:
        return f"Recorded: {words.label(action)}, {said(at)}."
    late = f", {lasting(at - o.due)} late" if o.due and at > o.due else ""
    return f"Done: {o.duty.says}, {said(at)}{late}."
