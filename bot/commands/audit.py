"""`homeward audit`: whether what was recorded is what is there."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The journal: check that nobody changed it.")


@app.callback()
def audit() -> None:
    """The journal: check that nobody changed it."""


@app.command()
def verify(
    authority: Annotated[str | None, typer.Option(help="One authority only.")] = None,
    database: Annotated[str | None, typer.Option(help="Address or SQLite file; DATABASE_URL when left out.")] = None,
) -> None:
    """Read the journal to its end and name every entry that was changed, removed, moved or inserted; needs no keys.

    Example: homeward audit verify --database homeward-sandbox.sqlite
    """
    from bot.database import open_existing
    from bot.settings import read
    from storage import verify as journal
    from storage.db import reading

    engine = open_existing(database or read().database_url.get_secret_value())
    with reading(engine) as session:
        broken = journal.verify(session, authority)
    engine.dispose()
    for one in broken:
        typer.echo(one.sentence)
    if not broken:
        typer.echo("Nothing was changed, removed, moved or inserted.")
    raise typer.Exit(1 if broken else 0)
