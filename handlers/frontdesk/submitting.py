"""A form sent in: the next one, what it does, or the same form with what cannot stand."""

from __future__ import annotations

from dataclasses import replace

from handlers import approvals, checks, seeing
from handlers.arranging import sending
from handlers.case import open_case
from handlers.desk import Actor, Desk, actor
from handlers.errors import NeedsApproval, Refused
from handlers.forms import opening, submissions
from handlers.frontdesk import admitting, answering, office, which
from handlers.frontdesk.hearing import hear
from handlers.frontdesk.once import once
from handlers.frontdesk.pressing import press
from handlers.frontdesk.speaking import authority_for
from handlers.incoming import Submitted
from handlers.interviewing.sending import next_form
from handlers.outgoing import Answer, Form, Problems, Reply
from handlers.sent_in import Values, whole_form
from handlers.verbs import link
from handlers.verbs.same_child import SameChild
from storage import obligations


def submit(submitted: Submitted, desk: Desk) -> Reply:
    """A form sent in. What cannot stand comes back as Problems with everything that was typed."""
    submitted = whole_form(submitted)
    context = dict(submitted.context)
    reference = context.get("reference")
    if submitted.form == "authority":
        return hear(which.answered(submitted), desk)
    who = actor(desk, submitted.by, submitted.authority or context.get("authority") or authority_for(desk, reference, submitted.by))
    follows = _following(submitted, desk)
    if follows:
        return admitting.blank(follows, desk, who, open_case(desk, reference or "", who))
    nonce = context.get("nonce")
    try:
        who = replace(who, on_behalf=checks.one_line(submitted.values.get("on_behalf") or "", "on_behalf") or None)
        return _once(f"form:{nonce}:{who.id}" if nonce else None, submitted, desk, who)
    except SameChild as question:
        return submissions.same_child_form(submitted, desk, who, question)
    except Refused as refused:
        if refused.field is None:
            raise
        form = _again(submitted, desk, who)
        if refused.field not in {field.id for field in form.fields}:
            raise
        return Problems(form, {refused.field: str(refused)})


def _following(submitted: Submitted, desk: Desk) -> str | None:
    """The form that a form leads on to; None when this one is the last."""
    if submitted.form != "more":
        return next_form(submitted.form, Values(submitted.values, desk))
    chosen = submitted.values.get("form") or "note"
    if not opening.known(chosen):
        raise Refused(f"'{chosen[:20]}' cannot be done here. Type 'help' to see what you can do.")
    return chosen


def _once(key: str | None, submitted: Submitted, desk: Desk, who: Actor) -> Answer | Form:
    """What somebody else has to agree to is asked of them instead."""
    try:
        return once(key, lambda: _sent(submitted, desk, who), desk)
    except NeedsApproval as needs:
        asked = needs
    return once(key, lambda: approvals.ask(submitted, asked, desk, who), desk)


def _sent(submitted: Submitted, desk: Desk, who: Actor) -> Answer | Form:
    if submitted.form == "link":
        return link.give(submitted.values, desk, who, press)
    if submitted.form in answering.SENT:
        return answering.sent(submitted.form, Values(submitted.values, desk), dict(submitted.context), desk, who)
    if submitted.form in office.SENT:
        return office.SENT[submitted.form](Values(submitted.values, desk), dict(submitted.context), desk, who)
    if opening.known(submitted.form):
        admitting.admit_to(submitted.form, desk, who, submitted.context.get("reference"))
    if submitted.form in sending.SEND:
        return sending.SEND[submitted.form](Values(submitted.values, desk), dict(submitted.context), desk, who)
    return submissions.run(submitted, desk, who)


def again(submitted: Submitted, desk: Desk) -> Form:
    """The form once more, holding what was typed: for a platform that shows it in steps, or in another version."""
    context = dict(submitted.context)
    authority = submitted.authority or context.get("authority") or authority_for(desk, context.get("reference"), submitted.by)
    return _again(submitted, desk, actor(desk, submitted.by, authority))


def _again(submitted: Submitted, desk: Desk, who: Actor) -> Form:
    """The form once more, holding what was typed, under the same nonce."""
    context = dict(submitted.context)
    reference = context.get("reference")
    opened = office.again(submitted.form, desk, who) or answering.opened(submitted.form, context, desk, who)
    if opened:
        return _holding(opened, submitted)
    case = open_case(desk, reference, who, shared=submitted.form in seeing.ACROSS) if reference else None
    form = admitting.blank(submitted.form, desk, who, case, context)
    row = obligations.by_id(desk.session, context["obligation"]) if context.get("obligation") else None
    form = opening.about(form, row, "") if row else form
    return _holding(form, submitted)


def _holding(form: Form, submitted: Submitted) -> Form:
    """With everything that was typed."""
    fields = tuple(replace(f, value=str(submitted.values.get(f.id, f.value) or "")) for f in form.fields)
    return replace(form, fields=fields)
