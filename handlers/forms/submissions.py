"""Each form's values as the command it stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from handlers import deciding, facts_asked, knowing
from handlers.arranging.invitations import declined, delegated
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.forms import opening
from handlers.incoming import Submitted
from handlers.interviewing.forms import OWN, form_of
from handlers.interviewing.sending import taken
from handlers.outgoing import Answer, Field, Form
from handlers.sent_in import Values
from handlers.verbs import allocate, glass, merge, restrict, share
from handlers.verbs.acknowledge import Acknowledge, acknowledge
from handlers.verbs.change import Change, change
from handlers.verbs.complete import Complete, complete
from handlers.verbs.correct import Correct, correct
from handlers.verbs.end import Close, Void, close, void
from handlers.verbs.found import Found, found
from handlers.verbs.note import Note, note
from handlers.verbs.reclassify import Reclassify, reclassify
from handlers.verbs.report import Report, report
from handlers.verbs.report_form import POLICE_TOLD
from handlers.verbs.same_child import SameChild
from handlers.verbs.undo import Undo, undo
from handlers.verbs.waive import Extend, Waive, extend, waive
from storage import obligations


def run(submitted: Submitted, desk: Desk, who: Actor) -> Answer:
    """Read the values and run the verb. Raises Refused (naming the field), SameChild."""
    build = _FORMS.get(submitted.form)
    if build is None:
        raise Refused(f"The form '{submitted.form[:30]}' is not known here. Open it again from the message or with 'help'.")
    if submitted.form != "report" and "reference" not in submitted.context:
        raise Refused("This form does not say which episode it is about. Open it again from the message or with 'help'.")
    return build(Values(submitted.values, desk), dict(submitted.context), desk, who)


def same_child_form(submitted: Submitted, desk: Desk, who: Actor, question: SameChild) -> Form:
    """Everything that was typed, and the question in front; only an exact case reference puts 'same' first."""
    form = opening.blank("report", desk, who, None, {**submitted.context, "existing": question.reference})
    typed = tuple(replace(f, value=str(submitted.values.get(f.id, f.value) or "")) for f in form.fields)
    same, other = ("same", f"The same child: add this to {question.reference}"), ("different", "A different child: open a new one")
    unsure = ("unsure", "Not sure: open a new one and ask the coordinator")
    options = (same, other, unsure) if question.exact else (other, unsure, same)
    asked = Field("same", str(question), "choice", options, required=True, value="" if question.exact else "different")
    return replace(form, fields=(asked, *typed), title="Is it the same child?")


Build = Callable[[Values, dict[str, str], Desk, Actor], Answer]


def _report(v: Values, context: dict[str, str], desk: Desk, who: Actor) -> Answer:
    facts: dict[str, Any] = {
        **v.facts(),
        **facts_asked.in_words(v),
        "risk_level": v.text("risk_level"),
        "care_status": v.text("care_status"),
        "date_of_birth": v.birth("date_of_birth"),
    }
    identity = {n: v.text(n) for n in ("case_reference", "initials", "surname", "forename") if v.text(n)}
    command = Report(
        category=v.needed("category"),
        missing_since=v.time("missing_since"),
        facts={name: value for name, value in facts.items() if value not in (None, "")},
        identity=identity,
        narrative=v.text("narrative"),
        relatives=v.text("relatives"),
        checks=v.checks(),
        same=v.text("same") or None,  # type: ignore[arg-type]
        existing=context.get("existing"),
        police_told=v.yes("police_told") is True or v.checks().get(POLICE_TOLD) == "yes",
        police_reference=v.text("police_reference"),
    )
    return report(command, desk, who)


def _found(v: Values, context: dict[str, str], desk: Desk, who: Actor) -> Answer:
    command = Found(
        context["reference"],
        v.needed_time("found_at"),
        v.time("returned_at"),
        v.yes("back_safe"),
        v.yes("wellbeing"),
        v.text("seen_by"),
        v.text("note"),
    )
    return found(command, desk, who)


def _complete(v: Values, context: dict[str, str], desk: Desk, who: Actor) -> Answer:
    given = context.get("obligation")
    facts = _wanted(v, context, desk, who) if given else {}
    if facts:
        return change(Change(context["reference"], facts, v.text("note")), desk, who)
    action = None if given else v.needed("action")
    return complete(Complete(context["reference"], action, given, v.needed_time("done_at"), v.text("note")), desk, who)


def _wanted(v: Values, context: dict[str, str], desk: Desk, who: Actor) -> dict[str, Any]:
    """What was said that by itself does what was owed: the limit that was agreed, the level that was set."""
    row = obligations.by_id(desk.session, context["obligation"])
    fields = knowing.wanted(forms_case(context, desk, who).pack, row) if row else []
    for field in fields:
        v.needed(field.id)
    return facts_asked.typed(v, [field.id for field in fields])


def _acknowledge(v: Values, context: dict[str, str], desk: Desk, who: Actor) -> Answer:
    given = context.get("obligation")
    return acknowledge(Acknowledge(context["reference"], None if given else v.needed("action"), given), desk, who)


def _phoned(v: Values, context: dict[str, str], desk: Desk, who: Actor) -> Answer:
    v.needed("on_behalf")
    given = context.get("obligation")
    return acknowledge(Acknowledge(context["reference"], None if given else v.needed("action"), given, v.time("at")), desk, who)


def _correct(v: Values, context: dict[str, str], desk: Desk, who: Actor) -> Answer:
    case = forms_case(context, desk, who)
    given = {n: v.time(n) for n in ("missing_since", "found_at", "returned_at")}
    before = {n: getattr(case.episode, n) for n in given}
    changed = tuple((n, t) for n, t in given.items() if t is not None and (before[n] is None or abs((t - before[n]).total_seconds()) >= 60))
    if not changed:
        raise Refused("Nothing was changed: give the time that is right.", field="missing_since")
    return correct(Correct(context["reference"], changed, v.text("reason")), desk, who)


def forms_case(context: dict[str, str], desk: Desk, who: Actor) -> Any:
    """The case a form is about."""
    from handlers.case import open_case  # noqa: PLC0415

    return open_case(desk, context["reference"], who)


INTERVIEWS = ("interview", *(form_of(step) for step in OWN))


def _interview(form: str) -> Build:
    return lambda v, c, d, w: taken(form, v, c["reference"], d, w)


_FORMS: dict[str, Build] = {
    "report": _report,
    "found": _found,
    "complete": _complete,
    "acknowledge": _acknowledge,
    "phoned": _phoned,
    "decline": declined,
    "delegate": delegated,
    "told": lambda v, c, d, w: complete(Complete(c["reference"], v.needed("action"), told=True), d, w),
    "correct": _correct,
    "note": lambda v, c, d, w: note(Note(c["reference"], v.needed("text")), d, w),
    "risk": lambda v, c, d, w: change(Change(c["reference"], {"risk_level": v.needed("risk_level")}, v.text("reason"), "risk"), d, w),
    "facts": lambda v, c, d, w: knowing.sent(v, forms_case(c, d, w), d, w),
    "reopen": lambda v, c, d, w: correct(Correct(c["reference"], (("found_at", None),), v.needed("reason")), d, w),
    "undo": lambda v, c, d, w: undo(Undo(c["reference"], v.needed("what"), v.text("reason")), d, w),
    "reclassify": lambda v, c, d, w: reclassify(
        Reclassify(c["reference"], v.needed("category"), v.time("since"), v.time("absence_limit_at", ahead=True), v.text("reason")), d, w
    ),
    "waive": lambda v, c, d, w: waive(Waive(c["reference"], v.needed("action"), None, v.text("reason")), d, w),
    "extend": lambda v, c, d, w: extend(Extend(c["reference"], _until(v), v.needed("action"), None, v.text("reason")), d, w),
    **{form: _interview(form) for form in INTERVIEWS},
    "decide": deciding.sent,
    "allocate": allocate.sent,
    "merge": merge.sent,
    "share": share.sent,
    "restrict": restrict.sent,
    "unrestrict": lambda v, c, d, w: restrict.unrestrict(c["reference"], v.needed("reason"), d, w),
    "permit": restrict.permit_sent,
    "review": glass.review,
    "close": lambda v, c, d, w: close(Close(c["reference"], v.text("reason")), d, w),
    "void": lambda v, c, d, w: void(Void(c["reference"], v.needed("reason")), d, w),
}


def _until(v: Values) -> Any:
    until = v.time("until", ahead=True)
    if until is None:
        raise Refused("Say until when.", field="until")
    return until
