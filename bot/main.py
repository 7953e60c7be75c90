"""The command line of Homeward."""

from importlib.metadata import version
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False)


def show_version(asked: bool) -> None:  # noqa: FBT001  a flag is what typer hands over
    """End after printing the installed version."""
    if asked:
        typer.echo(f"homeward {version('homeward')}")
        raise typer.Exit


@app.callback()
def options(
    asked: Annotated[bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version and end.")] = False,  # noqa: FBT002
) -> None:
    """Keep the promises of a missing-from-care protocol, in Slack and Teams."""


def main() -> None:
    """Run the command line."""
    app()
