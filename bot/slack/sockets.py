"""Socket Mode: Slack is called, not we. The connection comes back by itself, and somebody hears when it does not."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.slack.workspaces import Line

log = logging.getLogger(__name__)
LONG = 60.0  # seconds without a connection that somebody should know of


@dataclass
class Sockets:
    """The connection, and what is known of it. `connections`: how many Slack sees of this app, ours included."""

    handler: AsyncSocketModeHandler
    connections: int = 0
    down_since: float | None = None
    opened: bool = field(default=False)

    @classmethod
    def of(cls, app: AsyncApp, app_token: str, line: Line) -> Sockets:
        """Not connected yet. The socket wants its proxy for itself; certificates come from its client."""
        handler = AsyncSocketModeHandler(app, app_token, logging.getLogger("slack_sdk"), line.async_client(app_token), line.proxy)
        sockets = cls(handler)
        handler.client.message_listeners.append(sockets._heard)
        return sockets

    async def open(self) -> None:
        """Connect; afterwards the client reconnects when it must."""
        await self.handler.client.connect()  # type: ignore[no-untyped-call]
        self.opened = True

    async def close(self) -> None:
        """Disconnect for good."""
        await self.handler.client.close()  # type: ignore[no-untyped-call]

    async def silence(self) -> str | None:
        """What is wrong with the connection, in a sentence, once it has been wrong for a while."""
        if self.opened and await self.handler.client.is_connected():
            self.down_since = None
            return None
        self.down_since = self.down_since or time.monotonic()
        if time.monotonic() - self.down_since < LONG:
            return None
        return "The connection to Slack has been down for more than a minute: nothing that is typed or pressed there arrives. Phone."

    async def _heard(self, _client: Any, message: dict[str, Any], _raw: str | None) -> None:
        """The greeting says how many connections there are: one more than processes is a ghost that swallows what people press."""
        if message.get("type") == "hello":
            self.connections = int(message.get("num_connections") or 0)
            level = logging.WARNING if self.connections > 1 else logging.INFO  # more than processes: a ghost, or another bot
            log.log(level, "slack socket: Slack sees %d connections of this app", self.connections)
