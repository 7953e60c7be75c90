"""What the settings say about reaching Teams."""

from __future__ import annotations

from bot.errors import Unusable
from bot.settings import Settings
from bot.teams.app import NOBODY, Access
from bot.teams.guard import is_loopback

LOCAL = "HOMEWARD_TEAMS_LOCAL=1 takes whatever is sent, unsigned: it is for tools on this machine, so serve with --host 127.0.0.1."
NO_TENANT = "CLIENT_ID is set, but TENANT_ID is not: it names the tenant in which the app is registered (docs/teams.md)."


def access(settings: Settings, host: str) -> Access:
    """How to reach Teams. Raises Unusable for what is half configured, or open to more than this machine."""
    if settings.homeward_teams_local:
        if not is_loopback(host):
            raise Unusable(LOCAL)
        return Access(settings.client_id or NOBODY, None, settings.tenant_id, local=True)
    if settings.tenant_id is None:
        raise Unusable(NO_TENANT)
    secret = settings.client_secret.get_secret_value() if settings.client_secret else None
    return Access(settings.client_id or NOBODY, secret, settings.tenant_id)
