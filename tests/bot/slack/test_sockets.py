"""Socket Mode: the same conversation, over a connection that we open and that comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from sqlalchemy import Engine

from bot import configuration
from bot.inbound import Inbound
from bot.slack import sockets
from bot.slack.serving import Access, Serving, connect
from bot.slack.workspaces import Line
from handlers.desk import Office
from storage.sealing import Vault, new_key
from tests.bot.slack.limits import check_answer
from tests.bot.slack.scene import HOMEWARD_YML


@dataclass
class Far:
    """Slack's end of the socket."""

    url: str = ""
    links: asyncio.Queue[web.WebSocketResponse] = field(default_factory=asyncio.Queue)
    acks: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    connections: int = 1

    async def open(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "url": f"{self.url.replace('http', 'ws')}/link"})

    async def other(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "team_id": "T1", "user_id": "U0", "bot_id": "B0", "view": {"id": "V1"}})

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": self.connections})
        await self.links.put(socket)
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                await self.acks.put(json.loads(message.data))
        return socket

    async def say(self, socket: web.WebSocketResponse, text: str, number: str) -> dict[str, Any]:
        """A typed command; gives the acknowledgement."""
        payload = {"command": "/missing", "text": text, "user_id": "U1", "team_id": "T1", "channel_id": "C1", "trigger_id": number}
        await socket.send_json({"type": "slash_commands", "envelope_id": number, "accepts_response_payload": True, "payload": payload})
        return await asyncio.wait_for(self.acks.get(), 20)


@asynccontextmanager
async def far_end() -> AsyncIterator[Far]:
    far = Far()
    app = web.Application()
    app.router.add_post("/api/apps.connections.open", far.open)
    app.router.add_post("/api/{method}", far.other)
    app.router.add_get("/link", far.link)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    far.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield far
    finally:
        await runner.cleanup()


@asynccontextmanager
async def serving(engine: Engine, far: Far) -> AsyncIterator[Serving]:
    office = Office(configuration.directory(configuration.understand(HOMEWARD_YML, "homeward.yml")), Vault.from_text(new_key()))
    with ThreadPoolExecutor(2) as threads:
        inbound = Inbound(engine, office, threads, budget=20)
        found = connect(Access(Line(far.url), [("T1", "xoxb-x")], None, "xapp-x"), inbound, lambda _parcel, _name: None)
        async with found.life():
            yield found


async def test_a_command_over_the_socket_is_committed_and_answered_and_the_connection_comes_back(sqlite: Engine) -> None:
    async with far_end() as far, serving(sqlite, far) as here:
        assert here.router is None
        assert here.sockets
        first = await asyncio.wait_for(far.links.get(), 20)
        ack = await far.say(first, "help", "e.1")
        assert ack["envelope_id"] == "e.1"
        check_answer(ack["payload"])
        assert "What you can type" in json.dumps(ack)
        assert here.sockets.connections == 1
        assert await here.sockets.silence() is None
        await first.close()
        again = await asyncio.wait_for(far.links.get(), 20)
        assert (await far.say(again, "list", "e.2"))["envelope_id"] == "e.2"


async def test_a_connection_that_stays_down_is_said(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    async with far_end() as far, serving(sqlite, far) as here:
        assert here.sockets
        await asyncio.wait_for(far.links.get(), 20)
        await here.sockets.close()
        monkeypatch.setattr(sockets, "LONG", 0.0)
        assert "has been down for more than a minute" in str(await here.sockets.silence())
