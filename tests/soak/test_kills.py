"""Two hundred random kills under load, on both databases, with one, two and four processes."""

from pathlib import Path

import pytest

from tests.delivery.test_kills import run


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("kind", "processes"), [("sqlite", 1), ("postgresql", 1), ("postgresql", 2), ("postgresql", 4)])
def test_two_hundred_random_kills(request: pytest.FixtureRequest, tmp_path: Path, kind: str, processes: int) -> None:
    url = "sqlite" if kind == "sqlite" else request.getfixturevalue("server")
    found = run("load", url, tmp_path, processes, 200, processes, patience=1200)
    assert found["wrong"] == []
    assert found["kills"] == 200
