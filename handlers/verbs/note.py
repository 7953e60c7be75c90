"""Note: a free text, sealed; the thread only learns that there is one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers import checks, record
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.fields import SEALED, UNSEEN, Built
from handlers.outgoing import Answer, Field
from policies.pack import Pack


@dataclass(frozen=True)
class Note:
    """The text is never posted."""

    reference: str
    text: str


def form(desk: Desk, pack: Pack, case: Case | None) -> Built:
    """A text."""
    return "Note", "Keep the note", [Field("text", "Note", "long", required=True, hint=SEALED), UNSEEN]


def note(command: Note, desk: Desk, actor: Actor) -> Answer:
    """Keep it with the episode."""
    actor.check("note")
    case = open_case(desk, command.reference, actor, shared=True)
    text = checks.short_enough(command.text, "text")
    if not text:
        raise Refused("The note is empty: write what you want to keep.", field="text")
    record.write(desk, replace(actor, authority=case.row.authority), "noted", {"text": text}, child=case.row.child_id, episode=case.row.id)
    return Answer((f"Kept with {case.row.reference}. Others see it when they open the episode, not in the channel.",), case.row.reference)
