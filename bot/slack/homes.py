"""Home pages that are open: shown when somebody looks, and again when they change while open."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime

from bot.slack import errors, home
from bot.slack.callers import Caller
from bot.slack.conversation import FAILURES, Conversation, Refusal
from bot.slack.workspaces import Workspace
from handlers import accounts, record
from handlers.desk import Desk, actor
from handlers.directory import Person
from handlers.outgoing import Answer
from handlers.pages.home import Home
from handlers.pages.home import home as gathered

log = logging.getLogger(__name__)
OPEN_FOR = 1800.0  # seconds after somebody last looked; Slack does not say when they leave
RENEWED = 300.0  # seconds after which a page that did not change is shown anew: it says how long ago things were
MOST = 500
UNKNOWN = "You are not known to Homeward yet. Your account is {user} of {team}: ask the administrator to add it to homeward.yml."


@dataclass
class Looking:
    """Somebody with their page open."""

    caller: Caller
    page: int
    at: float
    shown_at: float = 0.0
    fingerprint: tuple[object, ...] = ()


@dataclass
class Homes:
    """The pages open in this process."""

    conversation: Conversation
    looking: dict[tuple[str, str], Looking] = field(default_factory=dict)

    async def look(self, of: Caller, page: int = 0) -> None:
        """Somebody opened their page, or turned to another."""
        if of.workspace is None:
            return
        key = (of.team, of.user)
        self.looking.pop(key, None)
        while len(self.looking) >= MOST:
            self.looking.pop(next(iter(self.looking)))
        self.looking[key] = Looking(of, page, time.monotonic())
        await self._show(self.looking[key], of.workspace)

    async def again(self, of: Caller) -> None:
        """Somebody did something on their page."""
        open_page = self.looking.get((of.team, of.user))
        await self.look(of, open_page.page if open_page else 0)

    async def refresh(self) -> None:
        """Show every open page anew that is another one by now."""
        now = time.monotonic()
        for key, looking in list(self.looking.items()):
            if now - looking.at > OPEN_FOR:
                self.looking.pop(key, None)
            elif looking.caller.workspace:
                await self._show(looking, looking.caller.workspace)

    async def _show(self, looking: Looking, workspace: Workspace) -> None:
        of, now = await self.conversation.inbound.look(lambda desk: _gather(desk, looking))
        fingerprint = home.fingerprint(of) if of else ("unknown",)
        changed = fingerprint != looking.fingerprint
        if not changed and time.monotonic() - looking.shown_at < RENEWED:
            return
        if of and changed and not await self._written_down(looking):
            return
        text = UNKNOWN.format(user=looking.caller.user, team=looking.caller.team)
        view = home.view(of, now) if of else home.stranger(text)
        try:
            await workspace.calls.views_publish(user_id=looking.caller.user, view=view)
        except FAILURES as error:
            log.warning("slack views.publish: %s", errors.code(error) or type(error).__name__)
            return
        looking.fingerprint, looking.shown_at = fingerprint, time.monotonic()

    async def _written_down(self, looking: Looking) -> bool:
        """What is shown privately is in the journal before it is shown."""
        outcome = await self.conversation.ask(looking.caller, _record)
        return not isinstance(outcome, Refusal)


def _gather(desk: Desk, looking: Looking) -> tuple[Home | None, datetime]:
    person = accounts.person_of(desk, "slack", looking.caller.team, looking.caller.user)
    return (gathered(desk, person, looking.page) if person else None), desk.now


def _record(desk: Desk, person: str) -> Answer:
    for authority in desk.office.directory.authorities_of(_known(desk, person), desk.today):
        record.write(desk, actor(desk, person, authority), "shown", {"what": "home"}, child=None, episode=None)
    return Answer((), seen="home")


def _known(desk: Desk, person: str) -> Person:
    found = desk.office.directory.person(person)
    assert found is not None  # noqa: S101 - the account was matched to a person a moment ago
    return found
