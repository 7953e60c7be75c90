"""The HTTP server: health, and a socket that is ours before anything is said about it."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import uvicorn
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response

from bot.door import Door
from bot.errors import Unusable
from bot.garbage import look_seldom

CONCURRENT = 500  # connections and requests under way; more are told to come again
GRACE = 5  # seconds that requests under way have at the end


def new_app(ready: Callable[[], str | None], work: Callable[[], AbstractAsyncContextManager[None]]) -> FastAPI:
    """An application with `work` around its life; `ready` says in a sentence what is missing, or None."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with work():
            yield

    app = FastAPI(title="Homeward", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Door)
    add_health(app, ready)
    return app


def add_health(app: FastAPI, ready: Callable[[], str | None]) -> None:
    """`/healthz` says that the process lives, `/readyz` that it can serve."""

    @app.get("/healthz")
    async def healthz() -> Response:
        return PlainTextResponse("alive\n")

    @app.get("/readyz")
    async def readyz() -> Response:
        missing = await asyncio.get_running_loop().run_in_executor(None, ready)
        return PlainTextResponse(f"{missing}\n", 503) if missing else PlainTextResponse("ready\n")


def add_metrics(app: FastAPI, page: Callable[[], str]) -> None:
    """`/metrics`, for Prometheus."""

    @app.get("/metrics")
    async def metrics() -> Response:
        text = await asyncio.get_running_loop().run_in_executor(None, page)
        return Response(text, media_type="text/plain; version=0.0.4")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any that is free. Raises Unusable when it cannot be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        opened = socket.create_server(address[:2], family=family)
    except OSError as error:
        raise Unusable(f"{host}:{port} cannot be listened on ({error.strerror or error}); choose another with --port.") from None
    return opened


def run(app: FastAPI, opened: socket.socket, said_when_up: str) -> None:
    """Serve until told to end; `{address}` in what is said is replaced. A polite end is exit 0."""
    look_seldom()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn raises it again once it has drained
    config = uvicorn.Config(
        app, log_config=None, timeout_graceful_shutdown=GRACE, server_header=False, limit_concurrency=CONCURRENT, ws_max_size=1 << 20
    )
    server = _Server(config, said_when_up.format(address=_address(opened)))
    try:
        asyncio.run(server.serve(sockets=[opened]))
    except KeyboardInterrupt:
        return


class _Server(uvicorn.Server):
    """Says where it is once it answers there."""

    def __init__(self, config: uvicorn.Config, said_when_up: str) -> None:
        super().__init__(config)
        self._said_when_up = said_when_up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(self._said_when_up, flush=True)  # noqa: T201 - what the person at the terminal waits for


def _address(opened: socket.socket) -> str:
    host, port = opened.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
