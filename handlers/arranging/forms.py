"""The forms of meetings: which there are, and those that ask what came of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers import owed
from handlers.arranging.fixing import meeting_form, named
from handlers.arranging.kinds import Built, Context, kind_form, titled, which
from handlers.case import Case
from handlers.desk import Actor, Desk
from handlers.fields import AHEAD, PAST, SEALED, UNSEEN, YES_OR_NO, filled
from handlers.gathering.attendance import gathering, name_of, own
from handlers.gathering.proposal import kinds
from handlers.outgoing import Field, Form
from policies import words
from policies.answers import COME
from storage.ids import new_id

AGREED = f"Who; what; by when, like 'police; check the phone; Fri 17:00'. {SEALED}"
ANSWERS = (("accepted", "We come"), ("tentative", "Perhaps"), ("declined", "We cannot come"), ("delegated", "Somebody else comes"))
TO = Field("to", "Who comes instead", "text", hint="Their name or role, and how to reach them. Kept sealed.")


def form(name: str, desk: Desk, actor: Actor, case: Case, context: Context) -> Form:
    """A form ready to open. `context["meeting"]` is the kind, when it is known; without it the form asks."""
    if name in ARRANGES and context.get("meeting"):
        owed.may_arrange(case, desk, context["meeting"], actor)  # the form shows place and agenda
    title, submit, fields, note = FORMS[name](desk, actor, case, context)
    given = {"nonce": new_id(), "reference": case.row.reference, **context}
    return Form(name, title, tuple(fields), submit, tuple(given.items()), note)


def _held(desk: Desk, actor: Actor, case: Case, context: Context) -> Built:
    found = gathering(desk, case, context["meeting"]) if context.get("meeting") else None
    came = [words.label(s.agency) for s in found.standings if s.answer and s.answer.answer in COME] if found else []
    now = filled(desk.now)
    starts = found.obligation.meets_at if found else None
    fields = [
        *which(desk, actor, case, context),
        Field("held", "Was it held?", "choice", YES_OR_NO, required=True, value="yes"),
        Field(
            "held_at",
            "When",
            "time",
            value=filled(starts) if starts and starts <= desk.now else now,
            hint=PAST,
        ),
        Field("reason", "If not, why", "long"),
        Field("came", "Which agencies came", "text", value=", ".join(came), hint="With commas between them"),
        Field("note", "Outcome", "long", hint=SEALED),
        Field("agreed", "What was agreed, one a line", "long", hint=AGREED),
        Field("next_at", "When is the next one", "time", hint=AHEAD),
        UNSEEN,
    ]
    return titled("Held or not", context), "Record", fields, ""


def _call_off(desk: Desk, actor: Actor, case: Case, context: Context) -> Built:
    why = Field("reason", "Why", "long", required=True, hint="Kept sealed; everybody invited hears that it is off")
    return titled("Call off", context), "Call off", [*which(desk, actor, case, context), why, UNSEEN], ""


def _find_another(desk: Desk, actor: Actor, case: Case, context: Context) -> Built:
    found = gathering(desk, case, context["meeting"]) if context.get("meeting") else None
    missing = ", ".join(words.label(s.agency) for s in found.standings if s.missing) if found else ""
    who = Field("who", "Who else is invited", "text", required=True, hint="A role, or the name of somebody known here")
    note = f"Not coming, or silent: {missing}." if missing else ""
    return titled("Find another", context), "Invite", [*which(desk, actor, case, context), who], note


def _respond(desk: Desk, actor: Actor, case: Case, context: Context) -> Built:
    fields = which(desk, actor, case, context)
    if owed.is_staff(actor):
        kinds_of = [context["meeting"]] if context.get("meeting") else kinds(desk, case, actor)
        agencies = dict.fromkeys(s.agency for kind in kinds_of if (g := gathering(desk, case, kind)) for s in g.standings)
        options = tuple((a, named(desk, a)) for a in agencies)
        hint = "Leave empty to answer for your own"
        fields.append(Field("agency", "For which agency", "choice", options, value=context.get("agency", ""), hint=hint))
    fields += [
        Field("answer", "Answer", "choice", ANSWERS, required=True, value=context.get("answer", "")),
        Field("reason", "If not, why", "long", hint="Kept sealed; the channel sees that you declined"),
        replace(TO, value=_named(desk, actor, case, context)),
    ]
    return titled("Answer an invitation", context), "Answer", fields, context.get("aside", "")


def _named(desk: Desk, actor: Actor, case: Case, context: Context) -> str:
    """Who was named to come instead, for those whose answer it is, so that a change does not lose it."""
    found = gathering(desk, case, context["meeting"]) if context.get("answer") == "delegated" else None
    theirs = [s for s in found.standings if owed.is_staff(actor) or s is own(actor, found.standings)] if found else []
    answer = next((s.answer for s in theirs if s.answer and s.agency == context.get("agency")), None)
    named = answer.to if answer else ""
    return name_of(desk, named[1:]) if named.startswith("@") else named


def _feedback(desk: Desk, actor: Actor, case: Case, context: Context) -> Built:
    fields = [Field(f"told_{who}", f"Has the outcome been told to the {label}?", "yesno") for who, label in TOLD]
    fields += [
        Field("done_at", "When", "time", value=filled(desk.now), hint=PAST),
        Field("reason", "If somebody was not told, why", "long", hint=SEALED),
        UNSEEN,
    ]
    return "Feedback", "Record", fields, "What a meeting came to is told to the child, the carers and the parents."


ARRANGES = frozenset({"meeting", "held", "call_off", "find_another"})
TOLD = (("child", "child"), ("carers", "carers"), ("parents", "parents"))
FORMS: dict[str, Callable[[Desk, Actor, Case, Context], Built]] = {
    "meeting": meeting_form,
    "meeting_kind": kind_form,
    "held": _held,
    "call_off": _call_off,
    "find_another": _find_another,
    "respond": _respond,
    "feedback": _feedback,
}
