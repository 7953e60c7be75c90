"""The database a command works on: named by DATABASE_URL or `--database`, as an address or as a SQLite file."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine

from bot.errors import Unusable
from storage.engines import open_database


def address_of(named: str) -> sa.URL:
    """The address in `named`; something without a scheme is a SQLite file. Raises Unusable."""
    try:
        url = sa.make_url(named if "://" in named else f"sqlite:///{named}")
        name = url.get_backend_name()
    except (sa.exc.ArgumentError, ValueError):
        raise Unusable("DATABASE_URL is not an address; write sqlite:///file or postgresql://user:password@host/name.") from None
    if name not in {"sqlite", "postgresql", "postgres"}:
        raise Unusable(f"Homeward keeps its data in SQLite or PostgreSQL, not in '{name}'.")
    return url


def sqlite_file(url: sa.URL) -> Path | None:
    """The file of a SQLite database; None for another, or one in memory."""
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return None
    return Path(str(url.database)).absolute()


def open_existing(named: str) -> Engine:
    """Open a database that is there. Raises Unusable when it is not."""
    url = address_of(named)
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise Unusable(f"There is no database {file}.")
    return reached(open_database(url.render_as_string(hide_password=False)), url)


def reached(engine: Engine, url: sa.URL) -> Engine:
    """The engine, once it has answered. Raises Unusable, without the password."""
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
    except (sa.exc.DBAPIError, ModuleNotFoundError) as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise Unusable(f"The database {url.render_as_string()} cannot be reached: {cause}") from None
    return engine
