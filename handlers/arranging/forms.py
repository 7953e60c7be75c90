"""The forms of meetings, filled with what the protocol proposes and what is known already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from handlers import access, owed
from handlers.case import Case
from handlers.desk import Actor, Desk
from handlers.fields import AHEAD, PAST, SEALED, UNSEEN, filled
from handlers.gathering.attendance import gathering, name_of, own
from handlers.gathering.proposal import Proposal, kinds, proposed
from handlers.outgoing import Field, Form
from policies import words
from policies.answers import COME
from policies.arranged import FIXED
from policies.worktime import lasting, said
from storage.ids import new_id

AGREED = f"Who; what; by when, like 'police; check the phone; Fri 17:00'. {SEALED}"
ANSWERS = (("accepted", "We come"), ("tentative", "Perhaps"), ("declined", "We cannot come"), ("delegated", "Somebody else comes"))
TO = Field("to", "Who comes instead", "text", hint="Their name or role, and how to reach them. Kept sealed.")
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

Context = Mapping[str, str]
Built = tuple[str, str, list[Field], str]


def form(name: str, desk: Desk, actor: Actor, case: Case, context: Context) -> Form:
    """A form ready to open. `context["meeting"]` is the kind, when it is known; without it the form asks."""
    if name in ARRANGES and context.get("meeting"):
        owed.may_arrange(case, desk, context["meeting"], actor)  # the form shows place and agenda
    title, submit, fields, note = FORMS[name](desk, actor, case, context)
    given = {"nonce": new_id(), "reference": case.row.reference, **context}
    return Form(name, title, tuple(fields), submit, tuple(given.items()), note)


def _which(desk: Desk, actor: Actor, case: Case, context: Context, *, every: bool = False) -> list[Field]:
    """The question which meeting it is, unless that is known."""
    if context.get("meeting"):
        return []
    options = tuple((kind, _with_when(kind, desk, case)) for kind in kinds(desk, case, actor, every=every))
    return [Field("meeting", "Meeting", "choice", options, required=True, value=options[0][0] if len(options) == 1 else "")]


def _with_when(kind: str, desk: Desk, case: Case) -> str:
    """A kind of meeting, and when it is or has to be."""
    o = owed.open_one(case, desk, kind, None)
    if o is None:
        return words.label(kind)
    if o.meets_at:
        return f"{words.label(kind)}, fixed for {said(o.meets_at)}"
    return f"{words.label(kind)}, {'to be held' if o.due is None else 'was due' if o.due < desk.now else 'due'}" + (
        f" {said(o.due)}" if o.due else ""
    )


def _title(text: str, context: Context) -> str:
    return f"{text}: {words.label(context['meeting'])}" if context.get("meeting") else text


def _kind(desk: Desk, actor: Actor, case: Case, context: Context) -> Built:
    return "Fix a meeting", "Go on", _which(desk, actor, case, context, every=True), ""


def _meeting(desk: Desk, actor: Actor, case: Case, context: Context) -> Built:
    if not context.get("meeting"):
        return _kind(desk, actor, case, context)
    p = proposed(desk, case, context["meeting"])
    starts = filled(p.fixed.starts) if p.fixed else context.get("starts", "")
    needed = ", ".join(words.label(a) for a in p.required)
    also = ", ".join(_label(desk, who) for who in p.fixed.also) if p.fixed else ""
    fields = [
        Field("starts", "When", "time", required=True, value=starts, hint=AHEAD),
        Field("place", "Place or link", "text", value=p.fixed.place if p.fixed else "", hint="Kept sealed; those invited can read it"),
        Field("chair", "Chair", "choice", _chairs(p), value=p.chair or "", hint=_by_number(p)),
        Field("required", "Agencies that must come", "text", value=needed, hint="With commas between them"),
        Field("also", "Invite as well", "text", value=also, hint="Roles or names, with commas between them"),
        Field("agenda", "Agenda", "long", value=(p.fixed.agenda if p.fixed else "") or "\n".join(p.agenda), hint=SEALED),
        *([Field("reason", "Why, if it is past its due time", "long", hint=SEALED)] if (limit := _limit(p)) and limit > desk.now else []),
        UNSEEN,
    ]
    return _title("Another time" if p.fixed else "Fix a time", context), "Move" if p.fixed else "Fix", fields, _invited(desk, case, p)


def _limit(p: Proposal) -> datetime | None:
    """By when the protocol wants it held; None for one that nothing but its own time limits."""
    return p.obligation.due if p.obligation and not p.obligation.duty.id.startswith(FIXED) else None


def _chairs(p: Proposal) -> tuple[tuple[str, str], ...]:
    mine = {"social_worker", *([p.chair] if p.chair else [])}
    roles = {role for role in words.roles() if access.group_of(role) in {"manager", "senior", "coordinator"}}
    return tuple((role, words.label(role)) for role in sorted(mine | roles, key=words.label))


def _by_number(p: Proposal) -> str:
    """Whom the protocol names, and by which number the meeting is."""
    which = ORDINALS[p.number - 1] if p.number <= len(ORDINALS) else f"{p.number}th"
    by = f"The protocol names the {words.label(p.chair)}" if p.chair else "The protocol names nobody"
    return f"{by}; this is the {which} of its kind about this child."


def _invited(desk: Desk, case: Case, p: Proposal) -> str:
    """Who is invited whatever is typed, and by when it is to be held."""
    cited = f" ({', '.join(p.clauses)})" if p.clauses else ""
    listed = ", ".join(words.label(role) for role in p.attendees)
    who = f"Invited by the protocol{cited}: {listed}." if listed else "The protocol names nobody to invite: say who should come."
    due = _wanted(limit, desk.now) if (limit := _limit(p)) else ""
    again = f" It is fixed for {said(p.fixed.starts)}; with another time everybody is asked again." if p.fixed else ""
    return who + due + again


def _wanted(limit: datetime, now: datetime) -> str:
    return f" To be held by {said(limit)}." if limit > now else f" It was to be held by {said(limit)}, {lasting(now - limit)} ago."


def _label(desk: Desk, who: str) -> str:
    person = desk.directory.person(who[1:]) if who.startswith("@") else None
    return person.name if person else words.label(who)


def _held(desk: Desk, actor: Actor, case: Case, context: Context) -> Built:
    found = gathering(desk, case, context["meeting"]) if context.get("meeting") else None
    came = [words.label(s.agency) for s in found.standings if s.answer and s.answer.answer in COME] if found else []
    now = filled(desk.now)
    starts = found.obligation.meets_at if found else None
    fields = [
        *_which(desk, actor, case, context),
        Field("held", "Was it held?", "yesno", value="yes", required=True),
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
    return _title("Held or not", context), "Record", fields, ""


def _call_off(desk: Desk, actor: Actor, case: Case, context: Context) -> Built:
    why = Field("reason", "Why", "long", required=True, hint="Kept sealed; everybody invited hears that it is off")
    return _title("Call off", context), "Call off", [*_which(desk, actor, case, context), why, UNSEEN], ""


def _find_another(desk: Desk, actor: Actor, case: Case, context: Context) -> Built:
    found = gathering(desk, case, context["meeting"]) if context.get("meeting") else None
    missing = ", ".join(words.label(s.agency) for s in found.standings if s.missing) if found else ""
    who = Field("who", "Who else is invited", "text", required=True, hint="A role, or the name of somebody known here")
    note = f"Not coming, or silent: {missing}." if missing else ""
    return _title("Find another", context), "Invite", [*_which(desk, actor, case, context), who], note


def _respond(desk: Desk, actor: Actor, case: Case, context: Context) -> Built:
    fields = _which(desk, actor, case, context)
    if owed.is_staff(actor):
        kinds_of = [context["meeting"]] if context.get("meeting") else kinds(desk, case, actor)
        agencies = dict.fromkeys(s.agency for kind in kinds_of if (g := gathering(desk, case, kind)) for s in g.standings)
        options = tuple((a, _label(desk, a)) for a in agencies)
        hint = "Leave empty to answer for your own"
        fields.append(Field("agency", "For which agency", "choice", options, value=context.get("agency", ""), hint=hint))
    fields += [
        Field("answer", "Answer", "choice", ANSWERS, required=True, value=context.get("answer", "")),
        Field("reason", "If not, why", "long", hint="Kept sealed; the channel sees that you declined"),
        replace(TO, value=_named(desk, actor, case, context)),
    ]
    return _title("Answer an invitation", context), "Answer", fields, context.get("aside", "")


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
    "meeting": _meeting,
    "meeting_kind": _kind,
    "held": _held,
    "call_off": _call_off,
    "find_another": _find_another,
    "respond": _respond,
    "feedback": _feedback,
}
