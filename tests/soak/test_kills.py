"""Two hundred random kills under load, on both databases, with one, two and four processes; one at every commit on PostgreSQL."""

from pathlib import Path

import pytest

from tests.delivery.test_kills import killed_at_every_commit, run


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("kind", "processes"), [("sqlite", 1), ("postgresql", 1), ("postgresql", 2), ("postgresql", 4)])
def test_two_hundred_random_kills(request: pytest.FixtureRequest, tmp_path: Path, kind: str, processes: int) -> None:
    url = "sqlite" if kind == "sqlite" else request.getfixturevalue("server")
    found = run("load", url, tmp_path, processes, 200, processes, patience=1200)
    assert found["wrong"] == []
    assert found["kills"] == 200


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_killed_before_and_after_every_commit_on_postgresql(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    killed_at_every_commit(request, tmp_path, "postgresql", 1)
