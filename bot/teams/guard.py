"""Who may speak to us: tokens that Microsoft signed for this app, about this very service, from tenants we serve."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from microsoft_teams.api.auth.caller import CallerType
from microsoft_teams.api.auth.cloud_environment import CloudEnvironment
from microsoft_teams.api.auth.token import TokenProtocol

from bot.teams.tokens import CHANNEL, Tokens, Unendorsed

log = logging.getLogger(__name__)
OTHERWISE = ("service_url", "channel_id", "channel_data", "from_", "tenant_id", "aad_object_id")


class Unwelcome(Exception):
    """Turned away; `status` as HTTP says it. The text says nothing that helps a stranger."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


class Guard:
    """`tenants` gives those we serve now. `local`: Microsoft's tools on this machine, which sign nothing."""

    def __init__(self, client_id: str, tenants: Callable[[], AbstractSet[str]], cloud: CloudEnvironment, *, local: bool = False) -> None:
        self._tenants, self._local, self._tokens = tenants, local, Tokens(client_id, cloud)

    async def check(self, body: Mapping[str, Any], authorization: str) -> TokenProtocol:
        """The token of a request that may come in. Raises Unwelcome."""
        address = body.get("serviceUrl")
        if not isinstance(address, str) or not self._may_be(address):
            raise Unwelcome(400, "serviceUrl is missing, or cannot be written to")
        if _is_twofold(body):
            raise Unwelcome(400, "that is not written as Microsoft Teams writes it")
        token = self._unsigned(address) if self._local else await self._signed(authorization, address)
        named = list(_tenants(body))
        if not named or not set(named) <= self._tenants():
            raise Unwelcome(403, "this tenant is not served here")
        if body.get("channelId") != CHANNEL and not self._local:
            raise Unwelcome(403, "only Microsoft Teams is served here")
        return token

    async def _signed(self, authorization: str, address: str) -> TokenProtocol:
        """In a thread: the keys of the signature are fetched by a call that waits."""
        raw = authorization.removeprefix("Bearer ")
        if raw == authorization:
            raise Unwelcome(401, "no token")
        try:
            return await asyncio.to_thread(self._tokens.read, raw, address)
        except Unendorsed:
            log.warning("teams: a token was refused: its key may not speak for Teams")
            raise Unwelcome(403, "the key may not speak for Microsoft Teams") from None
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it is not a token
            log.warning("teams: a token was refused: %s", type(error).__name__)
            raise Unwelcome(401, "the token does not fit") from None

    def _may_be(self, address: str) -> bool:
        """Our own key goes there: over TLS, or no further than this machine."""
        try:
            host, scheme = urlsplit(address).hostname or "", urlsplit(address).scheme
        except ValueError:
            return False
        return is_loopback(host) or (scheme == "https" and bool(host) and not self._local)

    @staticmethod
    def _unsigned(address: str) -> TokenProtocol:
        return Unsigned(service_url=address)


@dataclass(frozen=True)
class Unsigned:
    """What stands for a token where nothing is signed."""

    service_url: str
    app_id: str = ""
    app_display_name: str | None = None
    tenant_id: str | None = None
    from_: CallerType = "azure"
    from_id: str = ""
    expiration: int | None = None

    def is_expired(self, buffer_ms: int = 0) -> bool:
        """Never."""
        return False


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _tenants(body: Mapping[str, Any]) -> list[str]:
    """Every tenant the body names; something that is no name is no tenant of ours."""
    data = body.get("channelData")
    places = [
        (body.get("conversation"), "tenantId"),
        (data.get("tenant") if isinstance(data, Mapping) else None, "id"),
        (body.get("from"), "tenantId"),
    ]
    return [str(place[name]) for place, name in places if isinstance(place, Mapping) and place.get(name)]


def _is_twofold(body: Mapping[str, Any]) -> bool:
    """Whether it names something as Teams does not and the SDK does, which would then read another thing than we look at here."""
    places = [body, *(place for place in (body.get("conversation"), body.get("from"), body.get("from_")) if isinstance(place, Mapping))]
    return any(name in place for place in places for name in OTHERWISE)
