"""What a word does at once with what was typed behind it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from handlers import deciding
from handlers.case import open_case
from handlers.desk import Actor, Desk
from handlers.frontdesk import admitting, answering
from handlers.interviewing.typed import typed as interview_typed
from handlers.outgoing import Answer, Reply
from handlers.owed import known_action
from handlers.verbs.acknowledge import Acknowledge, acknowledge
from handlers.verbs.change import Change, change
from handlers.verbs.note import Note, note


def _interview(reference: str, rest: str, desk: Desk, who: Actor) -> Reply:
    asked = interview_typed(rest, reference, desk, who)
    return asked if isinstance(asked, Answer) else admitting.blank(asked, desk, who, open_case(desk, reference, who))


def _risk(reference: str, rest: str, desk: Desk, who: Actor) -> Reply:
    return change(Change(reference, {"risk_level": rest.strip().lower().replace(" ", "_")}, verb="risk"), desk, who)


# What a word does at once with what follows it: the reference, the words behind; None: its form asks for the rest.
TYPED: dict[str, Callable[[str, str, Desk, Actor], Reply | None]] = {
    "note": lambda reference, rest, desk, who: note(Note(reference, rest), desk, who),
    "risk": _risk,
    "have": lambda reference, rest, desk, who: acknowledge(Acknowledge(reference, known_action(rest)), desk, who),
    "interview": _interview,
    "decide": lambda reference, rest, desk, who: deciding.typed(rest, open_case(desk, reference, who), desk, who),
    **{word: partial(answering.typed, word) for word in answering.WORDS},
}
