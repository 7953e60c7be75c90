"""Bringing a database to the newest schema, from a checkout or an installed wheel."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine


def to_head(engine: Engine) -> None:
    """Run every migration the database has not seen, in one transaction."""
    with engine.connect() as connection:
        keep_rows = engine.dialect.name == "sqlite"
        if keep_rows:
            _foreign_keys(connection, "OFF")  # a batch migration drops and renames tables
        try:
            with connection.begin():
                _run(connection)
                if keep_rows:
                    _check_references(connection)
        finally:
            if keep_rows:
                _foreign_keys(connection, "ON")


def _run(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _foreign_keys(connection: Connection, state: str) -> None:
    """SQLite ignores this inside a transaction, so it goes straight to the driver."""
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA foreign_keys={state}")


def _check_references(connection: Connection) -> None:
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError(f"A migration left a row of {broken[0]} that refers to nothing.")
