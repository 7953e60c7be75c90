"""Every scenario is played as `homeward simulate` plays it, and comes to what it expects; every rule has one that fails without it."""

from pathlib import Path
from typing import Any

import pytest

from bot.simulate.play import Played, play
from bot.simulate.run import Asked, run
from bot.simulate.scenario import Scenario
from policies.load import pack
from tests.proving import LATEST, SECTIONS, claimed, not_needed

SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("*.yml"))


RULES = [(area, rule.id) for area, edition in LATEST.items() for section in SECTIONS for rule in getattr(pack(edition), section)]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_scenario_comes_to_what_it_expects_and_not_without_a_rule_it_proves(path: Path) -> None:
    complaints: list[str] = []
    plays: list[Played] = []

    def watched(scenario: Scenario, **how: Any) -> Played:
        plays.append(play(scenario, **how))
        return plays[-1]

    code = run([path], Asked(), lambda _: None, complaints.append, watched)
    assert complaints == []
    assert code == 0
    area, rules = claimed(path)
    assert not_needed(plays[0], area, rules) == [], "it passes without these rules, so it proves nothing about them"


@pytest.mark.parametrize("area", LATEST)
def test_every_rule_is_proven_by_a_scenario(area: str) -> None:
    proven = {rule for path in SCENARIOS for of, rules in (claimed(path),) if of == area for rule in rules}
    rules = {rule for of, rule in RULES if of == area}
    assert rules - proven == set(), "no scenario says (rules: …) that it proves them"
    assert proven - rules == set(), "no rule of the pack is called so"


def test_there_is_a_scenario_for_what_the_bot_does_whatever_the_protocol() -> None:
    core = {path.stem.removeprefix("core-") for path in SCENARIOS if path.stem.startswith("core-")}
    assert core >= {
        "acknowledge-before-due",
        "acknowledge-after-due",
        "corrected-to-earlier",
        "corrected-to-later",
        "extended",
        "undone-and-reopened",
        "empty-role",
        "night-and-weekend",
    }
