"""Processes are killed: at every commit, and at random under load. Nothing is lost, nothing comes twice."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def run(module: str, *arguments: object, patience: float = 600) -> dict[str, Any]:
    """A module of these tests in a process of its own, which forks; gives what it printed."""
    command = [sys.executable, "-m", f"tests.delivery.{module}", *map(str, arguments)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=patience, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    print(module, {name: value for name, value in found.items() if name != "wrong"})
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("kind", "every"), [("sqlite", 1), ("postgresql", 6)])  # every one on PostgreSQL: `make soak`
def test_killed_before_and_after_every_commit_the_story_is_told_as_if_nothing_had_happened(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str, every: int
) -> None:
    killed_at_every_commit(request, tmp_path, kind, every)


def killed_at_every_commit(request: pytest.FixtureRequest, folder: Path, kind: str, every: int) -> None:
    """Or at every so many of them."""
    found = run("kills", kind if kind == "sqlite" else request.getfixturevalue("server"), folder, every)
    assert found["wrong"] == []
    assert found["commits"] > 30
    assert found["kills"] == 2 * -(-found["commits"] // every)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("kind", "processes"), [("sqlite", 1), ("postgresql", 2)])
def test_twenty_random_kills_under_load(request: pytest.FixtureRequest, tmp_path: Path, kind: str, processes: int) -> None:
    url = "sqlite" if kind == "sqlite" else request.getfixturevalue("server")
    found = run("load", url, tmp_path, processes, 20, 7)
    assert found["wrong"] == []
    assert found["messages"] > 150
