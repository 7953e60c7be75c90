"""The command line of Homeward."""

import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from bot.commands import (
    access,
    audit,
    chronology,
    db,
    doctor,
    export,
    history,
    packs,
    people,
    records,
    report,
    sandbox,
    serve,
    simulate,
    teams,
)
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
app.add_typer(people.app, name="people")
app.add_typer(access.app, name="access")
app.add_typer(records.app, name="records")
app.add_typer(audit.app, name="audit")
app.add_typer(db.app, name="db")
app.add_typer(teams.app, name="teams")
app.add_typer(report.app, name="report")
app.add_typer(export.app, name="export")
app.add_typer(history.taking, name="import")
app.add_typer(history.comparing, name="reconcile")
app.command("chronology", help=chronology.HELP)(chronology.chronology)
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
        sys.exit(app(standalone_mode=False))
    except Unusable as error:
        typer.echo(f"homeward: {error}", err=True)
    except TyperException as error:
        typer.echo(_misused(error), err=True)
    sys.exit(2)


def _misused(error: TyperException) -> str:
    """What was typed wrong, in a sentence; or, for a command that was typed alone, its help."""
    context = getattr(error, "ctx", None)
    said = str(error.format_message() if hasattr(error, "format_message") else error)
    if "\n" in said or context is None:
        return said
    said = said if said.endswith((".", "?", ")")) else f"{said}."
    return f"homeward: {said} `{context.command_path} --help` shows an example."
