"""Teams put together: what the server mounts, what delivery sends through, and what runs by itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass

from fastapi import APIRouter
from microsoft_teams.apps import App
from sqlalchemy import Engine

from bot.inbound import Inbound
from bot.loop import Loop
from bot.teams import app as sdk
from bot.teams import http
from bot.teams.app import Access
from bot.teams.check import problems
from bot.teams.connector import Connector
from bot.teams.conversation import Conversation
from bot.teams.events import Events
from bot.teams.guard import Guard
from bot.teams.homes import Homes
from bot.teams.listeners import Listeners
from bot.teams.platform import PACE, Teams
from bot.teams.presence import Presence
from bot.teams.references import References
from handlers.delivery.pace import Pace
from handlers.directory import Directory
from storage.db import Session, reading, transaction

log = logging.getLogger(__name__)


@dataclass
class Serving:
    """One per process."""

    app: App
    platform: Teams
    conversation: Conversation
    router: APIRouter

    @property
    def pace(self) -> Pace:
        """How fast Teams takes posts."""
        return PACE

    def problems(self) -> list[str]:
        """What is missing, in sentences; asks Microsoft, so call it in a thread."""
        return list(problems(self.conversation.connector, self.conversation.references, self.conversation.directory))

    @asynccontextmanager
    async def life(self) -> AsyncIterator[None]:
        """Around the life of the server: the application, and the check."""
        await self.app.initialize()
        checking = asyncio.create_task(self._check())
        try:
            yield
        finally:
            checking.cancel()
            await asyncio.gather(checking, return_exceptions=True)
            await self.conversation.drain()

    def close(self) -> None:
        """End what we call Teams with, once nothing is sent any more."""
        self.conversation.connector.close()

    async def _check(self) -> None:
        for problem in await asyncio.to_thread(self.problems):
            log.warning("teams: %s", problem)


def connect(access: Access, inbound: Inbound) -> Serving:
    """Everything built and nothing called yet."""
    app = sdk.build(access)
    connector, references = Connector(app, Loop("teams")), known(inbound.engine)
    conversation, presence = Conversation(inbound, connector, references), Presence(connector)
    homes = Homes(conversation)
    Listeners(conversation, homes).register(app)
    Events(conversation, homes, presence).register(app)
    guard = Guard(access.client_id, lambda: conversation.tenants(access.tenant), access.cloud, local=access.local)
    platform = Teams(connector, references, presence, inbound.clock)
    return Serving(app, platform, conversation, http.router(app, guard))


def known(engine: Engine) -> References:
    """How channels and people are reached, as the database has it."""
    look: Callable[[], AbstractContextManager[Session]] = lambda: reading(engine)  # noqa: E731
    return References(look, lambda: transaction(engine))


def look_for_problems(access: Access, engine: Engine, directory: Directory) -> list[str]:
    """The check alone, for a command."""
    connector = Connector(sdk.build(access), Loop("teams"))
    try:
        return list(problems(connector, known(engine), directory))
    finally:
        connector.close()
