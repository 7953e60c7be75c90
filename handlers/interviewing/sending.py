"""A form of the return interview sent in, and the one that has to follow it."""

from __future__ import annotations

from handlers.desk import Actor, Desk
from handlers.interviewing.forms import COVERS, form_of
from handlers.outgoing import Answer
from handlers.sent_in import Values
from handlers.verbs.interview import Interview, interview
from handlers.verbs.reassign import Reassign, reassign


def taken(form: str, v: Values, reference: str, desk: Desk, who: Actor) -> Answer:
    """A form sent in."""
    step = form.removeprefix("interview_") if form != "interview" else v.needed("step")
    if step == "reassigned":
        return reassign(Reassign(reference, v.needed("person"), v.text("reason")), desk, who)
    covers = tuple(name.removeprefix(COVERS) for name in v.named(COVERS) if v.yes(name))
    choices = (v.text("interviewer") or None, v.text("choice") or None, v.text("declined_by") or None)
    return interview(Interview(reference, step, v.time("at"), v.text("reason"), *choices, covers), desk, who)


def next_form(form: str, values: Values) -> str | None:
    """The form that has to follow, where a step was chosen that this one does not ask enough about."""
    step = values.text("step")
    more = step == "reassigned" or (step == "not_done" and not values.text("reason"))
    return form_of(step) if form == "interview" and more else None
