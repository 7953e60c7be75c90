"""The command line: what each command says, and how it ends."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.sandbox.files import open_files
from storage.sealing import new_key
from tests.bot.processes import configured, run
from tests.bot.story import START, play

PACKS = Path(__file__).parents[2] / "policies" / "packs"
COMMANDS = [
    "sandbox",
    "serve",
    "simulate",
    "packs list",
    "packs show",
    "packs check",
    "packs diff",
    "packs coverage",
    "packs words",
    "packs adopt",
    "audit verify",
    "db upgrade",
    "db backup",
    "db restore",
    "db rekey",
    "report open",
    "doctor",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, tmp_path: Path) -> None:
    said = run(tmp_path, *command.split(), "--help")
    assert said.returncode == 0
    assert "Example:" in said.stdout
    assert f"homeward {command}" in said.stdout


def test_help_reads_only_what_it_needs() -> None:
    heavy = {"alembic", "fastapi", "nicegui", "pydantic", "sqlalchemy", "sqlmodel", "yaml"}
    listed = "import sys, bot.main; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True).stdout.split()
    assert heavy.isdisjoint(loaded)


def test_packs_are_listed_shown_and_checked(tmp_path: Path) -> None:
    assert "triborough@2017-12-01" in run(tmp_path, "packs", "list").stdout
    shown = run(tmp_path, "packs", "show", "triborough").stdout
    assert "Hold the strategy discussion with police" in shown
    assert "TRI-079" in shown
    assert run(tmp_path, "packs", "check", str(PACKS / "triborough" / "2017-12-01.yaml")).returncode == 0


def test_a_pack_with_a_mistake_is_a_problem_and_a_pack_that_is_not_there_is_misuse(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    text = (PACKS / "triborough" / "2017-12-01.yaml").read_text(encoding="utf-8")
    wrong.write_text(text.replace("owner: social_worker", "owner: socal_worker", 1), encoding="utf-8")
    checked = run(tmp_path, "packs", "check", str(wrong))
    assert (checked.returncode, checked.stdout) == (1, "")
    assert "did you mean 'social_worker'?" in checked.stderr
    missing = run(tmp_path, "packs", "show", "tribourough")
    assert missing.returncode == 2
    assert "did you mean 'triborough'?" in missing.stderr


def test_the_journal_is_whole_until_somebody_changes_it(tmp_path: Path) -> None:
    database = tmp_path / "homeward-sandbox.sqlite"
    play(database)
    whole = run(tmp_path, "audit", "verify", "--database", str(database))
    assert (whole.returncode, whole.stdout[:48]) == (0, "Nothing was changed, removed, moved or inserted.")
    with sqlite3.connect(database) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'").fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute("UPDATE journal SET actor = 'nobody' WHERE seq = 1")
    connection.close()
    changed = run(tmp_path, "audit", "verify", "--database", str(database))
    assert changed.returncode == 1
    assert "Entry 1 (" in changed.stdout
    assert "was changed after it was written" in changed.stdout


def test_a_database_that_is_not_there_is_not_made_by_asking(tmp_path: Path) -> None:
    said = run(tmp_path, "audit", "verify", env={"DATABASE_URL": "sqlite:///nowhere.sqlite"})
    assert said.returncode == 2
    assert "There is no database" in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_is_none_is_refused_without_showing_it(tmp_path: Path) -> None:
    said = run(tmp_path, "db", "upgrade", env={"DATABASE_URL": "oracle://scott:tiger@example.org/x"})
    assert said.returncode == 2
    assert "SQLite or PostgreSQL" in said.stderr
    assert "tiger" not in said.stderr


def test_an_upgrade_makes_a_database_once(tmp_path: Path) -> None:
    first = run(tmp_path, "db", "upgrade", "--database", "new.sqlite")
    again = run(tmp_path, "db", "upgrade", "--database", "new.sqlite")
    assert "is at the newest schema now" in first.stdout
    assert "was at the newest schema already" in again.stdout


def test_the_doctor_names_what_is_missing_and_then_is_content(tmp_path: Path) -> None:
    ill = run(tmp_path, "doctor")
    assert ill.returncode == 1
    assert "no  configuration: There is no homeward.yml" in ill.stdout
    assert "no  keys: HOMEWARD_KEYS is not set" in ill.stdout
    configured(tmp_path)
    well = run(tmp_path, "doctor", env={"HOMEWARD_KEYS": new_key()})
    assert well.returncode == 0
    assert "homeward.yml names 1 authorities and 5 people" in well.stdout


def test_training_and_serving_never_share_a_database(tmp_path: Path) -> None:
    open_files(tmp_path / "room.sqlite", START).engine.dispose()
    configured(tmp_path)
    env = {"DATABASE_URL": "sqlite:///room.sqlite", "HOMEWARD_KEYS": new_key()}
    refused = run(tmp_path, "serve", "--port", "0", env=env)
    assert refused.returncode == 2
    assert "belongs to a sandbox" in refused.stderr
