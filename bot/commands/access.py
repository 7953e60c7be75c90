"""`homeward access`: who may do what."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, help="Permissions: which words are open to which roles.")


@app.callback()
def access() -> None:
    """Permissions: which words are open to which roles."""


@app.command()
def show() -> None:
    """Print the table of permissions and the roles of each group, as Markdown.

    Example: homeward access show
    """
    from handlers import permissions

    typer.echo(f"{permissions.table()}\n\n{permissions.groups()}")
