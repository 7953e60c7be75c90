"""A backup holds everything but the keys, is made while others write, and is restored into either database, or refused in a sentence."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from storage import allocations, backup, children, journal, keys, outbox, settings, verify
from storage.db import reading, transaction
from storage.engines import open_database
from storage.sealing import Vault, new_key
from storage.tables import METADATA
from tests.databases import Fresh
from tests.storage import invented
from tests.storage.invented import NOW

Empty = Callable[[], Engine]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Empty]:
    """Makes an empty database to restore into."""
    made: list[Engine] = []

    def make() -> Engine:
        kind: Fresh | None = request.getfixturevalue("empty_postgresql") if request.param == "postgresql" else None
        engine = open_database(kind() if kind else f"sqlite:///{tmp_path / f'restored-{len(made)}.db'}")
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture
def filled(engine: Engine, vault: Vault) -> Engine:
    """Two children, one merged into a younger one; an episode, its journal, a thread."""
    with transaction(engine) as session:
        episode = invented.reported(session, vault)
        other = invented.child(session, vault, forename="Sam", surname="Sample", date_of_birth="2011-01-01")
        children.merge(session, episode.child_id, other)
        journal.append_all(session, vault, [invented.entry(f"note {n} – Bête", of=episode) for n in range(5)])
        allocations.allocate(session, other, "social_worker", "ines")
        card = replace(invented.post("card", key="card:1"), state="sent", reference="m1", sent_at=NOW, episode_id=episode.id)
        outbox.queue_all(session, [card, invented.post("reply", parent=card)])
        settings.put(session, "alive", NOW.isoformat())
    return engine


def contents(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {t.name: sorted(map(tuple, connection.execute(sa.select(t))), key=repr) for t in METADATA.sorted_tables}


def test_everything_comes_back_into_either_database(filled: Engine, empty: Empty, vault: Vault, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite"
    count = backup.backup(filled, file)
    restored = empty()
    assert backup.restore(file, restored, vault) == count == sum(map(len, contents(filled).values()))
    before, after = contents(filled), contents(restored)
    assert {name for name in before if before[name] != after[name]} == {"posts"}
    with reading(restored) as session:
        assert verify.verify(session, None) == []
        assert [e.payload["note"] for e in journal.of_authority(session, vault, "bury", 0, 9)][-1] == "note 4 – Bête"


def test_what_waited_at_the_backup_is_looked_for_before_it_is_sent(filled: Engine, empty: Empty, vault: Vault, tmp_path: Path) -> None:
    file, restored = tmp_path / "backup.sqlite", empty()
    backup.backup(filled, file)
    backup.restore(file, restored, vault)
    with transaction(restored) as session:
        (reply,) = outbox.claim(session, NOW, 9, invented.MINUTE)
    assert (reply.state, reply.tried_at) == ("uncertain", reply.queued_at)


def test_a_backup_holds_no_key_that_opens_it_and_nothing_in_clear(filled: Engine, vault: Vault, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite"
    backup.backup(filled, file)
    whole = file.read_bytes()
    assert not any(key in whole for key in vault.keys)
    assert not any(name.encode() in whole for name in ("Robin", "Sample", "Bête", "CS-0042"))
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == ["backup.sqlite"]


def test_somebody_may_write_while_it_is_made(filled: Engine, empty: Empty, vault: Vault, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite"
    with transaction(filled) as session:
        settings.put(session, "half", "written")
        session.flush()
        backup.backup(filled, file)
    restored = empty()
    backup.restore(file, restored, vault)
    with reading(restored) as session:
        assert settings.get(session, "half") is None
        assert settings.get(session, "alive")


def test_without_the_keys_nothing_is_restored(filled: Engine, empty: Empty, tmp_path: Path) -> None:
    file, restored = tmp_path / "backup.sqlite", empty()
    backup.backup(filled, file)
    with pytest.raises(backup.Refused, match="that HOMEWARD_KEYS does not hold"):
        backup.restore(file, restored, Vault.from_text(new_key()))
    assert sa.inspect(restored).get_table_names() == []


def test_after_new_keys_an_old_backup_still_opens_with_the_old_ones(filled: Engine, empty: Empty, vault: Vault, tmp_path: Path) -> None:
    old, new = tmp_path / "old.sqlite", tmp_path / "new.sqlite"
    backup.backup(filled, old)
    both = Vault((*Vault.from_text(new_key()).keys, *vault.keys))
    with transaction(filled) as session:
        assert [keys.rewrap(session, both, at_most=1) for _ in range(3)] == [1, 1, 0]
        first = children.reindex(session, both, at_most=1)
        assert len(first + children.reindex(session, both, first[0])) == 2
    backup.backup(filled, new)
    newest = Vault(both.keys[:1])
    backup.restore(new, empty(), newest)
    backup.restore(old, empty(), vault)
    with pytest.raises(backup.Refused):
        backup.restore(old, empty(), newest)


def test_a_newer_schema_is_refused(filled: Engine, empty: Empty, vault: Vault, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite"
    backup.backup(filled, file)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(backup.Refused, match="newer version of Homeward"):
        backup.restore(file, empty(), vault)


def test_only_an_empty_database_is_filled_and_only_a_new_file_is_written(filled: Engine, vault: Vault, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite"
    backup.backup(filled, file)
    with pytest.raises(backup.Refused, match="not empty"):
        backup.restore(file, filled, vault)
    with pytest.raises(backup.Refused, match="exists already"):
        backup.backup(filled, file)


@pytest.mark.parametrize("harm", ["cut", "other", "nothing"])
def test_what_is_no_whole_backup_is_refused(sqlite: Engine, empty: Empty, vault: Vault, tmp_path: Path, harm: str) -> None:
    file = tmp_path / "backup.sqlite"
    if harm == "cut":
        backup.backup(sqlite, file)
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif harm == "other":
        with sqlite3.connect(file) as connection:
            connection.execute("CREATE TABLE other (id)")
        connection.close()
    with pytest.raises(backup.Refused):
        backup.restore(file, empty(), vault)
