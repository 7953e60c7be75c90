"""The way to Microsoft Graph: one client on one event loop, which sends its key to one host and repeats nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bot.graph import errors
from bot.loop import Loop
from handlers.errors import HandlerError, NoKey, Uncertain, Undeliverable

log = logging.getLogger(__name__)
T = TypeVar("T")
URL = "https://graph.microsoft.com/v1.0"
PATIENCE, WHOLE = 10.0, 25.0  # seconds for each step of a call, and for all of it
FIRST = 40.0  # for the first call, before which a large library is read
SCOPE = "https://graph.microsoft.com/.default"


@dataclass(frozen=True)
class Access:
    """What opens Graph. `credential`: another way to a key than the secret; `proxy`: the way out, where there is one."""

    client_id: str
    client_secret: str | None
    tenant: str
    url: str = URL
    credential: Any = None
    proxy: str | None = None


@dataclass
class Graph:
    """Built when it is first needed: its library is a large one."""

    access: Access
    loop: Loop = field(default_factory=lambda: Loop("graph"))
    keyless: bool = False  # whether our key was refused, and has not been taken since
    _client: Any = None
    _key: Any = None
    _line: Any = None
    _lock: Lock = field(default_factory=Lock)

    def call(self, ask: Callable[[Any], Awaitable[T]]) -> T:
        """Make one call from a thread. Raises Undeliverable, Uncertain or Later, as the port says."""
        seconds = WHOLE if self._client else FIRST
        try:
            return self.loop.run(self._ask(ask), seconds)
        except TimeoutError:
            raise Uncertain("too long") from None

    def try_key(self) -> None:
        """Ask for the key alone, and call nothing with it: that it is refused is known before anything needs it."""

        async def ask(_client: Any) -> None:
            await asyncio.to_thread(self._key.get_token, SCOPE)

        with suppress(HandlerError):  # which `keyless` says
            self.call(ask)

    def warm(self) -> None:
        """Read the library and build the client, before anybody waits for it."""
        self.loop.run(self._built(), FIRST)

    def close(self) -> None:
        """End it."""
        if self._client:
            self.loop.run(self._hang_up(), PATIENCE)
        self.loop.close()

    async def _ask(self, ask: Callable[[Any], Awaitable[T]]) -> T:
        client = await self._built()
        try:
            found = await ask(client)
        except Exception as error:  # noqa: BLE001 - every way a call can end has a meaning for the port
            meant: HandlerError = errors.meaning(error)
            self.keyless = isinstance(meant, NoKey) or (self.keyless and not isinstance(meant, Undeliverable))
            log.warning("graph: %s", "our key is refused" if isinstance(meant, NoKey) else meant)
            raise meant from None
        self.keyless = False
        return found

    async def _built(self) -> Any:
        if self._client is None:
            self._client = await asyncio.to_thread(self._build)
        return self._client

    def _build(self) -> Any:
        with self._lock:
            if self._client:
                return self._client
            import httpx
            from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
            from kiota_http.middleware.options import RetryHandlerOption
            from msgraph import GraphServiceClient
            from msgraph.graph_request_adapter import GraphRequestAdapter, options
            from msgraph_core import GraphClientFactory

            host = urlsplit(self.access.url).hostname or ""  # the only one that gets the key; by default any would
            self._key = self._credential()
            key = AzureIdentityAuthenticationProvider(self._key, scopes=[SCOPE], allowed_hosts=[host])
            once = {RetryHandlerOption.get_key(): RetryHandlerOption(max_retries=0, should_retry=False)}
            self._line = httpx.AsyncHTTPTransport(proxy=self.access.proxy)
            http = httpx.AsyncClient(transport=self._line, timeout=PATIENCE)
            http = GraphClientFactory.create_with_default_middleware(client=http, options={**options, **once})
            adapter = GraphRequestAdapter(key, http)
            adapter.base_url = self.access.url.rstrip("/")
            return GraphServiceClient(request_adapter=adapter)

    def _credential(self) -> Any:
        from azure.identity import ClientSecretCredential, ManagedIdentityCredential

        of = self.access
        if of.credential or of.client_secret is None:
            return of.credential or ManagedIdentityCredential(client_id=of.client_id)
        patient = {"connection_timeout": PATIENCE, "read_timeout": PATIENCE, "retry_total": 1}  # by itself it waits five minutes, thrice
        proxies = {"https": of.proxy} if of.proxy else None
        return ClientSecretCredential(of.tenant, of.client_id, of.client_secret, **patient, proxies=proxies)

    async def _hang_up(self) -> None:
        await self._line.aclose()
