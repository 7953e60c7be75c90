"""The forms: fields by verb, filled with what is known; unknown is always an answer."""

from __future__ import annotations

from dataclasses import replace

from handlers import deciding, interviewing
from handlers.arranging import forms as arranging
from handlers.case import Case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.fields import PAST, SEALED, UNSEEN, Built, choice, filled
from handlers.invitations import decline_form, delegate_form
from handlers.outgoing import Field, Form
from handlers.owed import arisen, concerns
from handlers.verbs import allocate, glass, merge, restrict, share
from handlers.verbs.undo import undoable
from policies import words
from policies.pack import Pack
from storage.ids import new_id
from storage.obligations import ObligationRow

RISKS = ("no_apparent_risk", "low", "medium", "high")


def blank(form: str, desk: Desk, actor: Actor, case: Case | None, context: dict[str, str] | None = None) -> Form:
    """A form ready to open. `context` comes back when it is sent; a nonce in it stops a second sending."""
    if form in arranging.FORMS and case:
        return arranging.form(form, desk, actor, case, context or {})
    pack = case.pack if case else desk.pack_in_force(desk.authority(actor.authority))[1]
    title, submit, built = deciding.built(desk, pack, case, context or {}) if form == "decide" else _BUILD[form](desk, pack, case)
    fields = [_theirs(field, desk, case, actor) for field in built] if case else built
    about = {"reference": case.row.reference} if case else {"authority": actor.authority}
    given = {"nonce": new_id(), **about, **(context or {})}
    note = "This does not call the police. If a child is in danger now, ring 999." if form == "report" else ""
    if case and form.startswith("interview"):
        note = interviewing.notes(desk, case)
    return Form(form, title, tuple(fields), submit, tuple(given.items()), note)


def known(form: str) -> bool:
    """Whether there is such a form."""
    return form in _BUILD or form in arranging.FORMS


def needed(case: Case | None) -> Case:
    """The case of a form that is about one. Raises Refused where none is given."""
    if case is None:
        raise Refused("Which episode? Type it like 'interview HW-7F3K'. 'list' shows those that are open.")
    return case


def _theirs(field: Field, desk: Desk, case: Case, actor: Actor) -> Field:
    """Choices of duties are those that are the actor's business."""
    if field.id not in {"action", "meeting", "decision"}:
        return field
    mine = {o.duty.action for o in arisen(case, desk) if concerns(o, actor)}
    return replace(field, options=tuple(option for option in field.options if option[0] in mine))


def _report(_desk: Desk, pack: Pack, _case: Case | None) -> Built:
    statuses = tuple(words.vocabulary()["care_statuses"])
    asked = [Field(f, words.label(f).capitalize() + "?", "yesno") for f in pack.intake.asks if words.facts()[f].type == "bool"]
    return (
        "Report a child missing",
        "Report",
        [
            choice("category", "Category", tuple(pack.categories), pack.intake.default_category),
            Field("missing_since", "Missing since", "time", hint=f"{PAST} Leave empty if nobody knows."),
            choice("risk_level", "Risk", RISKS, pack.intake.default_risk, required=False),
            choice("care_status", "Care status", statuses, required=False, hint="Leave empty if not known"),
            Field("case_reference", "Case reference", "text", hint="From the case system, if known"),
            Field("initials", "Initials", "text"),
            Field("surname", "Surname", "text", hint=SEALED),
            Field("date_of_birth", "Date of birth", "date", hint=SEALED),
            Field("police_told", "Have the police been told?", "yesno"),
            Field("police_reference", "Police reference", "text"),
            *asked,
            *(Field(f"check:{c.id}", c.ask, "yesno") for c in pack.intake.checks),
            Field("relatives", "Relatives who work here", "text", hint=f"Their names. It is restricted then. {SEALED}"),
            Field("narrative", "What happened, as far as you know", "long", hint=SEALED),
            UNSEEN,
        ],
    )


def _found(desk: Desk, _pack: Pack, _case: Case | None) -> Built:
    return (
        "Found",
        "Record found",
        [
            Field("found_at", "Found at", "time", required=True, value=filled(desk.now), hint=PAST),
            Field("back_safe", "Back at a safe place?", "yesno", value="yes"),
            Field("returned_at", "Back since, if later", "time", hint=PAST),
            Field("wellbeing", "Wellbeing established?", "yesno"),
            Field("seen_by", "Seen by", "text", hint="Role or agency"),
            Field("note", "Note", "long", hint=SEALED),
            UNSEEN,
        ],
    )


def _owed(desk: Desk, case: Case | None) -> tuple[str, ...]:
    """Actions open in this episode, those that fall due first in front."""
    if case is None:
        return ()
    open_now = [o for o in arisen(case, desk) if o.status == "open"]
    open_now.sort(key=lambda o: (o.due is None, o.due or desk.now))
    return tuple(dict.fromkeys(o.duty.action for o in open_now))


def _acknowledge(desk: Desk, _pack: Pack, case: Case | None) -> Built:
    return "I have it in hand", "I have it", [choice("action", "What", _owed(desk, case)), UNSEEN]


def _phoned(desk: Desk, _pack: Pack, case: Case | None) -> Built:
    fields = [
        choice("action", "About", _owed(desk, case)),
        Field("on_behalf", "Spoke to", "text", required=True),
        Field("at", "Phoned at", "time", value=filled(desk.now), hint=PAST),
    ]
    return "Phoned", "Record the call", fields


def _complete(desk: Desk, _pack: Pack, case: Case | None) -> Built:
    return (
        "Done",
        "Done",
        [
            choice("action", "What was done", _owed(desk, case)),
            Field("done_at", "Done at", "time", required=True, value=filled(desk.now), hint=PAST),
            Field("note", "Note or reference", "long", hint=SEALED),
            UNSEEN,
        ],
    )


def _note(_desk: Desk, _pack: Pack, _case: Case | None) -> Built:
    return "Note", "Keep the note", [Field("text", "Note", "long", required=True, hint=SEALED), UNSEEN]


def _risk(_desk: Desk, _pack: Pack, case: Case | None) -> Built:
    now = str(case.row.risk_level or "") if case else ""
    return "Risk", "Set the risk", [choice("risk_level", "Risk", RISKS, now), Field("reason", "Why", "long")]


def _correct(desk: Desk, _pack: Pack, case: Case | None) -> Built:
    times = [(n, getattr(case.episode, n) if case else None) for n in ("missing_since", "found_at", "returned_at")]
    fields = [Field(n, words.label(n).capitalize(), "time", value=filled(t) if t else "", hint=PAST) for n, t in times]
    return "Correct a time", "Correct", [*fields, Field("reason", "Why", "long")]


def _reopen(_desk: Desk, _pack: Pack, _case: Case | None) -> Built:
    return "Not found after all", "Reopen", [Field("reason", "Why", "long", required=True)]


def _undo(desk: Desk, _pack: Pack, case: Case | None) -> Built:
    what = tuple(undoable(case)) if case else ()
    return "Take back", "Take back", [choice("what", "What", what), Field("reason", "Why", "long", hint="Needed for all but found")]


def _reclassify(_desk: Desk, pack: Pack, case: Case | None) -> Built:
    now = case.row.category if case else ""
    fields = [
        choice("category", "Category", tuple(pack.categories), now),
        Field("since", "Since, if not from now", "time", hint=PAST),
        Field("absence_limit_at", "Absence agreed until", "time", hint="Only for an agreed absence"),
        Field("reason", "Why", "long"),
    ]
    return "Another category", "Change", fields


def _waive(desk: Desk, _pack: Pack, case: Case | None) -> Built:
    return "Waive", "Waive", [choice("action", "What", _owed(desk, case)), Field("reason", "Why", "long", required=True)]


def _extend(desk: Desk, _pack: Pack, case: Case | None) -> Built:
    fields = [
        choice("action", "What", _owed(desk, case)),
        Field("until", "Until", "time", required=True, hint="Like tomorrow 12:00 or 3 Feb 12:00"),
        Field("reason", "Why", "long", required=True),
    ]
    return "More time", "Extend", fields


def _reason(title: str, submit: str) -> Built:
    return title, submit, [Field("reason", "Why", "long")]


def _more(_desk: Desk, _pack: Pack, _case: Case | None) -> Built:
    verbs = (
        "correct",
        "reclassify",
        "complete",
        "acknowledge",
        "meeting",
        "held",
        "call_off",
        "feedback",
        "interview",
        "decide",
        "waive",
        "extend",
        "undo",
        "reopen",
        "close",
        "void",
    )
    return "More", "Go on", [choice("form", "What would you like to do?", verbs)]


_BUILD = {
    "allocate": allocate.form,
    "merge": merge.form,
    "share": share.form,
    "restrict": restrict.form,
    "unrestrict": lambda *_: _reason("Open it to everybody", "Open"),
    "permit": restrict.permit_form,
    "review": glass.review_form,
    "report": _report,
    "found": _found,
    "acknowledge": _acknowledge,
    "phoned": _phoned,
    "complete": _complete,
    "note": _note,
    "risk": _risk,
    "correct": _correct,
    "reopen": _reopen,
    "undo": _undo,
    "reclassify": _reclassify,
    "waive": _waive,
    "extend": _extend,
    "interview": lambda desk, _pack, _case: interviewing.whole(desk),
    "interview_offered": lambda desk, _pack, case: interviewing.offered(desk, needed(case)),
    "interview_declined": lambda desk, _pack, _case: interviewing.declined(desk),
    "interview_conducted": lambda desk, _pack, case: interviewing.conducted(desk, needed(case)),
    "interview_not_done": lambda *_: interviewing.not_done(),
    "interview_reassigned": lambda desk, _pack, case: interviewing.reassigned(desk, needed(case)),
    "decide": lambda desk, pack, case: deciding.built(desk, pack, case, {}),
    "decline": lambda *_: decline_form(),
    "delegate": lambda *_: delegate_form(),
    "told": lambda desk, _pack, case: ("Told", "I have been told", [choice("action", "Of what", _owed(desk, case))]),
    "more": _more,
    "close": lambda *_: _reason("Close the episode", "Close"),
    "void": lambda *_: _reason("It was no episode", "Make void"),
}


def about(form: Form, row: ObligationRow, aside: str) -> Form:
    """The form about one obligation does not ask which; its title says."""
    fields = tuple(f for f in form.fields if f.id not in {"action", "meeting", "decision"})
    return replace(form, title=f"{form.title}: {words.label(row.action)}", fields=fields, note=aside or form.note)
