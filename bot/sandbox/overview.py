"""Where things stand: who is late on what for which child, under which clause; what falls due next; every child in a line."""

from __future__ import annotations

from typing import Any

from bot.sandbox.components import TableElement
from bot.sandbox.elements import block, text
from bot.sandbox.feed import Hand
from bot.sandbox.render import actions
from bot.sandbox.town import AUTHORITY
from handlers.desk import Desk, actor
from handlers.pages.overview import Child, Listed, Owed, Standing, standing
from policies.worktime import said

NAME = "Where things stand"
ABOUT = "Every child who is looked for or has just come back, as far as you may know of them."
COLUMNS = ("Child", "What", "Who", "When", "Clause", "Answer")


def read(desk: Desk, who: str) -> Standing:
    """What one person may know. Raises Refused for somebody who may not list anything."""
    return standing(desk, actor(desk, who, AUTHORITY))


def draw(found: Standing, hand: Hand) -> None:
    """Fill the element we are in."""
    if not found.children:
        text("p", "No child is missing, and nothing is owed. Report one, or play a story.", "empty")
        return
    _table(f"Late now: {found.late.count}", found.late, hand, "late", "Nothing is late.")
    _table(f"Due next: {found.next.count}", found.next, hand, "open", "Nothing has a time yet to come.")
    TableElement(
        "Children", ("Child", "Since", "Missing for", "Late", "Open"), [_child(c) for c in found.children], hand.press, hand.timeline
    )
    if found.undated.count:
        with block("details", "undated"):
            text("summary", f"To do, no time given: {found.undated.count}")
            _table("To do, no time given", found.undated, hand, "", "")


def _table(caption: str, owed: Listed, hand: Hand, tone: str, nothing: str) -> None:
    if not owed.count:
        text("p", nothing, "nothing")
        return
    TableElement(caption, COLUMNS, [_row(o, tone) for o in owed.first], hand.press, hand.timeline)
    if more := owed.count - len(owed.first):
        text("p", f"and {more} more", "about")


def _row(o: Owed, tone: str) -> dict[str, Any]:
    cells = (
        {"episode": o.reference},
        {"text": o.says, "quiet": o.meets, "strong": True, "kind": "what"},
        {"text": o.who, "quiet": o.role, "kind": "who"},
        {"text": o.how, "quiet": f"{'was due' if o.late else 'due'} {said(o.due)}" if o.due else "", "kind": "when"},
        {"clauses": list(o.clauses), "house": o.house},
        {"buttons": actions(o.buttons) if o.obligation else [], "kind": "buttons"},
    )
    return {"tone": tone, "cells": cells, "says": o.says, "reference": o.reference, "obligation": o.obligation, "version": o.version}


def _child(c: Child) -> dict[str, Any]:
    away = c.missing or {"located": "located, not back", "returned": "back"}.get(c.status, c.status)
    late = {"text": str(c.late), "strong": bool(c.late)}
    return {"tone": "", "cells": ({"episode": c.reference}, {"text": c.says}, {"text": away}, late, {"text": str(c.open)})}
