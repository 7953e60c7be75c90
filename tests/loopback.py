"""What the platforms' doubles share: a server on loopback for the length of a block, that answers JSON or cuts the line."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@contextmanager
def serving(handler: type[Handler], **has: Any) -> Iterator[tuple[ThreadingHTTPServer, str]]:
    """The server, with what its handlers look for there, and its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    vars(server).update(has)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def take(self) -> None:
        """Do what the double does with a request."""
        raise NotImplementedError

    def do_GET(self) -> None:
        self.take()

    do_POST = do_PUT = do_PATCH = do_GET  # noqa: N815

    def body(self) -> bytes:
        """What was sent."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def reply(self, status: int, answer: Any, headers: dict[str, str] | None = None) -> None:
        """Answer with JSON, with bytes as they are, or with nothing."""
        data = answer if isinstance(answer, bytes) else b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        with suppress(ConnectionError):  # they did not wait
            self.end_headers()
            self.wfile.write(data)

    def cut(self) -> None:
        """A reset, not a polite end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def finish(self) -> None:
        """A cut connection has nothing to flush."""
        with suppress(OSError, ValueError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Quietly."""
