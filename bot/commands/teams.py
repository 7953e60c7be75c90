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


@app.command("who")
def who(address: Annotated[str, typer.Argument(help="An e-mail address of the tenant.")]) -> None:
    """Show the account that homeward.yml wants for somebody, by their e-mail address; asks Microsoft Graph (User.Read.All).

    Example: homeward teams who sam.sample@example.org
    """
    from bot.errors import Unusable
    from bot.graph.access import access
    from bot.graph.client import Graph
    from bot.graph.people import find
    from bot.settings import read
    from handlers.errors import HandlerError, Undeliverable

    settings = read()
    graph = Graph(access(settings))
    try:
        found = find(graph, address)
    except ModuleNotFoundError as error:
        raise Unusable(f"{error.name} is not installed: install homeward[graph], or run `make install`.") from None
    except Undeliverable as refused:
        raise Unusable(f"Graph refused ({refused}): the app needs User.Read.All, with an administrator's consent.") from None
    except HandlerError:
        raise Unusable("Graph does not answer; look at HTTPS_PROXY, and try again.") from None
    finally:
        graph.close()
    if found is None:
        typer.echo(f"Nobody in this tenant has the address {address}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{{platform: teams, tenant: {settings.tenant_id}, user: {found.id}}}   # {found.name}")
