"""Under whose line of an invitation a button was pressed, and for whom the answer is."""

from __future__ import annotations

from handlers import owed
from handlers.arranging import forms
from handlers.case import Case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.gathering.attendance import Gathering, gathering, own
from handlers.incoming import Pressed
from handlers.outgoing import Form
from policies import words
from policies.answers import Standing, anybody, is_meeting
from storage.obligations import ObligationRow

CHANGE = "change_answer"
ANSWERS = {"accept": "accepted", "tentative": "tentative", "decline": "declined", "delegate": "delegated"}


def asked(verb: str, to: str | None, action: str, desk: Desk, actor: Actor, case: Case) -> Form | None:
    """The form that says for whom the answer is: to change one, or where the council presses under a partner's line; else None."""
    found = gathering(desk, case, action) if is_meeting(action) and (verb == CHANGE or verb in ANSWERS) else None
    if found is None and verb == CHANGE:
        raise Refused(f"No {words.label(action)} is to be held now, so there is no answer to change.")
    if found is None:
        return None
    line, mine = _line(found, to), own(actor, found.standings)
    elsewhere = owed.is_staff(actor) and line is not None and line is not mine
    if verb != CHANGE and not elsewhere:
        return None
    of = line if elsewhere else mine or line
    before = of.answer.answer if verb == CHANGE and of and of.answer else ""
    context = {"meeting": action, "agency": of.agency if of else "", "answer": ANSWERS.get(verb, before)}
    return forms.form("respond", desk, actor, case, context | ({"aside": said} if (said := aside(to, action, desk, actor, case)) else {}))


def aside(to: str | None, action: str, desk: Desk, actor: Actor, case: Case) -> str:
    """What is said to somebody who answers under the line of an agency that is not theirs; nothing under their own."""
    found = gathering(desk, case, action) if to else None
    line = _line(found, to) if found else None
    if found is None or line is None or owed.is_staff(actor) or anybody([line]):
        return ""
    mine = own(actor, found.standings)
    if mine is None or mine is line:
        return ""
    return (
        f"That is the answer of {words.label(mine.agency)}. You pressed under the line of {words.label(line.agency)}, which stays as it is."
    )


def changed(pressed: Pressed, row: ObligationRow | None, case: Case) -> str:
    """Yes, then no, then yes again is no repetition of the first: how often the presser answered otherwise meanwhile."""
    if row is None or pressed.verb not in ANSWERS:
        return ""
    mine = [r for r in case.episode.responses if r.action == row.action and r.actor == pressed.by]
    return f":{sum(r.answer != ANSWERS[pressed.verb] for r in mine)}"


def _line(found: Gathering, to: str | None) -> Standing | None:
    return next((s for s in found.standings if to and to in s.roles), None)
