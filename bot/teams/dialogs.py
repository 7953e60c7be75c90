"""Dialogs: opened from a button or from a message, sent in, and never closed over what somebody typed and we did not save."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

from microsoft_teams.api.activities.invoke.message_extension.fetch_task import MessageExtensionFetchTaskInvokeActivity
from microsoft_teams.api.activities.invoke.message_extension.submit_action import MessageExtensionSubmitActionInvokeActivity
from microsoft_teams.api.activities.invoke.task.task_fetch import TaskFetchInvokeActivity
from microsoft_teams.api.activities.invoke.task.task_submit import TaskSubmitInvokeActivity
from microsoft_teams.api.models.invoke_response import InvokeResponse
from microsoft_teams.api.models.messaging_extension.messaging_extension_action_response import MessagingExtensionActionResponse
from microsoft_teams.api.models.task_module import TaskModuleResponse
from microsoft_teams.apps import ActivityContext

from bot.teams import controls, forms, tags
from bot.teams.callers import Caller, caller
from bot.teams.conversation import Conversation, Do, Outcome, Refusal
from bot.teams.tags import Tag
from handlers.desk import Desk
from handlers.frontdesk import hearing, pressing, submitting
from handlers.incoming import Pressed, Said, Submitted
from handlers.outgoing import Answer, Form, Problems, Reply
from storage import posts

NOT_OURS = "This form is not known here any more. Nothing was saved: open it again from the message, or type @Homeward help."
NO_SUCH_BUTTON = "This button is not known here any more. Type @Homeward help to see what you can do."
OLDER = "Homeward was updated while this form was open. What you typed is still here: look through it and send it again."
_TAG, _BREAK = re.compile(r"<[^<>]*>"), re.compile(r"<(?:br|/p|/div)[^<>]*>", re.IGNORECASE)
Pressing = Callable[[str], Pressed]
FAILED: InvokeResponse[Any] = InvokeResponse(status=503)  # Teams says that it did not work, and keeps the dialog as it is


class Dialogs:
    """Every way a form opens and comes back."""

    def __init__(self, conversation: Conversation) -> None:
        self._with = conversation

    async def open(self, ctx: ActivityContext[TaskFetchInvokeActivity]) -> TaskModuleResponse:
        """The button of a message: it names a command, or a verb of the post."""
        of, data = caller(ctx.activity, self._with.directory), _data(ctx.activity.value.data)
        arrived = time.monotonic()
        await self._with.heard(of)
        line = data.get("say")
        if isinstance(line, str):
            return _page(await self._with.ask(of, self._hear(of, line), arrived=arrived), of.authority)
        pressed = pressed_in(data, of.authority)
        if pressed is None:
            return forms.sentence(NO_SUCH_BUTTON)
        press: Do = lambda desk, by: pressing.press(pressed(by), desk)  # noqa: E731
        return _page(await self._with.ask(of, press, pressed=pressed(""), arrived=arrived), of.authority)

    async def extension(self, ctx: ActivityContext[MessageExtensionFetchTaskInvokeActivity]) -> MessagingExtensionActionResponse:
        """From the box where people write, or from a message: its words join the report, which is sealed."""
        of, message = caller(ctx.activity, self._with.directory), ctx.activity.value.message_payload
        quoted = plain(message.body.content or "") if message and message.body else ""
        page = _page(await self._with.ask(of, self._hear(of, "report", quoted)), of.authority)
        return MessagingExtensionActionResponse(task=page.task)

    async def submit(self, ctx: ActivityContext[TaskSubmitInvokeActivity]) -> TaskModuleResponse | InvokeResponse[Any]:
        """Committed, then answered with the result in the place of the form."""
        return await self._submit(caller(ctx.activity, self._with.directory), _data(ctx.activity.value.data)) or FAILED

    async def extension_submit(
        self, ctx: ActivityContext[MessageExtensionSubmitActionInvokeActivity]
    ) -> MessagingExtensionActionResponse | InvokeResponse[Any]:
        """The same, where the form was opened from the box or from a message."""
        page = await self._submit(caller(ctx.activity, self._with.directory), _data(ctx.activity.value.data))
        return MessagingExtensionActionResponse(task=page.task) if page else FAILED

    async def _submit(self, of: Caller, data: Mapping[str, Any]) -> TaskModuleResponse | None:
        known, arrived = tags.tag(data), time.monotonic()
        if known is None:
            return forms.sentence(NOT_OURS)
        values, given = controls.filled(data), controls.moments(data)
        half, told = forms.half_a_time(given), forms.to_tell(given, known, self._with.inbound.clock())
        if half or told or known.version != tags.VERSION:
            form = await self._again(of, known, values)
            if form and half:
                return forms.again(form, known.authority, half)
            if form:
                return forms.echoed(form, known, told) if told else forms.again(form, known.authority, {}, OLDER)
        sent: Do = lambda desk, by: submitting.submit(Submitted(known.form, values, by, known.context, known.authority), desk)  # noqa: E731
        outcome = await self._with.ask(of, sent, arrived=arrived)
        if not isinstance(outcome, Refusal):
            return _page(outcome, known.authority)
        form = await self._again(of, known, values)
        if form:
            return forms.again(form, known.authority, {"": outcome.sentence})
        return None if outcome.again else forms.sentence(outcome.sentence)

    async def _again(self, of: Caller, known: Tag, values: Mapping[str, str]) -> Form | None:
        """The form holding what was typed; None when it cannot be made."""
        submitted: Do = lambda desk, by: submitting.again(Submitted(known.form, values, by, known.context, known.authority), desk)  # noqa: E731
        outcome = await self._with.ask(of, submitted)
        return forms.with_values(outcome, values) if isinstance(outcome, Form) else None

    def _hear(self, of: Caller, line: str, quoted: str = "") -> Do:
        def hear(desk: Desk, by: str) -> Reply:
            return hearing.hear(Said(line, by, of.authority, thread_reference(desk, of), quoted=quoted), desk)

        return hear


def thread_reference(desk: Desk, of: Caller) -> str | None:
    """The episode whose thread this is."""
    found = posts.by_message(desk.session, "teams", of.channel, of.thread) if of.thread else None
    return found.body.get("reference") if found else None


def pressed_in(data: Mapping[str, Any], authority: str | None) -> Pressing | None:
    """The button pressed, for whoever it was; None for data that no version of ours has written."""
    verb, obligation, version, reference = data.get("verb"), data.get("o"), data.get("v") or 0, data.get("r")
    to = data.get("to")
    if (
        not isinstance(verb, str)
        or not isinstance(version, int)
        or not all(part is None or isinstance(part, str) for part in (obligation, reference, to))
    ):
        return None
    return lambda by: Pressed(verb, by, obligation, version, reference, authority, to)


def plain(html: str) -> str:
    """A message as text, without its markup."""
    return unescape(_TAG.sub("", _BREAK.sub("\n", html))).strip()


def _data(found: object) -> dict[str, Any]:
    return dict(found) if isinstance(found, Mapping) else {}


def _page(outcome: Outcome, authority: str | None) -> TaskModuleResponse:
    """An outcome in a dialog."""
    match outcome:
        case Form():
            return forms.opened(outcome, authority)
        case Problems():
            return forms.again(outcome.form, authority, outcome.errors)
        case Answer():
            return forms.result(outcome)
    return forms.sentence(outcome.sentence)
