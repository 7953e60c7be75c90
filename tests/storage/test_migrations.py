"""The migrations make what the tables say, down to indexes, constraints and triggers."""

import re
import subprocess
import sys
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from storage import journal
from storage.creating import create_all, upgrade
from storage.db import transaction
from storage.engines import open_database
from storage.sealing import Vault
from storage.tables import METADATA
from tests.databases import Fresh
from tests.storage import invented

POSTGRESQL_SCHEMA = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
    " WHERE table_schema = 'public' AND table_name <> 'alembic_version'",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def test_alembic_finds_no_difference(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_sqlite_gets_the_same_statements_from_both(sqlite: Engine) -> None:
    direct = open_database("sqlite://")
    create_all(direct)
    assert sqlite_schema(sqlite) == sqlite_schema(direct)
    direct.dispose()


def sqlite_schema(engine: Engine) -> dict[str, list[str]]:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'")
        return {name: clauses_of(statement) for name, statement in rows}


def clauses_of(statement: str) -> list[str]:
    """The columns in their order, then the constraints, whose order means nothing."""
    plain = re.sub(r"\s+", " ", statement).removesuffix(")")
    return sorted(clause.strip() for clause in re.split(r",(?= CONSTRAINT)", plain))


@pytest.mark.parametrize("part", POSTGRESQL_SCHEMA)
def test_postgresql_gets_the_same_schema_from_both(postgresql: Engine, empty_postgresql: Fresh, part: str) -> None:
    direct = open_database(empty_postgresql())
    create_all(direct)
    statement = POSTGRESQL_SCHEMA[part]
    migrated, made = (sorted(map(tuple, rows_of(engine, statement))) for engine in (postgresql, direct))
    direct.dispose()
    assert migrated == made
    assert made


def rows_of(engine: Engine, statement: str) -> list[sa.Row[Any]]:
    with engine.connect() as connection:
        return list(connection.exec_driver_sql(statement).all())


def test_upgrading_again_keeps_everything_and_puts_lost_triggers_back(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        journal.append(session, vault, invented.entry("kept"))
    drop_triggers(engine)
    assert not triggers_of(engine)
    upgrade(engine)
    for statement in ("UPDATE journal SET actor = 'nobody'", "DELETE FROM journal"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as connection:
            connection.exec_driver_sql(statement)


def drop_triggers(engine: Engine) -> None:
    table = " ON journal" if engine.dialect.name == "postgresql" else ""
    for trigger in triggers_of(engine):
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}{table}")


def triggers_of(engine: Engine) -> list[str]:
    inspected = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    return [row[0] for row in rows_of(engine, inspected[engine.dialect.name])]


def test_processes_that_start_at_once_migrate_in_turn(empty_postgresql: Fresh) -> None:
    url = empty_postgresql()
    program = (
        "import sys; from storage.creating import upgrade; from storage.engines import open_database; upgrade(open_database(sys.argv[1]))"
    )
    started = [subprocess.Popen([sys.executable, "-c", program, url]) for _ in range(3)]
    assert [process.wait() for process in started] == [0, 0, 0]
    engine = open_database(url)
    assert len(rows_of(engine, "SELECT * FROM alembic_version")) == 1
    engine.dispose()


def test_a_migration_that_leaves_a_dangling_reference_is_rolled_back(sqlite: Engine) -> None:
    with sqlite.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        with connection.begin():
            connection.exec_driver_sql("INSERT INTO allocations VALUES ('nobody', 'social_worker', 'sam.sample')")
    with pytest.raises(RuntimeError, match="allocations"):
        upgrade(sqlite)


def test_foreign_keys_hold_again_after_an_upgrade(sqlite: Engine) -> None:
    upgrade(sqlite)
    with pytest.raises(sa.exc.IntegrityError), transaction(sqlite) as session:
        invented.episode(session, "nobody")
