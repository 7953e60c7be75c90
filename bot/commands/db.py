"""`homeward db`: the database itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine
    from sqlalchemy.orm import Session

Database = Annotated[str | None, typer.Option(help="Address or SQLite file; DATABASE_URL when left out.")]

app = typer.Typer(no_args_is_help=True, help="The database: its schema, its backups, its keys.")


@app.callback()
def db() -> None:
    """The database: its schema, its backups, its keys."""


@app.command()
def upgrade(database: Database = None) -> None:
    """Bring a database to the schema of this version; an empty one gets everything. No bot may be running on it.

    Example: DATABASE_URL=postgresql://homeward@localhost/homeward homeward db upgrade
    """
    from bot.database import address_of
    from bot.settings import read
    from storage import creating
    from storage.schema import is_current

    url = address_of(database or read().database_url.get_secret_value())
    with _ours(url) as engine:
        was_current = is_current(engine)
        creating.upgrade(engine)
    typer.echo(f"{url.render_as_string()} {'was at the newest schema already' if was_current else 'is at the newest schema now'}.")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="A new file for the backup.", dir_okay=False)],
    database: Database = None,
) -> None:
    """Copy the whole database as it is at this moment; the bot may go on working. Encryption keys are not in it: keep them elsewhere.

    Example: homeward db backup /var/backups/homeward-2026-02-02.sqlite
    """
    from bot.database import open_existing
    from bot.errors import Unusable
    from bot.settings import read
    from storage import backup as backups
    from storage.backup import BROKEN

    engine = open_existing(database or read().database_url.get_secret_value())
    try:
        count = backups.backup(engine, file.absolute())
    except backups.Refused as refused:
        raise Unusable(str(refused)) from None
    except BROKEN as error:
        raise Unusable(f"{file} could not be written, and nothing of it is left: {_why(error)}.") from None
    finally:
        engine.dispose()
    typer.echo(f"{file} holds {count} rows, sealed as they are in the database.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.", dir_okay=False)],
    database: Database = None,
) -> None:
    """Fill an empty or new database from a backup, of SQLite or of PostgreSQL, into either. HOMEWARD_KEYS must open what is in it.

    Example: homeward db restore /var/backups/homeward-2026-02-02.sqlite --database restored.sqlite
    """
    from bot.database import address_of
    from bot.errors import Unusable
    from bot.keys import vault
    from bot.settings import read
    from storage import backup as backups
    from storage.backup import BROKEN

    settings = read()
    keys, url = vault(settings), address_of(database or settings.database_url.get_secret_value())
    try:
        with _ours(url) as engine:
            count = backups.restore(file.absolute(), engine, keys)
    except backups.Refused as refused:
        raise Unusable(str(refused)) from None
    except BROKEN as error:
        raise Unusable(f"Nothing was restored, because something is in the way: {_why(error)}.") from None
    typer.echo(f"{url.render_as_string()} holds {count} rows. What waited to be sent is looked for before it is sent.")


@app.command()
def rekey(database: Database = None) -> None:
    """Wrap every data key with the first of HOMEWARD_KEYS, and make the indexes anew; after that the older keys can be taken away.

    Example: HOMEWARD_KEYS=new,old homeward db rekey
    """
    from bot.database import open_existing
    from bot.errors import Unusable
    from bot.keys import vault
    from bot.settings import read
    from storage import children, keys
    from storage.db import transaction
    from storage.errors import Sealed

    settings = read()
    engine, ours = open_existing(database or settings.database_url.get_secret_value()), vault(settings)
    wrapped, indexed, after = 0, 0, ""
    try:
        while count := _at_once(transaction(engine), partial(keys.rewrap, vault=ours)):
            wrapped += count
        while ids := _at_once(transaction(engine), partial(children.reindex, vault=ours, after=after)):
            indexed, after = indexed + len(ids), ids[-1]
    except Sealed as error:
        raise Unusable(f"{error} Give HOMEWARD_KEYS that key too, and run this again: what is done stays done.") from None
    finally:
        engine.dispose()
    typer.echo(f"{wrapped} data keys are wrapped with the newest key, {indexed} children indexed with it.")


@contextmanager
def _ours(url: URL) -> Iterator[Engine]:
    """The database at an address, there or new, and ours while this runs, if it is a file. Raises Unusable."""
    from bot.database import reached, sqlite_file
    from bot.lock import held
    from storage.engines import open_database

    with held(sqlite_file(url), "process"):
        engine = reached(open_database(url.render_as_string(hide_password=False)), url)
        try:
            yield engine
        finally:
            engine.dispose()


def _why(error: Exception) -> str:
    """What the system or the database says of it."""
    said = getattr(error, "strerror", None) or getattr(error, "orig", None) or error
    return str(said).strip().splitlines()[0].rstrip(".")


def _at_once(opened: AbstractContextManager[Session], act: Callable[[Session], Any]) -> Any:
    """A page in a transaction of its own, so that the bot can go on working between two of them."""
    with opened as session:
        return act(session)
