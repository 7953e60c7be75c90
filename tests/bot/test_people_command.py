"""`homeward people`: what it prints, and how it ends."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from bot.errors import Unusable
from bot.main import app
from storage.sealing import new_key
from tests.bot.slack.scene import HOMEWARD_YML


@pytest.fixture
def run(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "type[Run]":
    (tmp_path / "homeward.yml").write_text(HOMEWARD_YML, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{sqlite.url.database}")
    monkeypatch.setenv("HOMEWARD_KEYS", new_key())
    return Run


class Run:
    """A command and what came of it."""

    def __init__(self, *typed: str) -> None:
        found = CliRunner().invoke(app, ["people", *typed], standalone_mode=False)
        self.error, self.said = found.exception, found.output
        self.ended = found.return_value if isinstance(found.return_value, int) else found.exit_code


def test_check_names_what_is_wrong_and_ends_with_one(run: type[Run]) -> None:
    found = run("check")
    assert "Westbrook: Dr Leo Adair (nurse.one) has no account" in found.said
    assert found.ended == 1


def test_suspending_from_the_command_line_shows_in_the_check(run: type[Run]) -> None:
    given = ("--authority", "westbrook", "--by", "coordinator.one", "--reason", "telephone stolen")
    assert "Tom Arkwell is suspended" in run("suspend", "manager.one", *given).said
    assert "Westbrook: Tom Arkwell is suspended since" in run("check").said
    assert "No team manager" in run("check").said
    assert "can act again" in run("restore", "manager.one", *given).said
    refused = run("suspend", "manager.one", "--authority", "westbrook", "--by", "worker.one", "--reason", "x")
    assert isinstance(refused.error, Unusable)
    assert "Ask a head of service or the coordinator" in str(refused.error)
