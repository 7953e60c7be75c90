"""Doing something in one tab: speaking, pressing, filling in a form, moving the clock; and what is answered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.sandbox.clockbar import Journey
from bot.sandbox.forms import FormDialog
from bot.sandbox.hall import Hall
from bot.sandbox.layout import Side, Wishes
from bot.sandbox.screen import on_the_way
from bot.sandbox.tab import Tab
from bot.sandbox.town import AUTHORITY
from bot.sandbox.training import Training
from bot.sandbox.view import View
from handlers.errors import HandlerError, Refused
from handlers.outgoing import Form, Pressed, Problems, Reply, Submitted

log = logging.getLogger(__name__)
NOT_SAVED = "Not saved: something went wrong here. Try again; outside training you would ring as well."
NOTHING_DUE = "Nothing is waiting: report a missing child first."


class Page:
    """One tab. Whatever is changed here, every other open page is told."""

    def __init__(self, hall: Hall, tab: Tab) -> None:
        self._hall, self._view = hall, View(hall, tab)
        self._dialog: FormDialog | None = None
        view = self._view
        view.build(Wishes(self.move, view.play, view.go, view.follow, view.open_thread, view.close_thread, self.hear, self.press))
        hall.changed.subscribe(self._somebody_changed)

    async def show(self) -> None:
        """Fill the page for the first time."""
        await self._view.refresh()

    async def hear(self, typed: str, side: Side) -> bool:
        """A typed command; whether it was understood."""
        by, reference = self._view.tab.who.id, self._view.reference if side == "thread" else None
        return await self._do(lambda training: training.hear(typed, by, reference), side)

    async def press(self, pressed: Pressed, side: Side) -> None:
        """A pressed button."""
        await self._do(lambda training: training.press(pressed), side)

    async def submit(self, form: Form, values: dict[str, str], side: Side) -> bool:
        """A form sent in; whether it was taken."""
        submitted = Submitted(form.id, values, self._view.tab.who.id, dict(form.context), AUTHORITY)
        return await self._do(lambda training: training.submit(submitted), side)

    async def move(self, by: timedelta | None) -> None:
        """Move the clock by a length of time, or to whatever is due next, and show what that brought."""
        try:
            start, end = await self._hall.act(lambda training: _move(training, by))
            posts = await self._hall.see(lambda session: on_the_way(session, self._view.tab.who, start, end))
        except Exception as error:  # noqa: BLE001 - said to the person, whatever it is
            self._failed(error, "room")
        else:
            if end > start:
                self._view.layout.journey.show(Journey(start, end, posts))
            else:
                self._whisper([NOTHING_DUE], "room")
        await self._changed()
        for pane in (self._view.layout.room, self._view.layout.thread):
            pane.feed.to_end()

    async def _do(self, act: Callable[[Training], Reply], side: Side) -> bool:
        try:
            reply = await self._hall.act(act)
        except HandlerError as refusal:
            self._refuse(refusal, side)
            return False
        except Exception as error:  # noqa: BLE001 - said to the person, whatever it is
            self._failed(error, side)
            return False
        await self._answer(reply, side)
        return not isinstance(reply, Problems)

    async def _answer(self, reply: Reply, side: Side) -> None:
        match reply:
            case Form():
                self._ask(reply, side)
            case Problems():
                self._ask_again(reply, side)
            case _:
                self._leave()
                await self._changed()
                opened = await self._view.open_episode(reply.reference)
                self._whisper(reply.lines, "thread" if opened else side)

    def _ask(self, form: Form, side: Side) -> None:
        self._leave()
        with self._view.layout.dialogs:
            self._dialog = FormDialog(form, lambda of, values: self.submit(of, values, side), self._leave)

    def _ask_again(self, problems: Problems, side: Side) -> None:
        """In place, when the form is the one that is open: what was typed is still there."""
        if self._dialog is None or self._dialog.fields != [field.id for field in problems.form.fields]:
            self._ask(problems.form, side)
        if self._dialog:
            self._dialog.show(problems.errors)

    def _refuse(self, refusal: HandlerError, side: Side) -> None:
        """At its field while a form is open; otherwise where the person looks."""
        if self._dialog:
            field = refusal.field if isinstance(refusal, Refused) else None
            self._dialog.show({field or "": str(refusal)})
        else:
            self._whisper([str(refusal)], side, refused=True)

    def _failed(self, error: Exception, side: Side) -> None:
        log.error("not saved: %s", type(error).__name__, exc_info=error if log.isEnabledFor(logging.DEBUG) else None)
        self._refuse(HandlerError(NOT_SAVED), side)

    def _whisper(self, lines: list[str] | tuple[str, ...], side: Side, *, refused: bool = False) -> None:
        layout = self._view.layout
        (layout.thread if side == "thread" and self._view.reference else layout.room).feed.whisper(lines, refused=refused)

    def _leave(self) -> None:
        """Put the open form away."""
        self._view.layout.dialogs.clear()
        self._dialog = None

    async def _changed(self) -> None:
        await self._view.refresh()
        self._hall.changed.emit(self)

    async def _somebody_changed(self, by: object) -> None:
        if by is not self:
            await self._view.refresh()


def _move(training: Training, by: timedelta | None) -> tuple[datetime, datetime]:
    """From when to when the clock went; nowhere, when nothing is due."""
    start = training.moment
    if by is not None:
        training.move_to(start + by)
    else:
        with training.look() as session:
            following = training.next_due(session)
        if following:
            training.move_to(following)
    return start, training.moment
