"""The files of a training room."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import Unusable
from bot.sandbox.files import MOMENT, open_files
from storage import settings
from storage.db import reading
from storage.sealing import new_key

NOW = datetime(2026, 2, 1, 22, 15, tzinfo=UTC)


def opened(database: Path, now: datetime = NOW) -> str | None:
    found = open_files(database, now)
    with reading(found.engine) as session:
        moment = settings.get(session, MOMENT)
    found.engine.dispose()
    return moment


def test_the_clock_starts_once_and_stands_where_it_was_left(tmp_path: Path) -> None:
    database = tmp_path / "room.sqlite"
    assert opened(database) == NOW.isoformat()
    assert opened(database, datetime(2026, 5, 5, tzinfo=UTC)) == NOW.isoformat()


def test_a_start_that_was_cut_off_is_begun_again(tmp_path: Path) -> None:
    database = tmp_path / "room.sqlite"
    (tmp_path / "room.sqlite.new").write_bytes(b"half of a database")
    (tmp_path / "room.sqlite.new-wal").write_bytes(b"half of a log")
    (tmp_path / "room.key.new").write_text("half of a key")
    assert opened(database) == NOW.isoformat()


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(database)) as other:
        other.execute("CREATE TABLE settings (name TEXT, value TEXT)")
    before = database.read_bytes()
    with pytest.raises(Unusable, match="was not made by a sandbox"):
        opened(database)
    assert database.read_bytes() == before
    assert list(tmp_path.iterdir()) == [database]


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear all")
    with pytest.raises(Unusable, match="was not made by a sandbox"):
        opened(letter)
    assert letter.read_text() == "Dear all"


def test_without_its_key_a_room_says_what_is_missing(tmp_path: Path) -> None:
    database = tmp_path / "room.sqlite"
    opened(database)
    (tmp_path / "room.key").unlink()
    with pytest.raises(Unusable, match=r"room\.key is missing"):
        opened(database)
    assert not (tmp_path / "room.key").exists()


def test_with_the_key_of_another_room_it_says_so(tmp_path: Path) -> None:
    database = tmp_path / "room.sqlite"
    opened(database)
    (tmp_path / "room.key").write_text(new_key())
    with pytest.raises(Unusable, match="does not fit"):
        opened(database)


def test_a_broken_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "room.key").write_text("not a key")
    with pytest.raises(Unusable, match="does not hold a key"):
        opened(tmp_path / "room.sqlite")
