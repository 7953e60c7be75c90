"""Undo: takes back what was recorded last of an action, a closing or a voiding with a reason; a found within ten minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from handlers import access, checks, record
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.fields import Built, choice
from handlers.news import tell
from handlers.outgoing import Answer, Field
from handlers.settle import settle
from policies import words
from policies.history import Happening
from policies.pack import Pack

WHAT = "what"  # the field that names it
FOUND_FOR = timedelta(minutes=10)
UNDOABLE = {"completed", "held", "decided", "interviewed", "waived", "extended", "acknowledged"}
BY_KIND = {"found": "found", "closed": "close", "voided": "void"}


@dataclass(frozen=True)
class Undo:
    """`what`: found, close, void, or the action of which the last that was recorded was wrong."""

    reference: str
    what: str
    reason: str = ""


def form(desk: Desk, pack: Pack, case: Case | None) -> Built:
    """What can be taken back."""
    what = tuple(undoable(case)) if case else ()
    return "Take back", "Take back", [choice(WHAT, "What", what), Field("reason", "Why", "long", hint="Needed for all but found")]


def undo(command: Undo, desk: Desk, actor: Actor) -> Answer:
    """Record that it is taken back; nothing is erased."""
    actor.check(command.what if command.what in {"close", "void"} else "undo")
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
    settled = settle(desk, case.reread(desk), why=f"taken back by {actor.person.name}")
    if command.what == "found":
        tell(desk, settled, "not found after all: the search goes on", wake=True)
    return Answer(
        (f"Taken back for {case.row.reference}: {words.label(command.what)}. It is as if it had not been recorded.",), case.row.reference
    )


def undoable(case: Case) -> dict[str, Happening]:
    """What can be taken back, by what it is called, the newest first."""
    told = case.told[case.row.id]
    undone = {h.data.get("of") for h in told if h.kind == "undone"}
    found: dict[str, Happening] = {}
    for happening in reversed(told):
        what = BY_KIND.get(happening.kind) or (happening.data.get("action") if happening.kind in UNDOABLE else None)
        if what and happening.id not in undone:
            found.setdefault(what, happening)
    return found


def _last(case: Case, what: str) -> Happening:
    happening = undoable(case).get(what)
    if happening:
        return happening
    raise Refused(f"There is nothing to take back: {words.label(what[:40])} is not recorded in {case.row.reference}.")


def _soon_enough(happening: Happening, desk: Desk, case: Case) -> None:
    if desk.now - happening.recorded_at > FOUND_FOR:
        raise Refused(
            f"Found can be undone for ten minutes only. To reopen {case.row.reference}, use 'reopen {case.row.reference}' and say why."
        )
