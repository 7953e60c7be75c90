"""The Bolt application: who may speak to it, and what happens to what nobody listens for."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError

from bot.slack.conversation import Conversation
from bot.slack.events import Events
from bot.slack.homes import Homes
from bot.slack.listeners import Listeners
from bot.slack.presence import Presence

log = logging.getLogger(__name__)
QUIET = {
    "slack_bolt": logging.WARNING,
    "slack_sdk": logging.WARNING,
    "slack_sdk.web.base_client": logging.CRITICAL,  # what it cannot do is said by us, once
    "bot.slack.bolt": logging.ERROR,
}


def build(conversation: Conversation, homes: Homes, presence: Presence, signing_secret: str | None) -> AsyncApp:
    """An application that commits before it acknowledges. Without a secret it takes nothing over HTTP."""
    for name, level in QUIET.items():  # at a lower level they write whole payloads, with whatever people typed
        logging.getLogger(name).setLevel(level)
    app = AsyncApp(
        name="homeward",
        logger=logging.getLogger("bot.slack.bolt"),
        signing_secret=signing_secret or secrets.token_hex(32),
        client=conversation.workspaces.line.async_client(None),
        authorize=_authorizing(conversation),
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        attaching_conversation_kwargs_enabled=False,
    )
    Listeners(conversation, homes).register(app)
    Events(conversation, homes, presence).register(app)
    app.error(_failed)
    return app


def _authorizing(conversation: Conversation) -> Any:
    """Everybody whose request Slack signed may ask; whether they may do it is decided where we know who they are."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        workspaces = conversation.workspaces
        workspace = workspaces.of(team_id) or workspaces.first()
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=workspace.team,
            bot_user_id=workspace.user,
            bot_id=workspace.bot,
            bot_token=workspace.token,
        )

    return authorize


async def _failed(error: Exception) -> BoltResponse:
    """Never a payload in a log. What nobody listens for is not found; Slack repeats an event that failed."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=404, body="")
    log.error("slack request failed: %s", type(error).__name__)
    return BoltResponse(status=500, body="")
