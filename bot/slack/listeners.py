"""Payload → what was said, pressed or filled in → committed → acknowledged, with the answer where there is room for one."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.slack import controls, forms, home, render
from bot.slack.callers import Caller
from bot.slack.conversation import Conversation, Refusal, shown
from bot.slack.homes import Homes
from bot.slack.submitting import Submitting
from handlers.frontdesk import hearing, pressing
from handlers.incoming import Pressed, Said
from handlers.outgoing import Answer
from handlers.vocabulary import opens

COMMAND = "/missing"
REPORT, REPORT_FROM = "report_missing", "report_from_message"
ANYTHING = re.compile(".*")
NO_SUCH_BUTTON = "This button is not known here any more. Type /missing help to see what you can do."
NO_SUCH_COMMAND = "Homeward answers to /missing. Type /missing help to see what you can do."
Body = dict[str, Any]


class Listeners:
    """Everything people do in Slack. Each method answers one kind of payload."""

    def __init__(self, conversation: Conversation, homes: Homes) -> None:
        self._with, self._homes, self._forms = conversation, homes, Submitting(conversation)

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt what we answer. It tries them in this order: forms first, which commit most; last the patterns that catch the rest."""
        app.view(ANYTHING)(self._forms.submit)
        app.command(COMMAND)(self.command)
        app.command(ANYTHING)(self.unknown_command)
        app.shortcut(REPORT)(self.report)
        app.shortcut(REPORT_FROM)(self.report_from)
        app.shortcut(ANYTHING)(self.unknown_shortcut)
        app.action(re.compile(f"^{render.PRESS}"))(self.press)
        app.action(controls.ECHO)(self._forms.echo)
        app.action(forms.WHOLE)(self._forms.whole)
        app.action(re.compile(f"^{home.PAGE}"))(self.turn)
        app.action("home:report")(self.report)
        app.action(ANYTHING)(self.unknown_action)
        app.options(ANYTHING)(nothing_to_choose)

    async def command(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """A typed command: answered in the response itself, or a window opens."""
        of, arrived = self._with.caller(body), arrival(context)
        typed = str(body.get("text") or "")
        key = body.get("trigger_id")

        def said(desk: Any, by: str) -> Any:
            return hearing.hear(Said(typed, by, of.authority, key=f"slack:{key}" if key else None), desk)

        if opens(typed) and of.workspace:
            self._with.later(self._with.in_modal(of, said, arrived=arrived))
            await ack()
            return
        outcome = await self._with.ask(of, said, arrived=arrived, reads=hearing.only_shows(typed))
        if not isinstance(outcome, Answer | Refusal):
            self._with.later(self._with.show(of, outcome))
            await ack()
            return
        self._with.later(self._with.give(of, outcome))
        kept = f"\nYou typed: {COMMAND} {typed}" if isinstance(outcome, Refusal) and typed else ""
        message = render.sentence(f"{outcome.sentence}{kept}") if isinstance(outcome, Refusal) else shown(outcome)
        await ack(text=message.text, blocks=list(message.blocks), response_type="ephemeral")

    async def report(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """The shortcut from anywhere, and the button of the home page."""
        self._opens_report(self._with.caller(body), "", arrival(context))
        await ack()

    async def report_from(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """The shortcut of a message: its words join the report, which is sealed; the channel sees nothing of it."""
        message = body.get("message") or {}
        self._opens_report(self._with.caller(body), str(message.get("text") or ""), arrival(context))
        await ack()

    def _opens_report(self, of: Caller, quoted: str, arrived: float) -> None:
        def said(desk: Any, by: str) -> Any:
            return hearing.hear(Said("report", by, of.authority, quoted=quoted), desk)

        self._with.later(self._with.in_modal(of, said, arrived=arrived))

    async def press(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """A button of a post or of the home page: committed, then acknowledged, then answered privately."""
        of, arrived = self._with.caller(body), arrival(context)
        pressed = pressed_in(body, of.authority)
        if pressed is None:
            self._with.later(self._with.show(of, Refusal(NO_SUCH_BUTTON)))
            await ack()
            return

        def press(desk: Any, by: str) -> Any:
            return pressing.press(Pressed(**{**vars(pressed), "by": by}), desk)

        if pressed.verb in pressing.OPENS | {"link"} and of.workspace:
            self._with.later(self._with.in_modal(of, press, pressed=pressed, arrived=arrived))
            await ack()
            return
        outcome = await self._with.ask(of, press, pressed=pressed, arrived=arrived)
        await ack()
        self._with.later(self._with.show(of, outcome))
        if of.from_view:
            self._with.later(self._homes.again(of))

    async def turn(self, ack: AsyncAck, body: Body) -> None:
        """Another page of the home page."""
        value = str((body.get("actions") or [{}])[0].get("value") or "0")
        self._with.later(self._homes.look(self._with.caller(body), int(value) if value.isdecimal() else 0))
        await ack()

    async def unknown_command(self, ack: AsyncAck) -> None:
        """A command of another version of the manifest."""
        await ack(text=NO_SUCH_COMMAND, response_type="ephemeral")

    async def unknown_shortcut(self, ack: AsyncAck, body: Body) -> None:
        """A shortcut of another version."""
        self._with.later(self._with.show(self._with.caller(body), Refusal(NO_SUCH_BUTTON)))
        await ack()

    async def unknown_action(self, ack: AsyncAck, body: Body) -> None:
        """A button of another version; a field of a form that says nothing yet needs no answer."""
        if not body.get("view"):
            self._with.later(self._with.show(self._with.caller(body), Refusal(NO_SUCH_BUTTON)))
        await ack()


async def nothing_to_choose(ack: AsyncAck) -> None:
    """None of our menus asks for its options."""
    await ack(options=[])


def arrival(context: AsyncBoltContext) -> float:
    """When the request came."""
    return float(context.get("arrived") or time.monotonic())


def pressed_in(body: Mapping[str, Any], authority: str | None) -> Pressed | None:
    """The button pressed; None for a value that no version of ours has written."""
    action = (body.get("actions") or [{}])[0]
    verb = str(action.get("action_id") or "").removeprefix(render.PRESS)
    try:
        value = json.loads(action.get("value") or "{}")
        obligation, version, reference, to = value.get("o"), int(value.get("v") or 0), value.get("r"), value.get("t")
    except (ValueError, TypeError, AttributeError):
        return None
    if not all(part is None or isinstance(part, str) for part in (obligation, reference, to)):
        return None
    return Pressed(verb, "", obligation, version, reference, authority, to)
