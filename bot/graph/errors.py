"""What Graph's refusals mean: never, later, or nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot import waiting
from handlers.errors import HandlerError, Later, NoKey, Uncertain, Undeliverable

BUSY, DOWN = 60.0, 10.0  # seconds, where Graph names none
UNSENT = ("ConnectError", "ConnectTimeout", "PoolTimeout")


def meaning(error: Exception) -> HandlerError:
    """The port's error for whatever a call raised. Told by shape: importing its library takes long."""
    if isinstance(error, HandlerError):
        return error
    status = getattr(error, "response_status_code", None)
    if isinstance(status, int):
        return _answered(status, error)
    name = type(error).__name__
    if name in UNSENT:
        return Later(DOWN)
    if type(error).__module__.startswith("azure."):  # no key, so nothing was sent
        return NoKey(name) if name == "ClientAuthenticationError" else Later(DOWN, everywhere=True)
    return Uncertain(name)


def identified(found: Any) -> str:
    """The id of what Graph has made or shown. Raises Uncertain: it says that it took it, not what it is."""
    if found is None or not found.id:
        raise Uncertain("an answer without an id")
    return str(found.id)


def _answered(status: int, error: Exception) -> HandlerError:
    if status == 429:
        headers: Mapping[str, str] = getattr(error, "response_headers", None) or {}
        return Later(waiting.seconds(next((value for name, value in headers.items() if name.lower() == "retry-after"), ""), BUSY))
    if status == 401:
        return NoKey("401")
    if status == 408 or status >= 500 or status < 400:
        return Uncertain(f"status {status}")
    code = getattr(getattr(error, "error", None), "code", None)
    return Undeliverable(f"{status} {code}" if code else str(status))
