"""The calls we make to Teams, each once, within a time, on one event loop; every way one can end has a meaning."""

from __future__ import annotations

import logging
from asyncio import wrap_future
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from microsoft_teams.api.activities.message.message import MessageActivityInput
from microsoft_teams.api.clients.api_client import ApiClient
from microsoft_teams.api.clients.conversation.params import CreateConversationParams
from microsoft_teams.api.models.account import Account, ConversationAccount
from microsoft_teams.apps import App

from bot.loop import Loop
from bot.teams import errors
from handlers.errors import Later, NoKey, Uncertain, Undeliverable

log = logging.getLogger(__name__)
T = TypeVar("T")
PATIENCE = 10.0  # seconds for each step of a call
WHOLE = 25.0  # seconds for all of it: a carrier waits no longer than half a minute
REFUSED = ("invalid_client", "unauthorized_client", "invalid_grant")  # our own key is wrong until somebody sees to it


@dataclass(frozen=True)
class Connector:
    """`app` knows our key and its library; it retries nothing."""

    app: App
    loop: Loop

    def wait(self, call: Coroutine[Any, Any, T]) -> T:
        """Make a call from a thread. Raises the port's errors."""
        try:
            return self.loop.run(call, WHOLE)
        except TimeoutError:
            raise errors.meaning(httpx.ReadTimeout("too long")) from None

    async def make(self, call: Coroutine[Any, Any, T]) -> T:
        """Make a call from another event loop."""
        return await wrap_future(self.loop.start(call))

    async def post(self, address: str, conversation: str, sent: MessageActivityInput) -> str:
        """Send a message; gives its id."""
        return (await self._call(address, lambda api: api.conversations.create_activity(conversation, _in(sent, conversation)))).id

    async def edit(self, address: str, conversation: str, message: str, sent: MessageActivityInput) -> None:
        """Put another message in the place of one."""
        await self._call(address, lambda api: api.conversations.update_activity(conversation, message, _in(sent, conversation)))

    async def open(self, address: str, tenant: str, user: str) -> str:
        """The talk with one person; opening it again gives the same one."""
        asked = CreateConversationParams(members=[Account(id=user)], tenant_id=tenant, channel_data={"tenant": {"id": tenant}})
        return (await self._call(address, lambda api: api.conversations.create(asked))).id

    async def is_member(self, address: str, conversation: str, user: str) -> bool:
        """Whether somebody is in a channel."""
        try:
            await self._call(address, lambda api: api.conversations.get_member_by_id(conversation, user))
        except Undeliverable as refused:
            if str(refused) == "404":
                return False
            raise
        return True

    async def token(self) -> None:
        """That we have a key Teams takes. Raises Undeliverable or Later: nothing was sent."""
        try:
            await self.app.token_provider.get_app_token()
        except ValueError as error:
            said = str(error)
            log.error("no token for Teams: %s", said if said in REFUSED else "ValueError")
            raise (NoKey(said) if said in REFUSED else Later(errors.BUSY, everywhere=True)) from None
        except Exception as error:  # noqa: BLE001 - whatever kept us from a token, nothing was sent
            log.error("no token for Teams: %s", type(error).__name__)
            raise Later(errors.DOWN, everywhere=True) from None

    def close(self) -> None:
        """Hang up, and end the loop."""
        self.loop.run(self._hang_up(), PATIENCE)
        self.loop.close()

    async def _hang_up(self) -> None:
        for client in (self.app.http_client, self.app.api.http):
            await client.http.aclose()

    async def _call(self, address: str, call: Callable[[ApiClient], Awaitable[T]]) -> T:
        await self.token()
        try:
            return await call(self.app.api.from_service_url(address))
        except Exception as error:  # noqa: BLE001 - every way a call can end has a meaning for the port
            meant = errors.meaning(error)
            log.log(logging.INFO if isinstance(meant, Later | Uncertain) else logging.WARNING, "teams: %s", meant)
            raise meant from None


def _in(sent: MessageActivityInput, conversation: str) -> MessageActivityInput:
    return sent.with_conversation(ConversationAccount(id=conversation))
