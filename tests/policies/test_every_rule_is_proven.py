"""Each rule of each pack has a scenario that fails without it: the rule is taken out, and the scenarios that cite it are played."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.simulate.expect import differences
from bot.simulate.outcome import outcome
from bot.simulate.play import play
from bot.simulate.scenario import Scenario, read
from policies.load import pack, shipped
from policies.pack import Pack

SCENARIOS = Path(__file__).parent.parent / "scenarios"
SECTIONS = ("duties", "notices", "thresholds", "blocks")
LATEST = sorted({edition.split("@")[0]: edition for edition in shipped()}.values())
RULES = [(edition, rule.id) for edition in LATEST for section in SECTIONS for rule in getattr(pack(edition), section)]


@cache
def citing(area: str) -> dict[str, list[Path]]:
    """Scenario files of an area by the rule ids that they say they prove."""
    found: dict[str, list[Path]] = {}
    for path in sorted(SCENARIOS.glob("*.yml")):
        raw = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        if str(raw.get("pack", "")).split("@")[0] == area:
            for rule in raw.get("rules") or ():
                found.setdefault(rule, []).append(path)
    return found


def without(edition: str, rule_id: str) -> Pack:
    """The pack with one rule taken out."""
    whole = pack(edition)
    kept = {section: tuple(r for r in getattr(whole, section) if r.id != rule_id) for section in SECTIONS}
    return whole.model_copy(update=kept)


def fails(scenario: Scenario, reduced: Pack) -> bool:
    """Whether the scenario's expectations no longer hold under another edition of its pack."""
    played = play(scenario, read=lambda _text, _name: reduced)
    return bool(differences(scenario, outcome(played)))


@pytest.mark.parametrize(("edition", "rule_id"), RULES)
def test_a_scenario_fails_when_the_rule_is_taken_out(edition: str, rule_id: str) -> None:
    files = citing(edition.split("@", maxsplit=1)[0]).get(rule_id, [])
    assert files, f"no scenario says (rules: …) that it proves {rule_id} of {edition}"
    reduced = without(edition, rule_id)
    assert any(fails(read(path), reduced) for path in files), f"{[f.name for f in files]} pass without {rule_id}"
