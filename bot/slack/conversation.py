"""One exchange with one person: ask a handler, answer privately, or show a form; whatever happens, they are told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.inbound import NOT_SAVED, Inbound, NotSaved
from bot.slack import errors, files, forms, render
from bot.slack.callers import Caller, caller
from bot.slack.render import Message
from bot.slack.workspaces import Workspaces
from handlers import accounts
from handlers.accounts import Stranger
from handlers.desk import Desk
from handlers.directory import Directory
from handlers.errors import HandlerError
from handlers.incoming import Pressed
from handlers.outgoing import Answer, Form, Problems, Reply

log = logging.getLogger(__name__)
NOT_HERE = "This workspace is not set up for Homeward. Ask its administrator to add it to homeward.yml. If it is urgent, phone."
TOO_LATE = "Slack did not open the form in time. Try again, or phone."
LOST = frozenset({"expired_trigger", "exchanged_trigger_id", "invalid_trigger", "invalid_trigger_id", "trigger_expired"})
FAILURES = (SlackApiError, OSError, asyncio.TimeoutError, ValueError)


@dataclass(frozen=True)
class Refusal:
    """Nothing came of it, and why."""

    sentence: str


Outcome = Reply | Refusal
Do = Callable[[Desk, str], Reply]


@dataclass
class Conversation:
    """What every listener needs. Work that outlives its request is kept in `tasks` until it has ended."""

    inbound: Inbound
    workspaces: Workspaces
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def directory(self) -> Directory:
        """Everybody we know."""
        return self.inbound.office.directory

    def caller(self, body: dict[str, Any]) -> Caller:
        """Who this is from."""
        return caller(body, self.workspaces, self.directory)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Go on with it after the request was answered."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._ended)

    async def drain(self, patience: float = 4.0) -> None:
        """Let what is under way end."""
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=patience)

    async def ask(
        self, of: Caller, do: Do, *, pressed: Pressed | None = None, arrived: float | None = None, reads: bool = False
    ) -> Outcome:
        """Run a handler in the person's name, committed when this returns a reply; `reads`: it only shows something."""
        if of.workspace is None:
            return Refusal(NOT_HERE)

        def work(desk: Desk) -> Outcome:
            person = accounts.person_of(desk, "slack", of.team, of.user)
            if person is None:
                stranger = Stranger("slack", of.team, of.user, of.authority)
                return Refusal(accounts.turn_away(desk, stranger, pressed).text)
            return do(desk, person.id)

        try:
            return await self.inbound.act(work, arrived, f"slack:{of.team}:{of.user}", reads=reads)
        except (HandlerError, NotSaved) as refused:
            return Refusal(str(refused))
        except Exception as error:  # noqa: BLE001 - said to the person, whatever it is
            log.error("not saved: %s", type(error).__name__)
            return Refusal(NOT_SAVED)

    async def in_modal(self, of: Caller, do: Do, *, pressed: Pressed | None = None, arrived: float | None = None) -> None:
        """A window opens at once, and is filled with what the handler gives: a trigger lives for three seconds."""
        opening = asyncio.create_task(self._open(of, forms.loading()))
        outcome = await self.ask(of, do, pressed=pressed, arrived=arrived)
        opened = await opening
        if opened is None:
            await self.tell(of, Message(TOO_LATE, ()) if isinstance(outcome, Form) else shown(outcome))
            return
        try:
            await self._calls(of).views_update(view_id=opened, view=view_of(outcome, of.authority))
        except FAILURES as error:
            log.warning("slack views.update: %s", errors.code(error) or type(error).__name__)
            if not isinstance(outcome, Form):
                await self.tell(of, shown(outcome))

    async def show(self, of: Caller, outcome: Outcome) -> None:
        """The outcome of something pressed: a form in a window, an answer where only the person sees it, a file by direct message."""
        await self.give(of, outcome)
        if not isinstance(outcome, Form | Problems) and not of.from_view:
            await self.tell(of, shown(outcome))
        elif await self._open(of, view_of(outcome, of.authority)) is None:
            await self.tell(of, Message(TOO_LATE, ()) if isinstance(outcome, Form) else shown(outcome))

    async def give(self, of: Caller, outcome: Outcome) -> None:
        """The files of an answer, by direct message."""
        if not isinstance(outcome, Answer) or not outcome.files:
            return
        try:
            await files.hand_over(self._calls(of), of.user, outcome.files)
        except FAILURES as error:
            await self.tell(of, render.sentence(files.why_not(error)))

    async def tell(self, of: Caller, message: Message) -> None:
        """Privately: where they are, else where the bot talks with them alone."""
        content: dict[str, Any] = {"text": message.text, "blocks": list(message.blocks) or None}
        if of.response_url and self.workspaces.line.may_answer(of.response_url) and await self._respond(of, of.response_url, content):
            return
        try:
            if of.channel:
                await self._calls(of).chat_postEphemeral(channel=of.channel, user=of.user, thread_ts=of.thread, **content)
            else:
                await self._calls(of).chat_postMessage(channel=of.user, **content)
        except FAILURES as error:
            log.warning("an answer could not be given: %s", errors.code(error) or type(error).__name__)

    async def _respond(self, of: Caller, url: str, content: dict[str, Any]) -> bool:
        line = self.workspaces.line
        client = AsyncWebhookClient(url, 5, line.tls(), line.proxy, trust_env_in_session=True, retry_handlers=[])
        placed = {"thread_ts": of.thread} if of.thread else {}
        try:
            body = {"response_type": "ephemeral", "replace_original": False, **placed, **{k: v for k, v in content.items() if v}}
            return (await client.send_dict(body)).status_code == 200
        except FAILURES:
            return False

    async def _open(self, of: Caller, view: dict[str, Any]) -> str | None:
        """The id of the window, None when Slack would not open it."""
        if of.workspace is None or of.trigger is None:
            return None
        try:
            answer = await of.workspace.calls.views_open(trigger_id=of.trigger, view=view)
        except FAILURES as error:
            log.warning("slack views.open: %s", errors.code(error) or type(error).__name__)
            return None
        return str((answer.get("view") or {}).get("id"))

    def _calls(self, of: Caller) -> Any:
        return (of.workspace or self.workspaces.first()).calls

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            log.error("after an answer: %s", type(task.exception()).__name__)


def shown(outcome: Outcome) -> Message:
    """An outcome as a message."""
    match outcome:
        case Answer():
            return render.answer(outcome)
        case Refusal():
            return render.sentence(outcome.sentence)
        case Problems():
            return render.sentence("\n".join(outcome.errors.values()))
    return render.sentence("The form is open.")


def view_of(outcome: Outcome, authority: str | None) -> dict[str, Any]:
    """An outcome as a window."""
    match outcome:
        case Form():
            return forms.opened(outcome, authority)
        case Problems():
            return forms.whole(outcome.form, authority, outcome.errors)
        case Answer():
            return forms.result(outcome)
    return forms.sentence(outcome.sentence)
