"""The heartbeat: an outside service is called while everything is on time, and raises the alarm when we fall silent."""

from __future__ import annotations

import logging
from http.client import HTTPException
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from bot.errors import Unusable

log = logging.getLogger(__name__)
SECONDS = 10


def checked(url: str) -> str:
    """The address, if it is one that can be called. Raises Unusable."""
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise Unusable("HOMEWARD_HEARTBEAT_URL is not a web address; write https://….")
    return url


def beat(url: str) -> bool:
    """Call it once; whether it answered. Nothing is sent but the call."""
    try:
        with urlopen(Request(url, headers={"User-Agent": "homeward"}), timeout=SECONDS) as answer:  # noqa: S310 - checked at the start
            return bool(answer.status < 400)
    except (OSError, HTTPException) as error:
        log.warning("heartbeat: %s", type(error).__name__)
        return False
