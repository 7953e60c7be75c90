"""The timeline of one episode as a page: the drawing, the thresholds of the child, and the same as a table."""

from __future__ import annotations

from typing import Any

from bot.sandbox.components import DrawingElement, TableElement
from bot.sandbox.drawing import drawing
from bot.sandbox.elements import block, text
from bot.sandbox.feed import Hand
from bot.sandbox.town import AUTHORITY
from handlers.desk import Desk, actor
from handlers.pages.episode_line import EpisodeLine, episode_line
from handlers.training.debrief import how
from policies import words
from policies.timeline import Lane, Span, Timeline, Window
from policies.worktime import said

STATES = {
    "done": "done",
    "done_late": "done late",
    "late": "late",
    "open": "open",
    "ahead": "to come",
    "waived": "waived",
    "over": "no longer needed",
}
LEGEND = (("done", "done in time"), ("done_late", "done late"), ("late", "late"), ("open", "open"), ("ahead", "to come if still missing"))


def read(desk: Desk, who: str, reference: str) -> EpisodeLine:
    """What one person may see of an episode. Raises Refused."""
    return episode_line(reference, desk, actor(desk, who, AUTHORITY))


def draw(found: EpisodeLine, hand: Hand) -> None:
    """Fill the element we are in."""
    line = found.line
    text("p", found.says, "lead")
    DrawingElement(drawing(line, found.reference))
    with block("ul", "legend", aria_label="What the shapes mean"):
        for state, says in LEGEND:
            with block("li"):
                text("span", "", f"swatch {state}", aria_hidden="true")
                text("span", says)
    _windows(line, hand)
    rows = [_row(lane, span, line) for lane in line.lanes for span in lane.spans]
    rows.sort(key=lambda row: bool(row["tone"] == "over"))
    columns = ("What", "Who", "From", "Due", "How it stands", "Clause")
    TableElement(f"Everything asked for in {found.reference}", columns, rows, hand.press, hand.timeline)
    moments = [
        {"tone": mark.kind, "cells": ({"text": said(mark.at)}, {"text": mark.says}, {"clauses": list(mark.clauses)})} for mark in line.marks
    ]
    TableElement("Moments and marks", ("When", "What", "Clause"), moments, hand.press, hand.timeline)
    with block("p", "buttons"):
        text("a", "Save this child's story as a scenario file", "as-button", href=f"/scenario/{found.reference}.yml", download=True)


def _row(lane: Lane, span: Span, line: Timeline) -> dict[str, Any]:
    cells = (
        {"text": lane.says, "strong": span.state == "late"},
        {"text": words.label(lane.owner)},
        {"text": said(span.begins)},
        {"text": said(span.due) if span.due else "no time given"},
        {"text": STATES[span.state], "quiet": how(span, line.now) if span.state not in {"ahead", "open"} else "", "kind": "when"},
        {"clauses": list(lane.clauses), "house": lane.house},
    )
    return {"tone": span.state, "cells": cells}


def _windows(line: Timeline, hand: Hand) -> None:
    """The thresholds that this episode counts towards."""
    if line.windows:
        rows = [_window(window) for window in line.windows]
        TableElement("Thresholds of the child", ("Threshold", "Counted", "Episodes that count", "Clause"), rows, hand.press, hand.timeline)


def _window(window: Window) -> dict[str, Any]:
    since = f"counting back to {said(window.since)}" if window.since else "of all there are"
    counted = f"{len(window.counted)} of {window.needed}" + (", reached" if window.reached else "")
    cells = (
        {"text": window.says},
        {"text": counted, "quiet": since, "strong": window.reached, "kind": "when"},
        {"text": "; ".join(said(moment) for moment in window.counted)},
        {"clauses": list(window.clauses)},
    )
    return {"tone": "late" if window.reached else "", "cells": cells}
