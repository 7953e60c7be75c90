"""Activity → what was said or pressed → committed → answered, in the response itself or privately."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from microsoft_teams.api import AdaptiveCardInvokeResponse
from microsoft_teams.api.activities.invoke.adaptive_card.action import AdaptiveCardInvokeActivity
from microsoft_teams.api.activities.message.message import MessageActivity
from microsoft_teams.api.models.adaptive_card.adaptive_card_action_response import (
    AdaptiveCardActionCardResponse,
    AdaptiveCardActionMessageResponse,
)
from microsoft_teams.apps import ActivityContext, App

from bot.teams import home, render
from bot.teams.callers import Caller, caller
from bot.teams.conversation import Conversation, Outcome, Refusal
from bot.teams.dialogs import Dialogs, pressed_in, thread_reference
from bot.teams.homes import Homes
from bot.teams.platform import mark
from bot.teams.typed import typed
from handlers.desk import Desk
from handlers.frontdesk import hearing, pressing
from handlers.incoming import Said
from handlers.labels import label
from handlers.outgoing import Answer, Form, Problems, Reply, body
from handlers.vocabulary import VERBS, opens
from storage import posts
from storage.posts import Post

DELETE = (
    "What you typed after the command was not kept, because others can read it. Please delete your message, and write it into the form."
)
IN_THE_FORM = "What you typed after the command was not kept. Write it into the form."
PRESS_TO_OPEN = "Press the button: the form opens for you alone. What you write there is not shown here."
NO_SUCH_BUTTON = "This button is not known here any more. Type @Homeward help to see what you can do."
REMEMBERED = 500  # messages that are not taken twice by one process


class Listeners:
    """Everything people do in Teams. Each method answers one kind of activity."""

    def __init__(self, conversation: Conversation, homes: Homes) -> None:
        self._with, self._homes, self._dialogs = conversation, homes, Dialogs(conversation)
        self._taken: OrderedDict[str, None] = OrderedDict()

    def register(self, app: App) -> None:
        """Tell the SDK what we answer."""
        app.on_message(self.message)
        app.on_card_action_execute(self.press)
        app.on_dialog_open(self._dialogs.open)
        app.on_dialog_submit(self._dialogs.submit)
        app.on_message_ext_open(self._dialogs.extension)
        app.on_message_ext_submit(self._dialogs.extension_submit)

    async def message(self, ctx: ActivityContext[MessageActivity]) -> None:
        """A typed command, after our name in a channel, alone in the talk with us."""
        of, arrived = caller(ctx.activity, self._with.directory), time.monotonic()
        text = _text(ctx.activity)
        key = _key(ctx.activity, of, text)
        if not self._is_new(key):
            return
        try:
            await self._take(of, text, key, arrived)
        except BaseException:
            self._taken.pop(key, None)  # it will be sent again, and is then to be taken
            raise

    async def _take(self, of: Caller, text: str, key: str, arrived: float) -> None:
        await self._with.heard(of)
        said = typed(text, alone=of.personal)
        if said.left_out:
            self._with.later(self._with.tell(of, render.sentence(IN_THE_FORM if of.personal else DELETE)))
        if of.personal and said.line in {"mine", "home", ""}:
            await self._homes.send(of)
        elif opens(said.line):
            self._offer(of, said.line)
        else:
            await self._answer(of, said.line, key, arrived)

    async def _answer(self, of: Caller, line: str, key: str, arrived: float) -> None:
        def hear(desk: Desk, by: str) -> Reply:
            return hearing.hear(Said(line, by, of.authority, thread_reference(desk, of), key=key), desk)

        outcome = await self._with.ask(of, hear, arrived=arrived, reads=hearing.only_shows(line))
        if isinstance(outcome, Form | Problems):
            self._offer(of, line)
        else:
            self._with.later(self._with.tell(of, _shown(outcome)))

    def _offer(self, of: Caller, line: str) -> None:
        """A form opens only from a button; the message with it says nothing but which form."""
        verb = VERBS.get(line.split(maxsplit=1)[0])
        title = "Report a missing child" if line.startswith("report") else verb.about if verb else label(line.split(maxsplit=1)[0])
        self._with.later(self._with.say(of, render.offer(PRESS_TO_OPEN, title, {"say": line})))

    async def press(self, ctx: ActivityContext[AdaptiveCardInvokeActivity]) -> AdaptiveCardInvokeResponse:
        """A button: committed, then answered with the card as it is now for the presser; everybody's card follows."""
        of, arrived = caller(ctx.activity, self._with.directory), time.monotonic()
        data = dict(ctx.activity.value.action.data)
        await self._with.heard(of)
        if data.get("verb") == "home":
            return await self._page(of, data)
        pressed = pressed_in(data, of.authority)
        if pressed is None:
            return AdaptiveCardActionMessageResponse(value=NO_SUCH_BUTTON)
        found: list[Post | None] = []

        def press(desk: Desk, by: str) -> Reply:
            reply = pressing.press(pressed(by), desk)
            found.append(posts.by_message(desk.session, "teams", of.channel, of.message) if of.message else None)
            return reply

        outcome = await self._with.ask(of, press, pressed=pressed(""), arrived=arrived)
        if isinstance(outcome, Answer) and home.PAGE in data:
            return await self._page(of, data, outcome.lines)
        return self._told(of, outcome, found[-1] if found else None)

    def _told(self, of: Caller, outcome: Outcome, post: Post | None) -> AdaptiveCardInvokeResponse:
        if not isinstance(outcome, Answer):
            said = outcome.sentence if isinstance(outcome, Refusal) else PRESS_TO_OPEN
            return AdaptiveCardActionMessageResponse(value=said)
        if post is None:
            return AdaptiveCardActionMessageResponse(value=outcome.text)
        now = body(post.body)
        people = tuple(filter(None, map(self._with.directory.person, now.mentions)))
        return AdaptiveCardActionCardResponse(value=render.answered(now, people, of.host, mark(post.id), outcome.lines))

    async def _page(self, of: Caller, data: Mapping[str, Any], told: tuple[str, ...] = ()) -> AdaptiveCardInvokeResponse:
        number = data.get(home.PAGE)
        found = await self._homes.card(of, number if isinstance(number, int) else 0, told)
        if isinstance(found, Refusal):
            return AdaptiveCardActionMessageResponse(value=found.sentence)
        return AdaptiveCardActionCardResponse(value=found)

    def _is_new(self, key: str) -> bool:
        """Teams sends again what it thinks we did not take; what this process has taken is taken."""
        if key in self._taken:
            return False
        self._taken[key] = None
        if len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)
        return True


def _text(of: MessageActivity) -> str:
    """What was typed, without our name; a space that does not break is one."""
    return (of.model_copy(deep=True).strip_mentions_text().text or "").replace("\xa0", " ").strip()


def _key(of: MessageActivity, who: Caller, text: str) -> str:
    """One message, also when it is sent again under another id: by whom, where, when, what."""
    at = of.timestamp.isoformat() if of.timestamp else of.id
    return "teams:" + hashlib.sha256(f"{of.conversation.id}|{who.user}|{at}|{text}".encode()).hexdigest()[:40]


def _shown(outcome: Outcome) -> render.Message:
    return render.answer(outcome) if isinstance(outcome, Answer) else render.sentence(getattr(outcome, "sentence", ""))
