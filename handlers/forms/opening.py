"""The forms: which there are, and one ready to open, filled with what is known; unknown is always an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers import deciding, independence, knowing
from handlers.arranging import forms as arranging
from handlers.arranging.invitations import decline_form, delegate_form
from handlers.case import Case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.fields import Built, choice
from handlers.interviewing import forms as interviewing
from handlers.outgoing import Field, Form
from handlers.owed import arisen, concerns, is_staff, open_actions
from handlers.verbs import (
    acknowledge,
    allocate,
    change,
    complete,
    correct,
    found,
    glass,
    merge,
    note,
    reclassify,
    report_form,
    restrict,
    share,
    undo,
    waive,
)
from policies import words
from policies.pack import Pack
from storage import obligations
from storage.ids import new_id
from storage.obligations import ObligationRow

Build = Callable[[Desk, Pack, Case | None], Built]


def blank(form: str, desk: Desk, actor: Actor, case: Case | None, context: dict[str, str] | None = None) -> Form:
    """A form ready to open. `context` comes back when it is sent; a nonce in it stops a second sending."""
    if form in arranging.FORMS and case:
        return arranging.form(form, desk, actor, case, context or {})
    pack = case.pack if case else desk.pack_in_force(desk.authority(actor.authority))[1]
    title, submit, built = _built(form, desk, actor, pack, case, context or {})
    fields = [_theirs(field, desk, case, actor) for field in built] if case else built
    about = {"reference": case.row.reference} if case else {"authority": actor.authority}
    given = {"nonce": new_id(), **about, **(context or {})}
    above = "This does not call the police. If a child is in danger now, ring 999." if form == "report" else ""
    if case and form.startswith("interview"):
        independence.records(case, desk, actor)
        above = interviewing.notes(desk, case)
    return Form(form, title, tuple(fields), submit, tuple(given.items()), above)


def _built(form: str, desk: Desk, actor: Actor, pack: Pack, case: Case | None, context: dict[str, str]) -> Built:
    if form == "decide":
        return deciding.built(desk, pack, case, context)
    if form == "facts":
        return knowing.built(desk, pack, needed(case), actor)
    title, submit, built = _BUILD[form](desk, pack, case)
    row = obligations.by_id(desk.session, context.get("obligation", "")) if form == "complete" else None
    return title, submit, [*(knowing.wanted(pack, row) if row else []), *built]


def known(form: str) -> bool:
    """Whether there is such a form."""
    return form in _BUILD or form == "facts" or form in arranging.FORMS


def needed(case: Case | None) -> Case:
    """The case of a form that is about one. Raises Refused where none is given."""
    if case is None:
        raise Refused("Which episode? Type it like 'interview HW-7F3K'. 'list' shows those that are open.")
    return case


def _theirs(field: Field, desk: Desk, case: Case, actor: Actor) -> Field:
    """Choices of duties are those that are the actor's business; of what can be taken back, what the actor recorded."""
    if field.id == undo.WHAT and not is_staff(actor):
        recorded = {what for what, happening in undo.undoable(case).items() if happening.actor == actor.id}
        return replace(field, options=tuple(option for option in field.options if option[0] in recorded))
    if field.id not in {"action", "meeting", "decision"}:
        return field
    mine = {o.duty.action for o in arisen(case, desk) if concerns(o, actor)}
    return replace(field, options=tuple(option for option in field.options if option[0] in mine))


def about(form: Form, row: ObligationRow, aside: str) -> Form:
    """The form about one obligation does not ask which; its title says."""
    fields = tuple(f for f in form.fields if f.id not in {"action", "meeting", "decision"})
    named = words.label(row.action)
    title = form.title if form.title.lower() == named.lower() else f"{form.title}: {named}"
    return replace(form, title=title, fields=fields, note=aside or form.note)


def _why(title: str, submit: str, *, required: bool = False) -> Build:
    return lambda *_: (title, submit, [Field("reason", "Why", "long", required=required)])


# What can be done next, as "More" offers it.
_MORE = (
    *("facts", "correct", "reclassify", "complete", "acknowledge", "meeting", "held", "call_off", "feedback", "interview", "decide"),
    *("waive", "extend", "undo", "reopen", "close", "void"),
)
_BUILD: dict[str, Build] = {
    "allocate": allocate.form,
    "merge": merge.form,
    "share": share.form,
    "restrict": restrict.form,
    "unrestrict": _why("Open it to everybody", "Open"),
    "permit": restrict.permit_form,
    "review": glass.review_form,
    "report": report_form.form,
    "found": found.form,
    "acknowledge": acknowledge.form,
    "phoned": acknowledge.phoned_form,
    "complete": complete.form,
    "note": note.form,
    "risk": change.risk_form,
    "correct": correct.form,
    "reopen": _why("Not found after all", "Reopen", required=True),
    "undo": undo.form,
    "reclassify": reclassify.form,
    "waive": waive.form,
    "extend": waive.extend_form,
    "interview": lambda desk, _pack, _case: interviewing.whole(desk),
    "interview_offered": lambda desk, _pack, case: interviewing.offered(desk, needed(case)),
    "interview_declined": lambda desk, _pack, _case: interviewing.declined(desk),
    "interview_conducted": lambda desk, _pack, case: interviewing.conducted(desk, needed(case)),
    "interview_not_done": lambda *_: interviewing.not_done(),
    "interview_reassigned": lambda desk, _pack, case: interviewing.reassigned(desk, needed(case)),
    "decide": lambda desk, pack, case: deciding.built(desk, pack, case, {}),
    "decline": lambda *_: decline_form(),
    "delegate": lambda *_: delegate_form(),
    "told": lambda desk, _pack, case: ("Told", "I have been told", [choice("action", "Of what", open_actions(case, desk))]),
    "more": lambda *_: ("More", "Go on", [choice("form", "What would you like to do?", _MORE)]),
    "close": _why("Close the episode", "Close"),
    "void": _why("It was no episode", "Make void"),
}
