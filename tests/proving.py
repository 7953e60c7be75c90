"""Whether a scenario fails without a rule: taken out of the pack, what it asks for is missing from what came.

The engine derives again from the same history. A block is about what is refused, so there the scenario is played again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.simulate.expect import differences
from bot.simulate.outcome import outcome
from bot.simulate.play import Played, play
from bot.simulate.scenario import Scenario
from handlers.case import Case, look
from policies.load import pack, shipped
from policies.obligations import derive
from policies.pack import Pack
from storage.episodes import of_child

SECTIONS = ("duties", "notices", "thresholds", "blocks")
LATEST = {edition.split("@", 1)[0]: edition for edition in sorted(shipped())}


@dataclass(frozen=True)
class Story:
    """A scenario that was played, and the cases it left."""

    scenario: Scenario
    came: dict[str, Any]
    cases: tuple[Case, ...]


def claimed(path: Path) -> tuple[str, list[str]]:
    """The area of a scenario, and the rules that it says it proves."""
    raw = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return str(raw.get("pack", "")).split("@", 1)[0], raw.get("rules") or []


def not_needed(played: Played, area: str, rules: list[str]) -> list[str]:
    """Those of the rules without which the scenario passes all the same."""
    if not rules:
        return []
    story = told(played)
    return [rule for rule in rules if not is_needed(story, LATEST[area], rule)]


def is_needed(story: Story, edition: str, rule_id: str) -> bool:
    reduced = without(edition, rule_id)
    is_block = any(rule.id == rule_id for rule in pack(edition).blocks)
    return refuses_less(story.scenario, reduced) if is_block else notices_it(story, reduced)


def told(played: Played) -> Story:
    """The story, and the case of each episode at its end."""
    with played.stage.desks_at(played.scenario.until)() as desk:
        rows = [r for r in of_child(desk.session, played.child_id) if r.number > len(played.scenario.previous)]
        cases = tuple(look(desk, row) for row in rows)
    return Story(played.scenario, outcome(played), cases)


def without(edition: str, rule_id: str) -> Pack:
    """The pack with one rule taken out."""
    whole = pack(edition)
    return whole.model_copy(update={section: tuple(r for r in getattr(whole, section) if r.id != rule_id) for section in SECTIONS})


def still_asked(story: Story, reduced: Pack) -> set[tuple[int, str]]:
    """(episode, rule) of everything the reduced pack still asks for or tells, at the end and at each step of the timeline."""
    moments = {story.scenario.until, *(step.at for step in story.scenario.timeline)}
    kept = set()
    for number, case in enumerate(story.cases, 1):
        for moment in moments:
            derived = derive(reduced, case.child, case.episode, case.calendar, moment)
            kept |= {(number, o.duty.id) for o in derived.obligations} | {(number, t.rule.id) for t in derived.tellings}
    return kept


def notices_it(story: Story, reduced: Pack) -> bool:
    """Whether an expectation fails on what is left of the outcome."""
    asked = still_asked(story, reduced)
    known = {r.id for section in SECTIONS for r in getattr(story.cases[0].pack, section)}
    left = {
        **story.came,
        "obligations": [o for o in story.came["obligations"] if (o["episode"], o["rule"]) in asked],
        "messages": [
            m for m in story.came["messages"] if m["rule"] not in known or (m["episode"], m["rule"]) in asked or m["episode"] is None
        ],
    }
    return bool(differences(story.scenario, left))


def refuses_less(scenario: Scenario, reduced: Pack) -> bool:
    """Whether the scenario fails when it is played without the block."""
    return bool(differences(scenario, outcome(play(scenario, read=lambda _text, _name: reduced))))
