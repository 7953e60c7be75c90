"""The buttons and the words of meetings: which open a form, and which are done at once."""

from __future__ import annotations

from handlers.arranging import forms, lines, showing
from handlers.case import Case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.fields import filled
from handlers.gathering.proposal import kinds
from handlers.gathering.typed import kind_and_time
from handlers.outgoing import Answer, Form
from handlers.verbs.call_off import GoAhead, go_ahead
from handlers.vocabulary import Verb
from storage.obligations import ObligationRow

OPENS = {"fix_a_time": "meeting", "move": "meeting", "held": "held", "call_off": "call_off", "find_another": "find_another"}
SHOWS = frozenset({"agenda_and_place", "what_was_agreed"})


def pressed(verb: str, to: str | None, row: ObligationRow | None, desk: Desk, actor: Actor, case: Case) -> Form | Answer | None:
    """The form of a button about the meeting it stands under, or what it shows; None for another button. `to`: under whose line."""
    if verb in OPENS:
        return forms.form(OPENS[verb], desk, actor, case, {"meeting": row.action} if row else {})
    if row is None:
        return forms.form("respond", desk, actor, case, {}) if verb == lines.CHANGE else None
    if verb not in SHOWS:
        return lines.asked(verb, to, row.action, desk, actor, case)
    if verb == "what_was_agreed":
        return showing.what_was_agreed(desk, case, row, actor)
    return showing.agenda_and_place(desk, case, row.action, actor)


def done(row: ObligationRow | None, desk: Desk, actor: Actor, case: Case) -> Answer:
    """It goes ahead with whoever comes."""
    if row is None:
        raise Refused("This button belongs to something that no longer exists. Type 'status' to see what is open now.")
    return go_ahead(GoAhead(case.row.reference, row.action), desk, actor)


def typed(verb: Verb, rest: str, desk: Desk, actor: Actor, case: Case) -> Form | None:
    """The form of a word, with the kind of meeting and the time that were typed after it; None for another word."""
    name = verb.form or verb.word
    if name not in forms.FORMS:
        return None
    every = kinds(desk, case, actor, every=name == "meeting")
    kind, starts = kind_and_time(rest, every, desk.now)
    context = {"meeting": kind} if kind else {}
    if starts and name == "meeting":
        context["starts"] = filled(starts)
    return forms.form("meeting_kind" if name == "meeting" and kind is None else name, desk, actor, case, context)
