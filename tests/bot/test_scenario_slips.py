"""A scenario file written wrong is answered with one sentence that names the place."""

from pathlib import Path
from typing import Any

import pytest

from bot.simulate.expect import differences
from bot.simulate.reading import read
from bot.simulate.scenario import ScenarioError

HEAD = "title: x\npack: bury\nuntil: 2026-06-02T10:00\n"
STEP = "timeline:\n  - {at: 2026-06-01T10:00, do: report, category: missing}\n"
CAME: dict[str, Any] = {"obligations": [], "messages": [], "refused": [], "episode": None}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("timeline: nothing", "'timeline' is a list: begin each entry on a line of its own with '- '"),
        ("timeline: [report]", "step 1: write it as {key: value, …}, not as 'report'"),
        ("timeline: [{do: report}]", "step 1: 'at' is missing"),
        ("timeline: [{at: noon, do: report}]", "step 1: 'noon' is not a time; write 2026-02-01T22:15"),
        ("timeline: [{at: 2026-06-01T10:00, do: set, facts: [high]}]", "step 1: facts is written as {key: value, …}, not as '['high']'"),
        ("previous: [{category: missing, from: 2026-01-02}]", "earlier episode 1: 'to' is missing"),
        ("previous: [{category: missing, from: 2026-01-02, to: 2026-01-01}]", "earlier episode 1: it ended before it began"),
        ("empty_roles: [teem_manager]", "'empty_roles' is a list of roles, and 'teem_manager' is none; did you mean 'team_manager'?"),
        (
            "holders: {team_manager: many}",
            "'holders' says how many people hold a role, and team_manager has 'many'; for nobody use 'empty_roles'",
        ),
    ],
)
def test_a_slip_in_a_scenario_is_named(text: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(f"{HEAD}{text}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as told:
        read(file)
    assert str(told.value) == f"{file}: {says}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("obligations: {action: strategy_meeting}", "'obligations' is a list: begin each entry on a line of its own with '- '"),
        ("messages: [{at: noon}]", "expect.messages 1: 'noon' is not a time; write 2026-02-01T22:15"),
        ("absent: [strategy_meeting]", "expect.absent 1: write it as {key: value, …}, not as 'strategy_meeting'"),
        ("refused: 2", "expect.refused is a list of the numbers of steps, such as [2, 5]"),
    ],
)
def test_a_slip_in_what_is_expected_is_named(text: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(f"{HEAD}{STEP}expect:\n  {text}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as told:
        differences(read(file), CAME)
    assert str(told.value) == f"{file}: {says}"
