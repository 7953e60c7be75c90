"""Slack put together: what the server mounts, what delivery sends through, and what runs by itself."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import APIRouter
from slack_bolt.async_app import AsyncApp

from bot.inbound import Inbound
from bot.slack import app as bolt
from bot.slack import http
from bot.slack.check import problems, socket_problem
from bot.slack.conversation import Conversation
from bot.slack.homes import Homes
from bot.slack.platform import PACE, Slack, Worry
from bot.slack.presence import Presence
from bot.slack.sockets import Sockets
from bot.slack.workspaces import Line, Workspaces
from handlers import alarms
from handlers.delivery.pace import Pace
from handlers.desk import Desk
from handlers.directory import Directory

log = logging.getLogger(__name__)
REFRESH, WATCH, RECONNECT = 10.0, 15.0, 5.0  # seconds


@dataclass(frozen=True)
class Access:
    """What opens Slack. A signing secret takes requests over HTTP, an app token a socket; with neither nobody is heard."""

    line: Line
    tokens: Sequence[tuple[str, str]]
    signing_secret: str | None = None
    app_token: str | None = None


@dataclass
class Serving:
    """One per process."""

    app: AsyncApp
    platform: Slack
    conversation: Conversation
    homes: Homes
    router: APIRouter | None
    sockets: Sockets | None
    access: Access

    @property
    def pace(self) -> Pace:
        """How fast Slack takes posts."""
        return PACE

    def problems(self) -> list[str]:
        """What is missing, in sentences; asks Slack, so call it in a thread."""
        return _problems(self.access, self.conversation.workspaces, self.conversation.directory)

    def close(self) -> None:
        """Nothing: its calls end with themselves."""

    @asynccontextmanager
    async def life(self) -> AsyncIterator[None]:
        """Around the life of the server: the check, the socket, the open home pages."""
        repeated = [self._every(REFRESH, self.homes.refresh), *([self._every(WATCH, self._watch)] if self.sockets else [])]
        tasks = [asyncio.create_task(work) for work in (self._begin(), *repeated)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self.sockets:
                await self.sockets.close()
            await self.conversation.drain()

    async def _begin(self) -> None:
        for problem in await asyncio.to_thread(self.problems):
            log.warning("slack: %s", problem)
        while self.sockets and not self.sockets.opened:
            try:
                await self.sockets.open()
            except Exception as error:  # noqa: BLE001 - whatever it is, the next attempt is the answer
                log.warning("slack socket: %s", type(error).__name__)
                await asyncio.sleep(RECONNECT)

    async def _watch(self) -> None:
        """A socket that stays down is said wherever something can still be said."""
        silence = await self.sockets.silence() if self.sockets else None
        if silence:
            await self.conversation.inbound.act(lambda desk: _everywhere(desk, "slack-socket", silence))

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        """Again and again; what takes long is done less often, so that it never takes more than a fifth of the time."""
        pause = seconds
        while True:
            await asyncio.sleep(pause)
            began = time.monotonic()
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - the next run is the retry
                log.error("slack: %s", type(error).__name__)
            pause = max(seconds, 4 * (time.monotonic() - began))


def connect(access: Access, inbound: Inbound, worry: Worry) -> Serving:
    """Everything built and nothing called yet."""
    workspaces = Workspaces.connect(access.line, access.tokens)
    conversation = Conversation(inbound, workspaces)
    homes, presence = Homes(conversation), Presence()
    app = bolt.build(conversation, homes, presence, access.signing_secret)
    router = http.router(app, access.signing_secret) if access.signing_secret else None
    sockets = Sockets.of(app, access.app_token, access.line) if access.app_token and not access.signing_secret else None
    return Serving(app, Slack(workspaces, presence, worry), conversation, homes, router, sockets, access)


def look_for_problems(access: Access, directory: Directory) -> list[str]:
    """The check alone, for a command."""
    return _problems(access, Workspaces.connect(access.line, access.tokens), directory)


def _problems(access: Access, workspaces: Workspaces, directory: Directory) -> list[str]:
    found = list(problems(workspaces, directory))
    problem = socket_problem(access.line, access.app_token) if access.app_token and not access.signing_secret else None
    return [*found, problem] if problem else found


def _everywhere(desk: Desk, key: str, sentence: str) -> bool:
    raised = False
    for authority in desk.office.directory.authorities:
        if any(room.platform == "slack" for room in authority.rooms):
            raised |= alarms.raise_alarm(desk, authority.id, f"{key}:{desk.today.isoformat()}", sentence)
    return raised
