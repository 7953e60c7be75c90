"""Every scenario is played as `homeward simulate` plays it, and comes to what it expects."""

from pathlib import Path

import pytest

from bot.simulate.run import Asked, run

SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("*.yml"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_scenario_comes_to_what_it_expects(path: Path) -> None:
    complaints: list[str] = []
    code = run([path], Asked(), lambda _: None, complaints.append)
    assert complaints == []
    assert code == 0


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
