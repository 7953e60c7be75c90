"""The database's own commands, as the person who looks after it types them."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage import children
from storage.db import reading, transaction
from storage.engines import open_database
from storage.sealing import Vault, new_key
from tests.bot.processes import run
from tests.storage import invented

OLD, NEW = new_key(), new_key()


@pytest.fixture
def folder(sqlite: Engine) -> Path:
    """A folder with `homeward.db`, in which one child is."""
    with transaction(sqlite) as session:
        invented.reported(session, Vault.from_text(OLD))
    return Path(str(sqlite.url.database)).parent


def test_a_backup_is_restored_and_its_keys_are_changed(folder: Path) -> None:
    made = run(folder, "db", "backup", "copy.sqlite", "--database", "homeward.db")
    assert (made.returncode, made.stderr) == (0, "")
    restored = run(folder, "db", "restore", "copy.sqlite", "--database", "again.db", env={"HOMEWARD_KEYS": OLD})
    assert (restored.returncode, restored.stderr) == (0, "")
    changed = run(folder, "db", "rekey", "--database", "again.db", env={"HOMEWARD_KEYS": f"{NEW},{OLD}"})
    assert changed.stdout == "1 data keys are wrapped with the newest key, 1 children indexed with it.\n"
    engine = open_database(f"sqlite:///{folder / 'again.db'}")
    with reading(engine) as session:
        assert children.with_case_reference(session, Vault.from_text(NEW), "bury", "CS-0042")
    engine.dispose()


def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(folder: Path) -> None:
    (folder / "copy.sqlite").write_bytes(b"something else")
    refused = run(folder, "db", "restore", "copy.sqlite", "--database", "again.db", env={"HOMEWARD_KEYS": OLD})
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "is not a whole backup" in refused.stderr
    nowhere = run(folder, "db", "backup", "no/such/folder.sqlite", "--database", "homeward.db")
    assert (nowhere.returncode, nowhere.stderr.count("\n")) == (2, 1)
    assert "could not be written, and nothing of it is left: No such file or directory." in nowhere.stderr
    wrong = run(folder, "db", "rekey", "--database", "homeward.db", env={"HOMEWARD_KEYS": NEW})
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
    assert "a master key that is not configured. Give HOMEWARD_KEYS that key too" in wrong.stderr
