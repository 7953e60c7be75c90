"""Each rule of each pack has a scenario that fails without it.

A scenario that says `rules: [...]` is played once. Then each of those rules is taken out of the pack, the engine derives
again from the same history, and what it no longer asks for is missing from the outcome: an expectation must notice.
A block is about what is refused, so there the scenario is played again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.simulate.expect import differences
from bot.simulate.outcome import outcome
from bot.simulate.play import Played, play
from bot.simulate.scenario import Scenario, read
from handlers.case import Case, look
from policies.load import pack, shipped
from policies.obligations import derive
from policies.pack import Pack
from storage.episodes import of_child

SCENARIOS = Path(__file__).parent.parent / "scenarios"
SECTIONS = ("duties", "notices", "thresholds", "blocks")
LATEST = sorted({edition.split("@", 1)[0]: edition for edition in shipped()}.values())
RULES = [(edition, section, rule.id) for edition in LATEST for section in SECTIONS for rule in getattr(pack(edition), section)]


@dataclass(frozen=True)
class Story:
    """A scenario that was played, and the cases it left."""

    scenario: Scenario
    came: dict[str, Any]
    cases: tuple[Case, ...]


@cache
def citing(area: str) -> dict[str, list[Path]]:
    """Scenario files of an area by the rule ids that they say they prove."""
    found: dict[str, list[Path]] = {}
    for path in sorted(SCENARIOS.glob("*.yml")):
        raw = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        if str(raw.get("pack", "")).split("@", 1)[0] == area:
            for rule in raw.get("rules") or ():
                found.setdefault(rule, []).append(path)
    return found


@cache
def told(path: Path) -> Story:
    """The story of one file, played once in a process."""
    scenario = read(path)
    played = play(scenario)
    return Story(scenario, outcome(played), cases(played))


def cases(played: Played) -> tuple[Case, ...]:
    """The case of each episode at the end."""
    with played.stage.desks_at(played.scenario.until)() as desk:
        rows = [r for r in of_child(desk.session, played.child_id) if r.number > len(played.scenario.previous)]
        return tuple(look(desk, row) for row in rows)


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


def refuses_less(path: Path, reduced: Pack) -> bool:
    """Whether the scenario fails when it is played without the block."""
    scenario = read(path)
    return bool(differences(scenario, outcome(play(scenario, read=lambda _text, _name: reduced))))


@pytest.mark.parametrize(("edition", "section", "rule_id"), RULES)
def test_a_scenario_fails_when_the_rule_is_taken_out(edition: str, section: str, rule_id: str) -> None:
    files = citing(edition.split("@", 1)[0]).get(rule_id, [])
    assert files, f"no scenario says (rules: …) that it proves {rule_id} of {edition}"
    reduced = without(edition, rule_id)
    proven = any(refuses_less(f, reduced) if section == "blocks" else notices_it(told(f), reduced) for f in files)
    assert proven, f"{[f.name for f in files]} pass without {rule_id}"
