"""Answering an invitation with its own buttons: declining with a reason, and sending somebody else."""

from __future__ import annotations

from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.fields import Built
from handlers.outgoing import Answer, Field
from handlers.sent_in import Values
from handlers.verbs.respond import Respond, respond
from storage import obligations

_TO = "Who comes instead"
_TO_HINT = "Their name or role, and how to reach them. Kept sealed."


def decline_form() -> Built:
    """Only why."""
    return "Decline", "Decline", [Field("reason", "Why", "long", required=True, hint="Kept sealed; the channel sees that you declined")]


def delegate_form() -> Built:
    """Only who comes."""
    return "Somebody else comes", "Answer", [Field("to", _TO, "text", required=True, hint=_TO_HINT)]


def declined(values: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """We cannot come, and why."""
    return respond(
        Respond(context["reference"], _meeting(context, desk), actor.person.agency, "declined", values.needed("reason")), desk, actor
    )


def delegated(values: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """Somebody else comes: who, in answer to the invitation that was pressed."""
    to = values.needed("to")
    return respond(Respond(context["reference"], _meeting(context, desk), actor.person.agency, "delegated", to=to), desk, actor)


def _meeting(context: dict[str, str], desk: Desk) -> str:
    row = obligations.by_id(desk.session, context.get("obligation", ""))
    if row is None:
        raise Refused("This invitation no longer exists. Type 'status' to see what is open now.")
    return row.action
