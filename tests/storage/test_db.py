"""Transactions that lose nothing, readers that wait for nobody, moments that are always UTC."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from policies.worktime import LONDON
from storage import clocks, receipts, settings
from storage.creating import create_all
from storage.db import Session, reading, transaction
from storage.engines import open_database
from storage.errors import Busy, Unavailable
from storage.sealing import Vault
from storage.tables import RECEIPTS
from tests.databases import run_on
from tests.storage import invented

LOCAL = timezone(timedelta(hours=1))


def test_a_moment_of_any_zone_comes_back_as_utc(engine: Engine) -> None:
    with transaction(engine) as session:
        receipts.keep(session, "press", {}, datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=LOCAL))
    with reading(engine) as session:
        kept = session.scalars(sa.select(RECEIPTS.c.at)).one()
    assert kept == datetime(2026, 7, 1, 11, 0, 0, 123456, tzinfo=UTC)
    assert kept.tzinfo is UTC


def test_both_moments_of_an_hour_that_comes_twice_are_kept(engine: Engine) -> None:
    twice = [datetime(2026, 10, 25, 1, 30, fold=fold, tzinfo=LONDON) for fold in (0, 1)]  # which Python takes for equal
    with transaction(engine) as session:
        for moment in twice:
            receipts.keep(session, f"press:{moment.fold}", {}, moment)
    with reading(engine) as session:
        kept = sorted(session.scalars(sa.select(RECEIPTS.c.at)))
    assert kept == [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    with pytest.raises((ValueError, sa.exc.StatementError), match="without a time zone"), transaction(engine) as session:
        receipts.keep(session, "press", {}, datetime(2026, 7, 1, 12))  # noqa: DTZ001 - what is refused


def test_an_error_rolls_everything_back(engine: Engine) -> None:
    with suppress(ZeroDivisionError), transaction(engine) as session:
        settings.put(session, "clock", "moved")
        raise ZeroDivisionError
    with reading(engine) as session:
        assert settings.get(session, "clock") is None


def test_a_reading_transaction_cannot_write(engine: Engine) -> None:
    with pytest.raises((sa.exc.DBAPIError, Unavailable), match=r"may not be written|read-only"), reading(engine) as session:
        settings.put(session, "clock", "moved")
    with transaction(engine) as session:  # the same connection, again from the pool
        settings.put(session, "clock", "moved")
    with reading(engine) as session:
        assert settings.get(session, "clock") == "moved"


def test_a_reader_sees_the_last_commit_while_somebody_writes(engine: Engine) -> None:
    with transaction(engine) as session:
        settings.put(session, "clock", "before")
    with transaction(engine) as writer:
        settings.put(writer, "clock", "after")
        with reading(engine) as reader:
            assert settings.get(reader, "clock") == "before"


def test_no_update_is_lost_between_threads(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        settings.put(session, "count", "0")

    def count(_: int) -> None:
        with transaction(sqlite) as session:
            settings.put(session, "count", str(int(settings.get(session, "count") or 0) + 1))

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(count, range(200)))
    with reading(sqlite) as session:
        assert settings.get(session, "count") == "200"


def test_a_row_that_refers_to_nothing_is_refused(engine: Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError), transaction(engine) as session:
        invented.episode(session, "nobody")


def test_a_database_in_memory_has_tables_at_once(vault: Vault) -> None:
    engine = open_database("sqlite://")
    create_all(engine)
    with transaction(engine) as session:
        assert invented.reported(session, vault).status == "open"
    engine.dispose()


def test_a_writer_in_a_hurry_gives_up_soon_and_writes_nothing(engine: Engine) -> None:
    with transaction(engine) as slow:
        settings.put(slow, "clock", "held")
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(hurried, engine)
            with pytest.raises(Busy):
                waiting.result(timeout=10)
    with transaction(engine, patience=5) as session:
        assert settings.get(session, "clock") == "held"


def hurried(engine: Engine) -> None:
    with transaction(engine, patience=0.1) as session:
        settings.put(session, "clock", "overwritten")


def test_a_full_disk_is_said_in_a_sentence_and_nothing_is_half_saved(sqlite: Engine) -> None:
    def fill(connection: SQLiteConnection, _entry: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 2}")

    with transaction(sqlite) as session:
        settings.put(session, "before", "kept")
    sqlite.dispose()
    sa.event.listen(sqlite, "connect", fill)
    with pytest.raises(Unavailable, match="The disk is full"), transaction(sqlite) as session:
        put(session, small="x", large="x" * 100_000)
    with reading(sqlite) as session:
        assert settings.get(session, "before") == "kept"
        assert settings.get(session, "small") is None
    sa.event.remove(sqlite, "connect", fill)
    sqlite.dispose()
    with transaction(sqlite) as session:
        settings.put(session, "large", "x" * 100_000)


def test_a_database_that_is_gone_is_said_in_a_sentence_and_is_used_again_when_it_is_back(postgresql: Engine, server: str) -> None:
    with transaction(postgresql) as session:
        settings.put(session, "before", "kept")
    name = postgresql.url.database
    run_on(server, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    run_on(server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    for _ in range(2):
        with pytest.raises(Unavailable, match="does not answer"), transaction(postgresql) as session:
            settings.put(session, "lost", "x")
    run_on(server, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    with transaction(postgresql) as session:
        assert settings.get(session, "before") == "kept"
        assert settings.get(session, "lost") is None


def test_a_connection_that_is_cut_during_a_transaction_saves_nothing(postgresql: Engine, server: str) -> None:
    with pytest.raises(Unavailable), transaction(postgresql) as session:
        cut(session, server)
    with reading(postgresql) as session:
        assert settings.get(session, "half") is None


def put(session: Session, **values: str) -> None:
    for name, value in values.items():
        settings.put(session, name, value)


def cut(session: Session, server: str) -> None:
    put(session, half="x")
    name = session.get_bind().engine.url.database
    run_on(server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def test_a_file_that_another_program_holds_is_said_in_a_sentence(sqlite: Engine) -> None:
    other = SQLiteConnection(str(sqlite.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy, match="Somebody else"), transaction(sqlite, patience=0.1) as session:
        settings.put(session, "clock", "x")
    other.close()


def test_a_new_file_is_its_owners_alone_and_so_is_what_stands_beside_it(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/new.sqlite")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    engine.dispose()
    assert modes == dict.fromkeys(("new.sqlite", "new.sqlite-wal", "new.sqlite-shm"), 0o600)


def test_a_clock_that_does_not_go_with_the_databases_is_named_where_several_machines_share_one(engine: Engine) -> None:
    shared = engine.dialect.name == "postgresql"
    with reading(engine) as session:
        now = session.scalar(sa.text("SELECT clock_timestamp()")) if shared else datetime(2026, 2, 2, tzinfo=UTC)
        assert clocks.apart(session, now) is None
        said = [clocks.apart(session, now + timedelta(minutes=by)) for by in (16, -16)]
    assert [bool(sentence) for sentence in said] == [shared, shared]
    assert not shared or ("16 min ahead of the database's" in str(said[0]) and "16 min behind" in str(said[1])), said
