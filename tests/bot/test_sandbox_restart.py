"""A training room that is killed, wherever that may be, goes on where it was."""

import json
import subprocess
import sys
from pathlib import Path

from tests.bot.processes import environment

ROOT = Path(__file__).parents[2]


def play(database: Path, *commits: int) -> list[list[str]] | None:
    """The posts at the end of the story; None when it was killed on the way."""
    command = [sys.executable, "-m", "tests.bot.story", str(database), *map(str, commits)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    if done.returncode == -9:
        return None
    assert done.returncode == 0, done.stderr
    posts: list[list[str]] = json.loads(done.stdout)
    return posts


def test_killed_again_and_again_it_tells_the_same_story(tmp_path: Path) -> None:
    whole = play(tmp_path / "whole.sqlite")
    assert whole is not None
    assert any("strategy discussion" in post[-1] for post in whole)
    for commits in (1, 2, 12, 33, 90):  # the first is cut off while it makes its files
        assert play(tmp_path / "cut.sqlite", commits) is None
    assert play(tmp_path / "cut.sqlite") == whole
