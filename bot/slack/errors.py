"""What Slack's refusals mean for a post: never, later, or nobody knows."""

from __future__ import annotations

from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

from bot import waiting
from handlers.errors import HandlerError, Later, Uncertain, Undeliverable

BUSY = 60.0  # seconds, where Slack names none
DOWN = 10.0
DOUBTFUL = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"})
PATIENT = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded", "accesslimited"})
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
UNREAD = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_attachments"})


def meaning(error: Exception) -> HandlerError:
    """The port's error for whatever a call to Slack raised."""
    if isinstance(error, SlackApiError):
        return _answered(error)
    reason = error.reason if isinstance(error, URLError) else None
    if isinstance(reason, OSError) and not isinstance(reason, TimeoutError | ConnectionResetError):
        return Later(DOWN)  # no name, no route, refused: nobody took anything
    return Uncertain(type(error).__name__)


def code(error: Exception) -> str:
    """Slack's own word for what went wrong; empty when it said nothing."""
    response: Any = getattr(error, "response", None)
    return str(response.get("error") or "") if hasattr(response, "get") else ""


def _answered(error: SlackApiError) -> HandlerError:
    status = getattr(error.response, "status_code", 200)
    said = code(error)
    if status == 429 or said in PATIENT:
        return Later(_seconds(error))
    if status >= 500 or said in DOUBTFUL or not said:
        return Uncertain(said or f"status {status}")
    return Undeliverable(said)


def _seconds(error: SlackApiError) -> float:
    headers = getattr(error.response, "headers", None) or {}
    found = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    value = found[0] if isinstance(found, list) else found
    return waiting.seconds(value, BUSY)
