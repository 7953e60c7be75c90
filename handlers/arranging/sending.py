"""The forms of meetings sent in, as the commands they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from handlers import checks, owed, record
from handlers.arranging import forms
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.gathering.attendance import gathering
from handlers.gathering.proposal import proposed
from handlers.gathering.typed import agencies_in, agreed_in, roles_in
from handlers.outgoing import Answer, Form
from handlers.sent_in import Values
from handlers.settle import settle
from handlers.verbs.call_off import Cancel, Invite, cancel, invite
from handlers.verbs.complete import Complete, complete
from handlers.verbs.meet import Meet, meet
from handlers.verbs.meeting import Schedule, schedule
from handlers.verbs.respond import Respond, respond
from policies import words
from policies.worktime import said

Context = Mapping[str, str]
Send = Callable[[Values, Context, Desk, Actor], "Answer | Form"]
FEEDBACK = "meeting_outcome_feedback"


def _action(v: Values, context: Context) -> str:
    return context.get("meeting") or v.needed("meeting")


def _meeting(v: Values, context: Context, desk: Desk, who: Actor) -> Answer | Form:
    case = open_case(desk, context["reference"], who)
    if not context.get("meeting"):
        return forms.form("meeting", desk, who, case, {"meeting": v.needed("meeting")})
    action = context["meeting"]
    starts = _ahead(v, "starts")
    if starts is None:
        raise Refused("Say when.", field="starts")
    command = Schedule(
        context["reference"],
        action,
        starts,
        v.text("chair") or None,
        v.text("place"),
        v.text("agenda"),
        _required(v, case, desk, action),
        roles_in(v.text("also"), desk, "also"),
        v.text("reason"),
    )
    return schedule(command, desk, who)


def _ahead(v: Values, field: str) -> datetime | None:
    return v.time(field, ahead=True)


def _required(v: Values, case: Case, desk: Desk, action: str) -> tuple[str, ...] | None:
    """None when nothing was changed of what the protocol asks."""
    typed = agencies_in(v.text("required"), "required")
    before = proposed(desk, case, action).required
    return None if set(typed) == set(before) and case.episode.fixed(action) is None else typed


def _held(v: Values, context: Context, desk: Desk, who: Actor) -> Answer:
    case, action = open_case(desk, context["reference"], who), _action(v, context)
    found = gathering(desk, case, action)
    agreed = agreed_in(v.text("agreed"), desk, found.obligation.attendees if found else (), "agreed")
    command = Meet(
        context["reference"],
        action,
        _was_held(v),
        v.time("held_at"),
        v.text("reason"),
        v.text("note"),
        agencies_in(v.text("came"), "came"),
        tuple(agreed),
        _ahead(v, "next_at"),
    )
    return meet(command, desk, who)


def _was_held(v: Values) -> bool:
    held = v.yes("held") if v.needed("held") else None
    if held is None:
        raise Refused("Say whether it was held: yes or no. If nobody knows, ask who chaired it, and record it then.", field="held")
    return held


def _respond(v: Values, context: Context, desk: Desk, who: Actor) -> Answer:
    given, action = v.needed("answer"), _action(v, context)
    reason = v.needed("reason") if given == "declined" else v.text("reason")
    to = v.needed("to") if given == "delegated" else v.text("to")
    agency = v.text("agency") or _own(desk, who, context["reference"], action)
    return respond(Respond(context["reference"], action, agency, given, reason, to or None), desk, who)


def _own(desk: Desk, who: Actor, reference: str, action: str) -> str:
    """Somebody of the council whose own agency is not invited says for whom the answer is."""
    found = gathering(desk, open_case(desk, reference, who), action)
    listed = {s.agency for s in found.standings} if found else set()
    if found and who.person.agency not in listed and not who.roles & {r for s in found.standings for r in s.roles} and owed.is_staff(who):
        raise Refused("Say for which agency this is.", field="agency")
    return who.person.agency


def _call_off(v: Values, context: Context, desk: Desk, who: Actor) -> Answer:
    return cancel(Cancel(context["reference"], _action(v, context), v.needed("reason")), desk, who)


def _find_another(v: Values, context: Context, desk: Desk, who: Actor) -> Answer:
    roles = roles_in(v.needed("who"), desk, "who")
    answers = [invite(Invite(context["reference"], _action(v, context), role), desk, who) for role in roles]
    return answers[-1]


def _feedback(v: Values, context: Context, desk: Desk, who: Actor) -> Answer:
    told = {name: v.yes(f"told_{name}") for name, _ in forms.TOLD}
    missed = [words.label(name) for name, yes in told.items() if not yes]
    if len(missed) == len(told):
        raise Refused("Say who was told: somebody has to be, or this stays open.", field=f"told_{forms.TOLD[0][0]}")
    reason = v.text("reason")
    if missed and not reason:
        raise Refused(f"Say why {', '.join(missed)} could not be told yet.", field="reason")
    answers = tuple((f"told_{name}", {True: "yes", False: "no", None: "not known"}[yes]) for name, yes in told.items())
    case = open_case(desk, context["reference"], who)
    if owed.open_one(case, desk, FEEDBACK, None):
        return complete(Complete(context["reference"], FEEDBACK, None, v.time("done_at"), reason, answers), desk, who)
    return _fed_back(case, v.time("done_at"), reason, answers, desk, who)


def _fed_back(case: Case, at: datetime | None, reason: str, answers: tuple[tuple[str, str], ...], desk: Desk, who: Actor) -> Answer:
    """Where the protocol asks nobody to, it is kept all the same."""
    who.check("complete")
    checks.not_in_future(desk, at, "Done at", "done_at")
    checks.still_counts(case)
    note = checks.short_enough(reason, "reason")
    data = {"action": FEEDBACK, "keys": [], "done_at": at or desk.now, "note": note, "answers": dict(answers)}
    record.write(desk, who, "completed", data, child=case.row.child_id, episode=case.row.id)
    settle(desk, case.reread(desk))
    return Answer((f"Recorded: {words.label(FEEDBACK)}, {said(at or desk.now)}.",), case.row.reference)


SEND: dict[str, Send] = {
    "meeting": _meeting,
    "meeting_kind": _meeting,
    "held": _held,
    "respond": _respond,
    "call_off": _call_off,
    "find_another": _find_another,
    "feedback": _feedback,
}
