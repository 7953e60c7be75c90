"""A form sent in, step by step: errors at their fields, the result in its place, and nothing typed is lost on the way."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot.slack import errors, forms, tags
from bot.slack.callers import Caller
from bot.slack.conversation import FAILURES, Conversation, Outcome, Refusal, view_of
from bot.slack.tags import Tag
from handlers.frontdesk import submitting
from handlers.incoming import Submitted
from handlers.outgoing import Form, Problems

log = logging.getLogger(__name__)
NOT_OURS = "This form is not known here any more. Nothing was saved: open it again from the message, or with /missing help."
OLDER = "Homeward was updated while this form was open. What you typed is still here: look through it and send it again."
PICKER = re.compile(r"\|(day|time)$")
Body = dict[str, Any]


class Submitting:
    """Windows that are sent in, and the two buttons inside them."""

    def __init__(self, conversation: Conversation) -> None:
        self._with = conversation

    async def submit(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Committed, then answered with the result in the place of the form."""
        view, of = body.get("view") or {}, self._with.caller(body)
        known = tags.tag(str(view.get("private_metadata") or ""))
        if known is None:
            await ack(response_action="update", view=forms.sentence(NOT_OURS))
            return
        half = tags.half_a_time(view)
        if half and (placed := tags.errors_in(view, half)):
            await ack(response_action="errors", errors=placed)
            return
        arrived = float(context.get("arrived") or time.monotonic())
        if known.version != tags.VERSION or known.first:
            await ack(**await self._on(of, view, known, arrived))
            return
        outcome = await self._with.ask(of, lambda desk, by: submitting.submit(_submitted(view, known, by), desk), arrived=arrived)
        await ack(**_answer(outcome, view, known.authority))

    async def _on(self, of: Caller, view: Mapping[str, Any], known: Tag, arrived: float) -> dict[str, Any]:
        """The next step, or the form of another version anew."""
        outcome = await self._with.ask(of, lambda desk, by: submitting.again(_submitted(view, known, by), desk), arrived=arrived)
        if not isinstance(outcome, Form):
            return _answer(outcome, view, known.authority)
        given = tags.values(view)
        if known.version != tags.VERSION:
            return {"response_action": "update", "view": forms.whole(forms.with_values(outcome, given), known.authority, note=OLDER)}
        return {"response_action": "update", "view": forms.second(outcome, known.authority, given, self._with.inbound.clock())}

    async def whole(self, ack: AsyncAck, body: Body) -> None:
        """Back to the first step: everything on one page, with all that was filled in."""
        self._with.later(self._unfold(self._with.caller(body), body.get("view") or {}))
        await ack()

    async def _unfold(self, of: Caller, view: Mapping[str, Any]) -> None:
        known = tags.tag(str(view.get("private_metadata") or ""))
        if known is None:
            return
        outcome = await self._with.ask(of, lambda desk, by: submitting.again(_submitted(view, known, by), desk))
        if isinstance(outcome, Form):
            page = forms.whole(forms.with_values(outcome, tags.values(view)), known.authority)
            await self._update(of, view, page)

    async def echo(self, ack: AsyncAck, body: Body) -> None:
        """A picked day or time: how it is understood is shown below it before anything is saved."""
        block = str((body.get("actions") or [{}])[0].get("block_id") or "")
        view = body.get("view") or {}
        if PICKER.search(block) and tags.tag(str(view.get("private_metadata") or "")):
            page = forms.echoed(view, PICKER.sub("", block), self._with.inbound.clock())
            self._with.later(self._update(self._with.caller(body), view, page))
        await ack()

    async def _update(self, of: Caller, view: Mapping[str, Any], page: dict[str, Any]) -> None:
        """Only the version that was seen is changed: somebody who types on keeps what they typed."""
        if of.workspace is None:
            return
        try:
            await of.workspace.calls.views_update(view_id=view.get("id"), hash=view.get("hash"), view=page)
        except FAILURES as error:
            log.info("slack views.update: %s", errors.code(error) or type(error).__name__)


def _submitted(view: Mapping[str, Any], known: Tag, by: str) -> Submitted:
    return Submitted(known.form, tags.values(view), by, known.context, known.authority)


def _answer(outcome: Outcome, view: Mapping[str, Any], authority: str | None) -> dict[str, Any]:
    """What Slack is told: errors while something is to be put right, otherwise what comes in the place of the form."""
    if isinstance(outcome, Problems):
        return forms.asked_again(outcome, view, authority)
    if isinstance(outcome, Refusal) and (placed := tags.at_the_top(view, outcome.sentence)):
        return {"response_action": "errors", "errors": placed}
    return {"response_action": "update", "view": view_of(outcome, authority)}
