"""What the settings say about reaching Graph."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.errors import Unusable
from bot.graph.client import URL, Access
from bot.settings import Settings

HERE = frozenset({"127.0.0.1", "localhost", "::1"})
NO_APP = "Graph needs CLIENT_ID and TENANT_ID, as Teams does (docs/teams.md)."


def access(settings: Settings) -> Access:
    """How to reach Graph. Raises Unusable for what is half configured."""
    if settings.client_id is None or settings.tenant_id is None:
        raise Unusable(NO_APP)
    secret = settings.client_secret.get_secret_value() if settings.client_secret else None
    url = (settings.graph_base_url or URL).rstrip("/")
    if not url.startswith("https://") and not (url.startswith("http://") and _host(url) in HERE):
        raise Unusable("GRAPH_BASE_URL must begin with https://; our key is sent there.")
    return Access(settings.client_id, secret, settings.tenant_id, url, proxy=settings.https_proxy)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
