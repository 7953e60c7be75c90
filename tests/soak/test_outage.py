"""Three days in which nothing ran, with thousands of open episodes: nobody is flooded, nothing is lost, and how long it takes."""

from pathlib import Path

import pytest

from tests.delivery.test_kills import run


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("kind", "children"), [("sqlite", 10_000), ("postgresql", 2_000)])
def test_three_days_of_outage(request: pytest.FixtureRequest, tmp_path: Path, kind: str, children: int) -> None:
    url = "sqlite" if kind == "sqlite" else request.getfixturevalue("server")
    found = run("outage", url, tmp_path, children, patience=1800)
    assert found["wrong"] == []
    assert found["looked_at"] == children
