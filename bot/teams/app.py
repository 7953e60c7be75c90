"""The SDK's application: it reads activities and finds who answers them; requests come to it through our own door."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from microsoft_teams.api.auth.cloud_environment import PUBLIC, CloudEnvironment
from microsoft_teams.api.auth.credentials import TokenProvider
from microsoft_teams.apps import App
from microsoft_teams.apps.http.adapter import HttpMethod, HttpRouteHandler
from microsoft_teams.common import ClientOptions

from bot.teams.connector import PATIENCE

NOBODY = "00000000-0000-0000-0000-000000000000"  # stands for our id where nothing is signed


@dataclass(frozen=True)
class Access:
    """What opens Teams. `tenant`: the one the app is registered in. `local`: nothing is signed, in neither direction."""

    client_id: str
    client_secret: str | None
    tenant: str | None
    local: bool = False
    cloud: CloudEnvironment = PUBLIC
    token: TokenProvider | None = None  # another way to a key of ours than the secret


class NoRoutes:
    """Takes the SDK's routes and mounts none: bot/teams/http.py is the door, with a bound and a guard."""

    def register_route(self, method: HttpMethod, path: str, handler: HttpRouteHandler) -> None:
        """Nothing."""

    def serve_static(self, path: str, directory: str) -> None:
        """Nothing."""

    async def start(self, port: int) -> None:
        """Nothing: we have a server."""

    async def stop(self) -> None:
        """Nothing."""


def build(access: Access) -> App:
    """An application that waits no longer than it should, and repeats nothing."""
    # At a lower level it writes whole activities, with whatever people typed.
    logging.getLogger("microsoft_teams").setLevel(logging.CRITICAL)
    return App(
        client_id=access.client_id,
        client_secret=access.client_secret,
        tenant_id=access.tenant,
        token=_nothing if access.local else access.token,
        client=ClientOptions(timeout=PATIENCE),
        http_server_adapter=NoRoutes(),
        cloud=access.cloud,
    )


def _nothing(scope: str | list[str], tenant: str | None) -> None:
    """No key goes to a tool on this machine."""
