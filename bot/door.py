"""Before every route of the server: a body that does not come in time is given up, and nothing may be loaded, framed or guessed at."""

from __future__ import annotations

import time

import anyio
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY = 10.0  # seconds in which a whole body has to come
HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


class TooSlow(Exception):
    """The body did not come in time."""


class Door:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, seconds: float = BODY) -> None:
        self._app, self._seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, with a limit on how long its body takes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answered = False

        async def sending(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        try:
            await self._app(scope, self._in_time(receive), sending)
        except ClientDisconnect:  # whoever leaves in the middle is no error of ours
            return
        except TooSlow:
            if not answered:
                await PlainTextResponse("That came too slowly.\n", 408)(scope, receive, sending)

    def _in_time(self, receive: Receive) -> Receive:
        ends, whole = time.monotonic() + self._seconds, False

        async def receiving() -> Message:
            nonlocal whole
            if whole:  # what follows a body is only that they have gone
                return await receive()
            with anyio.move_on_after(max(ends - time.monotonic(), 0)):
                message = await receive()
                whole = not message.get("more_body", False)
                return message
            raise TooSlow

        return receiving
