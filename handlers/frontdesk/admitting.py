"""Who is let in: the table of words, and of an episode those whom it concerns; asked before a form opens and when it is sent in."""

from __future__ import annotations

from dataclasses import replace

from handlers import access, approvals, seeing
from handlers.arranging import lines, pressing
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.forms import opening
from handlers.outgoing import Field, Form
from handlers.verbs.show import concerned, staff
from handlers.vocabulary import VERBS

OPEN_TO_ALL = frozenset({"report", "found", "note"})  # whoever knows something of a child says so, invited or not
PERMISSION: dict[str, str] = {
    **{verb.form or verb.word: verb.permission for verb in VERBS.values()},
    **dict.fromkeys((*pressing.OPENS, "meeting_kind"), VERBS["meeting"].permission),
    **dict.fromkeys(("decline", "delegate", lines.CHANGE), "respond"),
    "more": "note",
}  # of every form and every button that opens one


def permission_of(form: str) -> str:
    """The row of the table that a form belongs to; a step of the interview is one of its own."""
    return "interview" if form.startswith("interview_") else PERMISSION[form]


def may_open(form: str, who: Actor) -> bool:
    """By the table; council staff may open what they may only ask for."""
    return access.may(permission_of(form), who.roles) or (form in approvals.ASKABLE and approvals.may_ask(who))


def admit(form: str, desk: Desk, who: Actor, case: Case | None) -> None:
    """Raise Refused for a form that this person may not send in, or whose episode does not concern them."""
    if not may_open(form, who):
        who.check(permission_of(form))
    if case and permission_of(form) not in OPEN_TO_ALL and not concerned(case, desk, who):
        raise Refused(seeing.uninvited(case.row.reference))


def admit_to(form: str, desk: Desk, who: Actor, reference: str | None) -> None:
    """The same where no case is read yet; council staff are concerned by every episode they may know of."""
    asked = reference and not staff(who) and permission_of(form) not in OPEN_TO_ALL and may_open(form, who)
    admit(form, desk, who, open_case(desk, reference, who, shared=form in seeing.ACROSS) if reference and asked else None)


def blank(form: str, desk: Desk, who: Actor, case: Case | None, context: dict[str, str] | None = None) -> Form:
    """A form ready to open, for somebody who is let in."""
    admit(form, desk, who, case)
    opened = opening.blank(form, desk, who, case, context)
    return replace(opened, fields=tuple(_theirs(field, who) for field in opened.fields)) if form == "more" else opened


def _theirs(field: Field, who: Actor) -> Field:
    """Of what can be chosen next, what this person may."""
    return replace(field, options=tuple(option for option in field.options if may_open(option[0], who)))
