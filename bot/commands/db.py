"""`homeward db`: the database itself."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The database: bring it to the newest schema.")


@app.callback()
def db() -> None:
    """The database: bring it to the newest schema."""


@app.command()
def upgrade(database: Annotated[str | None, typer.Option(help="Address or SQLite file; DATABASE_URL when left out.")] = None) -> None:
    """Bring a database to the schema of this version; an empty one gets everything. No bot may be running on it.

    Example: DATABASE_URL=postgresql://homeward@localhost/homeward homeward db upgrade
    """
    from bot.database import address_of, reached, sqlite_file
    from bot.lock import take
    from bot.settings import read
    from storage import db
    from storage.schema import is_current

    url = address_of(database or read().database_url.get_secret_value())
    file = sqlite_file(url)
    lock = take(file, "process") if file else None
    engine = reached(db.open_database(url.render_as_string(hide_password=False)), url)
    was_current = is_current(engine)
    db.upgrade(engine)
    engine.dispose()
    if lock:
        lock.release()
    typer.echo(f"{url.render_as_string()} {'was at the newest schema already' if was_current else 'is at the newest schema now'}.")
