"""How each channel and person is reached: kept from every message that arrives, refreshed, and dropped when refused."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.teams.callers import Caller
from handlers.desk import Desk
from storage import conversations
from storage.conversations import Conversation
from storage.db import Session
from storage.errors import Unavailable

log = logging.getLogger(__name__)
ANYWHERE = "https://smba.trafficmanager.net/teams"  # takes first messages of every tenant
FRESH = timedelta(days=1)  # after which one that was heard again is written down again


@dataclass
class References:
    """`look` and `write` open a transaction, to read and to change."""

    look: Callable[[], AbstractContextManager[Session]]
    write: Callable[[], AbstractContextManager[Session]]
    anywhere: str = ANYWHERE
    _known: dict[tuple[str, str], Conversation] = field(default_factory=dict)

    def is_news(self, of: Caller, now: datetime) -> bool:
        """Whether what this message tells of its place is not known yet, or was written down too long ago."""
        before = self._known.get(of.whose)
        return bool(of.host and of.address) and (
            before is None
            or (before.conversation, before.address, before.team) != (of.channel, of.address, of.team)
            or now - before.seen_at >= FRESH
        )

    def heard(self, desk: Desk, of: Caller) -> Conversation:
        """Somebody spoke: how their place is reached is written down."""
        found = Conversation(*of.whose, of.channel, of.address, desk.now, of.team)
        conversations.keep(desk.session, found)
        return found

    def know(self, found: Conversation) -> None:
        """It is written down by now."""
        self._known[(found.tenant, found.whose)] = found

    def of(self, tenant: str, whose: str) -> Conversation | None:
        """The conversation with a channel or a person, if there was one."""
        known = self._known.get((tenant, whose))
        if known is None:
            with self.look() as session:
                known = conversations.of(session, tenant, whose)
            if known:
                self._known[(tenant, whose)] = known
        return known

    def address(self, tenant: str) -> str:
        """Where somebody of a tenant is first written to."""
        with self.look() as session:
            latest = conversations.latest(session, tenant)
        return latest.address if latest else self.anywhere

    def opened(self, found: Conversation) -> None:
        """A conversation that we began ourselves; the message goes out even when this cannot be kept."""
        self._known[(found.tenant, found.whose)] = found
        self._quietly(lambda session: conversations.keep(session, found))

    def drop(self, tenant: str, whose: str) -> None:
        """It was refused: it is looked for anew the next time."""
        self._known.pop((tenant, whose), None)
        self._quietly(lambda session: conversations.drop(session, tenant, whose))

    def of_team(self, desk: Desk, tenant: str, team: str) -> list[Conversation]:
        """What is known of the channels of a team."""
        return conversations.of_team(desk.session, tenant, team)

    def forget(self, desk: Desk, tenant: str, whose: str) -> None:
        """A channel is gone, or somebody took us out."""
        self._known.pop((tenant, whose), None)
        conversations.drop(desk.session, tenant, whose)

    def _quietly(self, act: Callable[[Session], None]) -> None:
        try:
            with self.write() as session:
                act(session)
        except (SQLAlchemyError, Unavailable) as error:
            log.warning("how a conversation is reached could not be kept: %s", type(error).__name__)
