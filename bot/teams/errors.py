"""What the refusals of Teams mean for a post: never, later, or nobody knows."""

from __future__ import annotations

import httpx

from bot import waiting
from handlers.errors import HandlerError, Later, NoKey, Uncertain, Undeliverable

BUSY, DOWN, CONFLICT = 60.0, 10.0, 2.0  # seconds, where Teams names none
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL, httpx.UnsupportedProtocol)
GONE = frozenset({"403", "404"})  # not there, or we are not there any more


def meaning(error: Exception) -> HandlerError:
    """The port's error for whatever a call raised."""
    if isinstance(error, HandlerError):
        return error
    if isinstance(error, httpx.HTTPStatusError):
        return _answered(error.response)
    if isinstance(error, UNSENT):
        return Later(DOWN)  # no name, no route, refused: nobody took anything
    return Uncertain(type(error).__name__)


def _answered(response: httpx.Response) -> HandlerError:
    status = response.status_code
    if status == 429:
        return Later(waiting.seconds(response.headers.get("Retry-After"), BUSY))
    if status == 401:
        return NoKey("401")
    if status == 412:
        return Later(CONFLICT)  # documented as a conflict with another call: not taken, and to be made again
    if status == 408 or status >= 500 or status < 400:
        return Uncertain(f"status {status}")
    return Undeliverable(str(status))
