"""One exchange with one person: ask a handler, answer privately, or offer a form; whatever happens, they are told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot.inbound import NOT_SAVED, Inbound, NotSaved
from bot.teams import errors, render
from bot.teams.callers import Caller
from bot.teams.connector import Connector
from bot.teams.references import References
from bot.teams.render import Message
from handlers import accounts
from handlers.accounts import Stranger
from handlers.desk import Desk
from handlers.directory import Directory
from handlers.errors import HandlerError
from handlers.incoming import Pressed
from handlers.outgoing import Reply
from storage.conversations import Conversation as Talk

log = logging.getLogger(__name__)
IN_PRIVATE = "Homeward could not answer you privately. Open Apps in Teams, add Homeward for yourself, then type it again."


@dataclass(frozen=True)
class Refusal:
    """Nothing came of it, and why. `again`: the same thing may well work in a moment."""

    sentence: str
    again: bool = False


Outcome = Reply | Refusal
Do = Callable[[Desk, str], Reply]


@dataclass
class Conversation:
    """What every listener needs. Work that outlives its request is kept in `tasks` until it has ended."""

    inbound: Inbound
    connector: Connector
    references: References
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _served: tuple[Directory | None, frozenset[str]] = (None, frozenset())

    @property
    def directory(self) -> Directory:
        """Everybody we know."""
        return self.inbound.office.directory

    def tenants(self, ours: str | None) -> frozenset[str]:
        """Those of our rooms and people, and the one the app is registered in."""
        if self._served[0] is not self.directory:
            rooms = {r.team for a in self.directory.authorities for r in a.rooms if r.platform == "teams"}
            people = {a.team for p in self.directory.people for a in p.accounts if a.platform == "teams"}
            self._served = self.directory, frozenset(filter(None, (*rooms, *people, ours)))
        return self._served[1]

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Go on with it after the request was answered."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._ended)

    async def drain(self, patience: float = 4.0) -> None:
        """Let what is under way end."""
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=patience)

    async def heard(self, of: Caller) -> None:
        """Remember how this place is reached, where that is news."""
        if not self.references.is_news(of, self.inbound.clock()):
            return
        try:
            self.references.know(await self.inbound.act(lambda desk: self.references.heard(desk, of)))
        except NotSaved:
            log.warning("how a conversation is reached could not be kept")

    async def ask(
        self, of: Caller, do: Do, *, pressed: Pressed | None = None, arrived: float | None = None, reads: bool = False
    ) -> Outcome:
        """Run a handler in the person's name, committed when this returns a reply; `reads`: it only shows something."""

        def work(desk: Desk) -> Outcome:
            person = accounts.person_of(desk, "teams", of.tenant, of.user)
            if person is None:
                stranger = Stranger("teams", of.tenant, of.user, of.authority)
                return Refusal(accounts.turn_away(desk, stranger, pressed).text)
            return do(desk, person.id)

        try:
            return await self.inbound.act(work, arrived, f"teams:{of.tenant}:{of.user}", reads=reads)
        except HandlerError as refused:
            return Refusal(str(refused))
        except NotSaved as failed:
            return Refusal(str(failed), again=True)
        except Exception as error:  # noqa: BLE001 - said to the person, whatever it is
            log.error("not saved: %s", type(error).__name__)
            return Refusal(NOT_SAVED, again=True)

    async def tell(self, of: Caller, message: Message) -> None:
        """Privately: where the bot talks with them alone; where that cannot be, they are told what to do about it."""
        try:
            await self._alone(of, message)
        except HandlerError as refused:
            log.warning("an answer could not be given: %s", refused)
            if not of.personal and str(refused) in errors.GONE:
                await asyncio.to_thread(self.references.drop, of.tenant, of.user)  # opened anew the next time
                await self.say(of, render.sentence(IN_PRIVATE))

    async def say(self, of: Caller, message: Message) -> None:
        """Where they are, for everybody there."""
        try:
            await self.connector.make(self.connector.post(of.address, of.place, message.activity()))
        except HandlerError as refused:
            log.warning("an answer could not be given: %s", refused)

    async def _alone(self, of: Caller, message: Message) -> None:
        if of.personal:
            await self.connector.make(self.connector.post(of.address, of.channel, message.activity()))
            return
        talk = await asyncio.to_thread(self.references.of, of.tenant, of.user) or await self._opened(of)
        await self.connector.make(self.connector.post(talk.address, talk.conversation, message.activity()))

    async def _opened(self, of: Caller) -> Talk:
        talk = await self.connector.make(self.connector.open(of.address, of.tenant, of.user))
        found = Talk(of.tenant, of.user, talk, of.address, self.inbound.clock())
        await asyncio.to_thread(self.references.opened, found)
        return found

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            log.error("after an answer: %s", type(task.exception()).__name__)
