"""A training room that is killed, wherever that may be, goes on where it was."""

import json
import subprocess
import sys
from pathlib import Path

from tests.bot.processes import environment

ROOT = Path(__file__).parents[2]


def test_killed_again_and_again_it_tells_the_same_story(tmp_path: Path) -> None:
    commits = ("1", "2", "12", "33", "90")  # the first is cut off while it makes its files
    command = [sys.executable, "-m", "tests.bot.story", str(tmp_path), *commits]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["survived"] == []
    assert any("strategy discussion" in post[-1] for post in said["whole"])
    assert said["cut"] == said["whole"]
