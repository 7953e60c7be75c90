"""The command line of Homeward."""

from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_show_locals=False,  # a traceback shows no child's name
)


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
    app()
