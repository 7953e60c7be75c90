"""`homeward teams`: what an administrator of Microsoft Teams needs from us."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HELP = "The app for Microsoft Teams."
app = typer.Typer(no_args_is_help=True, help=HELP)


@app.callback()
def teams() -> None:
    """The app for Microsoft Teams."""


@app.command("package")
def package(
    output: Annotated[Path, typer.Option(help="The file to write.")] = Path("homeward-teams.zip"),
    website: Annotated[
        str, typer.Option(help="Your own page about it; its /privacy and /terms are shown too.")
    ] = "https://example.org/homeward",
) -> None:
    """Write the app package: CLIENT_ID names the app registration it belongs to.

    Example: CLIENT_ID=0a1b2c3d-0000-0000-0000-000000000000 homeward teams package --website https://www.example.org/homeward
    """
    from importlib.metadata import version
    from uuid import UUID

    from bot.errors import Unusable
    from bot.settings import read
    from bot.teams.package import package as made

    found = read().client_id
    try:
        client_id = str(UUID(found or ""))
    except ValueError:
        raise Unusable("CLIENT_ID is not set to the id of an app registration; docs/teams.md says how to make one.") from None
    if not website.startswith("https://"):
        raise Unusable("--website must begin with https://; Teams takes no other.")
    try:
        output.write_bytes(made(client_id, version("homeward"), website))
    except OSError as error:
        raise Unusable(f"{output} cannot be written ({error.strerror}).") from None
    typer.echo(f"{output} is ready to upload: Teams admin center, Manage apps, Upload.")
