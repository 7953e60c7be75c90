"""`homeward packs`: the protocols that come with the bot, and files on their way to becoming one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Protocols: list them, read one, check a file.")


@app.command("list")
def list_packs() -> None:
    """List the protocols that come with the bot.

    Example: homeward packs list
    """
    from policies.load import pack, shipped

    for edition in shipped():
        known = pack(edition)
        undated = ", undated" if known.undated else ""
        typer.echo(f"{edition}  {known.name}: {len(known.duties)} duties, {len(known.thresholds)} thresholds{undated}")


@app.command()
def show(name: Annotated[str, typer.Argument(help="An area, or one edition of it.")]) -> None:
    """Print what a protocol asks of whom, by when, under which clause.

    Example: homeward packs show triborough@2017-12-01
    """
    from bot.errors import Unusable
    from policies.describe import described
    from policies.load import pack
    from policies.words import PackError

    try:
        found = pack(name)
    except PackError as error:
        raise Unusable(f"{error}.") from None
    for line in described(found):
        typer.echo(line)


@app.command()
def check(files: Annotated[list[Path], typer.Argument(help="Pack files.", exists=True, dir_okay=False)]) -> None:
    """Check that files are protocols the bot can use; the first mistake of each is named.

    Example: homeward packs check my-area/2026-09-01.yaml
    """
    from policies.load import load
    from policies.words import PackError

    wrong = 0
    for file in files:
        try:
            found = load(file.read_text(encoding="utf-8"), str(file))
        except (PackError, UnicodeDecodeError) as error:
            wrong += 1
            typer.echo(str(error), err=True)
        else:
            typer.echo(f"{file}: {found.id}, {len(found.rules())} rules, every one with its clauses")
    raise typer.Exit(1 if wrong else 0)
