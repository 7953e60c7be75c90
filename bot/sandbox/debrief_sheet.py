"""The debrief: what was due, what was missed, under which clause; and what there was to learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.components import TableElement
from bot.sandbox.elements import block, text
from bot.sandbox.exercise_sheet import SIGNS
from bot.sandbox.feed import Hand
from bot.sandbox.stories import Story
from handlers.training.debrief import Debrief, Point
from policies import words
from policies.worktime import said

COLUMNS = ("What", "Who", "Due", "How it ended", "Clause", "Child")


@dataclass(frozen=True)
class Learned:
    """A debrief, and the story it is of."""

    story: Story | None
    debrief: Debrief
    references: tuple[str, ...]


def draw(learned: Learned, hand: Hand) -> None:
    """Fill the element we are in."""
    found = learned.debrief
    with block("div", "brief"):
        text("h3", learned.story.title if learned.story else "What was played here")
        text("p", found.verdict, "lead")
        if found.goals:
            with block("ul", "goals", aria_label="Goals"):
                for goal in found.goals:
                    with block("li", goal.state.replace(" ", "-")):
                        text("span", SIGNS.get(goal.state, "○"), "sign", aria_hidden="true")
                        text("span", goal.says, "says")
                        text("span", goal.how, "about")
        if learned.story:
            text("p", learned.story.lesson, "lesson")
    _missed(found.of("late", "done_late"))
    _table("Missed or late", found.of("late", "done_late"), hand, "Nothing was missed.")
    _table("Done in time", found.of("done"), hand, "")
    _table("Still open", found.of("open"), hand, "")
    _table("Waived", found.of("waived"), hand, "")
    if learned.references:
        with block("p", "buttons save"):
            for reference in learned.references:
                text("a", f"Save {reference} as a scenario file", "as-button", href=f"/scenario/{reference}.yml", download=True)


def _missed(points: Sequence[Point]) -> None:
    """The clauses that were not kept, in words."""
    cited = dict.fromkeys(clause for point in points for clause in point.clauses[:1])
    if cited:
        text("h3", "The clauses that were not kept, in our own words", "heading")
        with block("dl", "missed", aria_label="The clauses that were not kept"):
            for clause in cited:
                text("dt", clause)
                text("dd", str(words.clauses().get(clause, {}).get("summary", "")))


def _table(caption: str, points: Sequence[Point], hand: Hand, nothing: str) -> None:
    if points:
        TableElement(f"{caption}: {len(points)}", COLUMNS, [_row(point) for point in points], hand.press, hand.timeline)
    elif nothing:
        text("p", nothing, "nothing")


def _row(point: Point) -> dict[str, Any]:
    cells = (
        {"text": point.says, "strong": point.state == "late"},
        {"text": point.owner},
        {"text": said(point.due) if point.due else "no time given"},
        {"text": point.how, "kind": "when"},
        {"clauses": list(point.clauses)},
        {"episode": point.reference},
    )
    return {"tone": point.state, "cells": cells}
