"""Before the page: who may come in, from which site, and what the browser may load."""

from __future__ import annotations

import asyncio
import hmac
from hashlib import sha256
from http.cookies import SimpleCookie
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "homeward-sandbox"
LONGEST = 4096  # bytes of what is typed at the door
OPEN = {"/healthz", "/readyz"}
HEADERS = {
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
FORM = """<!doctype html><html lang="en-GB"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Training room · Homeward</title><link rel="stylesheet" href="/assets/sandbox.css">
<body class="door"><main><h1>Homeward training room</h1><p>{said}</p>
<form method="post" action="/enter"><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" autofocus required>
<button class="primary">Enter</button></form></main>"""


class Gate:
    """ASGI middleware in front of everything, sockets included. Without a password it lets in whoever is on this machine."""

    def __init__(self, app: ASGIApp, password: str | None, *, loopback: bool) -> None:
        self._app, self._loopback = app, loopback
        self._password = password
        self._ticket = hmac.new(password.encode(), b"homeward sandbox", sha256).hexdigest() if password else None
        self._one_guess_at_a_time = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refusal = await self._refusal(scope, receive)
        if refusal is None:
            await self._app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(scope, receive, _with_headers(send))

    async def _refusal(self, scope: Scope, receive: Receive) -> Response | None:
        """What to answer instead of the page; None lets the request through."""
        headers = Headers(scope=scope)
        if not self._same_site(headers):
            return PlainTextResponse("This page answers only to itself.", 403)
        if self._ticket is None or scope["path"] in OPEN or scope["path"].startswith("/assets/"):
            return None
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        if cookie and hmac.compare_digest(cookie.value.encode(), self._ticket.encode()):
            return None
        if scope["type"] == "http" and scope["path"] == "/enter" and scope["method"] == "POST":
            return await self._enter(Request(scope, receive))
        return HTMLResponse(FORM.format(said="Training: nobody is told. This room is kept by a password."), 401)

    def _same_site(self, headers: Headers) -> bool:
        """Another page in the same browser must not speak in somebody's name, nor reach loopback under a name of its own."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if self._loopback and not is_loopback(urlsplit(f"//{host}").hostname or ""):
            return False
        return origin is None or urlsplit(origin).netloc == host

    async def _enter(self, request: Request) -> Response:
        typed = parse_qs((await _beginning(request)).decode(errors="replace")).get("password", [""])[0]
        async with self._one_guess_at_a_time:
            if not hmac.compare_digest(typed.encode(), (self._password or "").encode()):
                await asyncio.sleep(1)
                return HTMLResponse(FORM.format(said="That is not the password. Try again."), 401)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(COOKIE, self._ticket or "", httponly=True, samesite="strict", secure=request.url.scheme == "https")
        return answer


async def _beginning(request: Request) -> bytes:
    """As much of a body as a password needs; nobody who is not let in yet fills our memory."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST:
            break
    return body[:LONGEST]


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return sending


def is_loopback(name: str) -> bool:
    """Whether only this machine is reached under a name or an address."""
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
