"""What the settings and homeward.yml say about reaching Slack."""

from __future__ import annotations

from pydantic import SecretStr

from bot.configuration import Configuration
from bot.errors import Unusable
from bot.settings import Settings, named
from bot.slack.serving import Access
from bot.slack.workspaces import Line


def access(settings: Settings, configured: Configuration) -> Access | None:
    """How to reach Slack, None where it is not configured. Raises Unusable for what is half configured."""
    if not configured.slack:
        if settings.slack_bot_token is None:
            return None
        raise Unusable("SLACK_BOT_TOKEN is set, but homeward.yml has no 'slack:' line that names its team.")
    tokens = [(workspace.team, _token(workspace.team, workspace.token_env)) for workspace in configured.slack]
    if settings.slack_signing_secret is None and settings.slack_app_token is None:
        raise Unusable("Slack could not be heard: set SLACK_SIGNING_SECRET (it calls us) or SLACK_APP_TOKEN (we call it).")
    line = Line(settings.slack_api_url, settings.https_proxy, settings.ssl_cert_file)
    return Access(line, tokens, _said(settings.slack_signing_secret), _said(settings.slack_app_token))


def _token(team: str, name: str) -> str:
    found = named(name)
    if found is None:
        raise Unusable(f"homeward.yml says that {name} holds the token of workspace {team}, but it is not set.")
    return found.get_secret_value()


def _said(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
