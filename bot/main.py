"""The command line of Homeward."""

import sys
from typing import Annotated

import typer

from bot.commands import audit, db, doctor, packs, sandbox, serve, simulate
from bot.errors import Unusable

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_show_locals=False,  # a traceback shows no child's name
)
app.command("sandbox", help=sandbox.HELP)(sandbox.sandbox)
app.command("serve", help=serve.HELP)(serve.serve)
app.command("simulate", help=simulate.HELP)(simulate.simulate)
app.add_typer(packs.app, name="packs")
app.add_typer(audit.app, name="audit")
app.add_typer(db.app, name="db")
app.command("doctor", help=doctor.HELP)(doctor.doctor)


def show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"homeward {version('homeward')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    asked: Annotated[bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version and end.")] = False,
) -> None:
    """Keep track of who owes what, by when, while a child is missing and after."""


def main() -> None:
    """Run a command; what stops it is one sentence on stderr and exit 2."""
    try:
        app()
    except Unusable as error:
        typer.echo(f"homeward: {error}", err=True)
        sys.exit(2)
