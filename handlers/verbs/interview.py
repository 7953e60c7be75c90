"""The return interview, step by step: offered, accepted or declined, held, written up, signed off, shared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers import access, checks, independence, interviews, owed, record
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.errors import NeedsApproval, Refused
from handlers.outgoing import Answer
from handlers.settle import Settled, settle
from handlers.verbs.waive import deciders_over
from policies import words
from policies.interviews import INTERVIEW, OFFER, RECORD, SHARING, SIGNOFF, interview_of
from policies.obligations import Obligation
from policies.worktime import said

STEPS = {
    "offered": (OFFER, None),
    "accepted": (OFFER, "accepted"),
    "declined": (INTERVIEW, "declined"),
    "conducted": (INTERVIEW, "conducted"),
    "recorded": (RECORD, None),
    "signed_off": (SIGNOFF, "approved"),
    "shared": (SHARING, None),
    "not_done": (INTERVIEW, "not_done"),
}
WANT_REASON = frozenset({"declined", "not_done"})
REFUSERS = ("child", "parent_or_carer", "child_and_parent")


@dataclass(frozen=True)
class Interview:
    """One step. `interviewer`: the role who holds it, `choice`: whom the child wants; both checked for independence (TRI-012).

    `covers`: references of the child's other returns that the same conversation was about.
    """

    reference: str
    step: str
    at: datetime | None = None
    reason: str = ""
    interviewer: str | None = None
    choice: str | None = None
    declined_by: str | None = None
    covers: tuple[str, ...] = ()


def interview(command: Interview, desk: Desk, actor: Actor) -> Answer:
    """Record the step. A declined interview wants a reason, and waives it."""
    actor.check("interview")
    case = open_case(desk, command.reference, actor)
    if command.step not in STEPS:
        raise Refused(f"The steps are {', '.join(STEPS)}{words.nearest(command.step, STEPS) or '.'}", field="step")
    independence.records(case, desk, actor, command.step)
    checks.still_counts(case)
    checks.not_in_future(desk, command.at, "Time of the interview", "at")
    reason = checks.reason_given(command.reason) if command.step in WANT_REASON else checks.short_enough(command.reason, "reason")
    role = command.interviewer or next(iter(sorted(actor.roles)), None)
    if command.step == "conducted":
        independence.check(case, desk, role, "interviewer", actor.roles)
    if command.step == "signed_off":
        _may_sign_off(case, desk, actor)
    if command.step == "not_done":
        _may_accept(case, desk, actor)
    if command.declined_by and command.declined_by not in REFUSERS:
        raise Refused(f"Who said no: {', '.join(map(words.label, REFUSERS))}.", field="declined_by")
    before = interviews.declined_before(case, desk, command.declined_by) if command.step == "declined" else ""
    if before:
        return Answer((before,), case.row.reference)
    _chosen(command, case, desk, actor)
    about = (case, *_others(command, case, desk))
    for one in about:
        _write(command, one, desk, actor, {"reason": reason, "interviewer": role})
    asked_before = {o.key for o in owed.arisen(case, desk)}
    return _answer(command, settle(desk, case.reread(desk)), desk, asked_before, len(about))


def _write(command: Interview, case: Case, desk: Desk, actor: Actor, said_of_it: dict[str, Any]) -> None:
    action, outcome = STEPS[command.step]
    o = owed.open_one(case, desk, action, None)
    if o and command.step == "conducted":
        checks.not_before(command.at, o.anchor_at, "Time of the interview", "at", f"the child was back ({case.row.reference})")
    data = {
        "action": action,
        "keys": [list(o.key)] if o else [],
        "outcome": outcome,
        "step": command.step,
        "done_at": command.at or desk.now,
        "declined_by": command.declined_by if command.step == "declined" else None,
        "covers": list(command.covers),
        **said_of_it,
    }
    record.write(desk, actor, "interviewed", data, child=case.row.child_id, episode=case.row.id)


def _chosen(command: Interview, case: Case, desk: Desk, actor: Actor) -> None:
    """The child's choice is a fact, by which the protocol routes the interview (BURY-49, TRI-151)."""
    if not command.choice or command.choice == case.episode.latest("interviewer_choice"):
        return
    if command.choice not in words.roles():
        raise Refused(f"'{command.choice[:40]}' is nobody's role here{words.nearest(command.choice, words.roles()) or '.'}", field="choice")
    independence.check(case, desk, command.choice, "choice")
    facts = {"facts": {"interviewer_choice": command.choice}, "reason": ""}
    record.write(desk, actor, "set", facts, child=case.row.child_id, episode=case.row.id)


def _others(command: Interview, case: Case, desk: Desk) -> list[Case]:
    """The child's other returns that were spoken of as well."""
    if command.covers and command.step != "conducted":
        raise Refused("Only an interview that was held can be about several returns.", field="step")
    free = interviews.waiting(case)
    wrong = next((reference for reference in command.covers if reference not in free), None)
    if wrong:
        raise Refused(f"{wrong[:12]} does not wait for an interview of this child." + (f" These do: {', '.join(free)}." if free else ""))
    rows = [row for row in case.rows if row.reference in command.covers]
    return [case.of(row, desk.pack(row.pack_hash)) for row in rows]


def _may_sign_off(case: Case, desk: Desk, actor: Actor) -> None:
    """Whoever the protocol asks to sign it off, else a manager; never the one who held it (RUT-32)."""
    o = owed.open_one(case, desk, SIGNOFF, None)
    named = {o.owner, *o.duty.co_owners} if o else set()
    if not named & actor.roles and not any(access.group_of(role) in access.DECIDERS for role in actor.roles):
        raise Refused(f"{words.label(o.owner).capitalize() if o else 'A manager'} signs the interview off. Ask them to.", field="step")
    held = [d.actor for d in case.episode.done if d.action == INTERVIEW and d.kind == "interviewed" and d.outcome == "conducted"]
    if actor.id in held:
        raise Refused("You recorded this interview as held; somebody else signs it off.", field="step")


def _may_accept(case: Case, desk: Desk, actor: Actor) -> None:
    """That there was no interview is for a manager to accept, with what was tried (TRI-148)."""
    o = owed.open_one(case, desk, INTERVIEW, None)
    if o is None:
        raise Refused(f"No return interview is open in {case.row.reference}.", field="step")
    if not any(access.group_of(role) in access.DECIDERS for role in actor.roles):
        raise NeedsApproval("A manager accepts why there was no interview. Ask one.", deciders_over(case, o.owner), "step")


def _answer(command: Interview, settled: Settled, desk: Desk, before: set[tuple[str, int]], count: int) -> Answer:
    case = settled.case
    at = command.at or desk.now
    several = f" It is about {count} returns." if count > 1 else ""
    lines = [f"Return interview {'held' if command.step == 'conducted' else words.label(command.step)}, {said(at)}.{several}"]
    if command.step == "conducted":
        of = interview_of(case.episode, settled.derived.obligations)
        late = of is not None and of.in_time is False
        lines.append(
            "It took place after the statutory 72 hours." if late else "What was said stays out of the chat: it goes into the record."
        )
    if command.step in {"offered", "accepted"}:
        lines += _after_a_no(case, settled)
    lines += [w for w in _warnings(case, at) if command.step == "conducted"]
    new = [o for o in settled.derived.open_at(desk.now) if o.key not in before]
    return Answer((*lines, *_asks(new)), case.row.reference)


def _after_a_no(case: Case, settled: Settled) -> list[str]:
    """What was declined asks for nothing any more: whoever offers it again has to think of it themselves."""
    of = interview_of(case.episode, settled.derived.obligations)
    if of is None or of.declined_at is None or of.conducted_at:
        return []
    return [f"The no of {said(of.declined_at)} stands, so nobody is reminded. When the child talks after all, record it as held."]


def _warnings(case: Case, at: datetime) -> list[str]:
    """What does not fit together by the record, said and not refused: somebody looks at it."""
    if case.episode.found_at is None:
        return ["By the record the child is not back yet. Record 'found' as well, or correct the time."]
    names = {row.id: row.reference for row in case.rows}
    away = [e for e in case.child.episodes if e.number > case.episode.number and e.missing_since and e.missing_since <= at]
    gone = [names[e.id] for e in away if e.found_at is None or at < e.found_at]
    return [f"By the record the child was missing again at that time ({', '.join(gone)}). Check both times."] if gone else []


def _asks(new: list[Obligation]) -> list[str]:
    return [f"This now asks for: {'; '.join(f'{o.duty.says} ({words.label(o.owner)})' for o in new)}."] if new else []
