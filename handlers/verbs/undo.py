"""Undo: takes back the last completion of an action with a reason, or a found within ten minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from handlers import access, checks, record
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.outgoing import Answer
from handlers.settle import settle
from policies import words
from policies.history import Happening

FOUND_FOR = timedelta(minutes=10)
UNDOABLE = {"completed", "held", "decided", "interviewed", "waived", "extended", "acknowledged"}


@dataclass(frozen=True)
class Undo:
    """`what`: found, or the action whose last completion was wrong."""

    reference: str
    what: str
    reason: str = ""


def undo(command: Undo, desk: Desk, actor: Actor) -> Answer:
    """Record that it is taken back; nothing is erased."""
    actor.check("undo")
    case = open_case(desk, command.reference, actor)
    happening = _last(case, command.what)
    if command.what == "found":
        _soon_enough(happening, desk, case)
        if case.episode.closed_at:
            raise Refused(f"{case.row.reference} is closed. Use 'reopen {case.row.reference}' and say why.")
    else:
        checks.reason_given(command.reason)
    if happening.actor != actor.id and not any(access.group_of(r) in access.STAFF for r in actor.roles):
        raise Refused("Only the person who recorded it, or the council, can take it back.")
    data = {"of": happening.id, "what": command.what, "reason": checks.short_enough(command.reason, "reason")}
    record.write(desk, actor, "undone", data, child=case.row.child_id, episode=case.row.id)
    settle(desk, case.reread(desk), why=f"taken back by {actor.person.name}")
    return Answer(
        (f"Taken back for {case.row.reference}: {words.label(command.what)}. It is as if it had not been recorded.",), case.row.reference
    )


def _last(case: Case, what: str) -> Happening:
    told = case.told[case.row.id]
    undone = {h.data.get("of") for h in told if h.kind == "undone"}
    for happening in reversed(told):
        fits = happening.kind == "found" if what == "found" else happening.kind in UNDOABLE and happening.data.get("action") == what
        if fits and happening.id not in undone:
            return happening
    raise Refused(f"There is nothing to take back: {words.label(what)} is not recorded in {case.row.reference}.")


def _soon_enough(happening: Happening, desk: Desk, case: Case) -> None:
    if desk.now - happening.recorded_at > FOUND_FOR:
        raise Refused(
            f"Found can be undone for ten minutes only. To reopen {case.row.reference}, use 'reopen {case.row.reference}' and say why."
        )
