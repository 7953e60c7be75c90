"""Answering an invitation by form: for oneself, by sending somebody else, or for an agency that phoned."""

from __future__ import annotations

from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.outgoing import Answer, Field
from handlers.sent_in import Values
from handlers.verbs.meeting import Respond, respond
from policies import words
from storage import obligations

Built = tuple[str, str, list[Field]]
ANSWERS = (("accepted", "We come"), ("tentative", "Perhaps"), ("declined", "We cannot come"), ("delegated", "Somebody else comes"))
_TO = "Who comes instead"
_TO_HINT = "Their name or role, and how to reach them. Kept sealed."


def answer_form(meetings: tuple[str, ...]) -> Built:
    """Every answer there is, to any of these meetings."""
    fields = [
        Field("meeting", "Meeting", "choice", tuple((m, words.label(m)) for m in meetings), required=True),
        Field("answer", "Answer", "choice", ANSWERS, required=True),
        Field("reason", "If not, why", "long", hint="Kept sealed; the channel sees that you declined"),
        Field("to", _TO, "text", hint=_TO_HINT),
    ]
    return "Answer an invitation", "Answer", fields


def delegate_form() -> Built:
    """Only who comes."""
    return "Somebody else comes", "Answer", [Field("to", _TO, "text", required=True, hint=_TO_HINT)]


def answered(values: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """The answer form sent in."""
    given = values.needed("answer")
    reason = values.needed("reason") if given == "declined" else values.text("reason")
    to = values.needed("to") if given == "delegated" else values.text("to")
    meeting = values.needed("meeting")
    return respond(Respond(context["reference"], meeting, actor.person.agency, given, reason, to or None), desk, actor)


def delegated(values: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """Somebody else comes: who, in answer to the invitation that was pressed."""
    row = obligations.by_id(desk.session, context.get("obligation", ""))
    if row is None:
        raise Refused("This invitation no longer exists. Type 'status' to see what is open now.")
    to = values.needed("to")
    return respond(Respond(context["reference"], row.action, actor.person.agency, "delegated", to=to), desk, actor)
