"""Doing something in one tab: speaking, pressing, filling in a form, moving the clock; and what is answered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from nicegui import ui

from bot.sandbox.clockbar import Journey
from bot.sandbox.conductor import Conductor
from bot.sandbox.exercise_sheet import Choose
from bot.sandbox.forms import FormDialog
from bot.sandbox.hall import Change, Hall
from bot.sandbox.layout import Side, Wishes
from bot.sandbox.screen import on_the_way, pressed_by
from bot.sandbox.tab import DEBRIEF, Tab
from bot.sandbox.town import AUTHORITY
from bot.sandbox.training import Moved, Training
from bot.sandbox.view import View
from handlers.errors import HandlerError, Refused
from handlers.incoming import Submitted
from handlers.outgoing import Form, Problems, Reply

log = logging.getLogger(__name__)
NOT_SAVED = "Not saved: something went wrong here. Try again; outside training you would ring as well."


class Page:
    """One tab. Whatever is changed here, every other open page is told."""

    def __init__(self, hall: Hall, tab: Tab) -> None:
        self._hall, self._view = hall, View(hall, tab)
        self._dialog: FormDialog | None = None
        view, conductor = self._view, Conductor(self, hall)
        wishes = Wishes(
            lambda step: self.move(lambda training: conductor.step(training, step, view.moment)),
            conductor.ask_moment,
            view.play,
            view.go,
            view.follow,
            view.open_thread,
            view.close_thread,
            self.timeline,
            self.hear,
            self.press,
        )
        view.build(wishes, Choose(conductor.begin, conductor.ask_freely, lambda: view.go(DEBRIEF), lambda: view.go("")))
        hall.changed.subscribe(self._somebody_changed)

    @property
    def view(self) -> View:
        """What this tab looks at."""
        return self._view

    async def show(self) -> None:
        """Fill the page for the first time."""
        await self._view.refresh()

    async def hear(self, typed: str, side: Side) -> bool:
        """A typed command; whether it was understood."""
        by, reference = self._view.tab.who.id, self._view.reference if side == "thread" else None
        return await self._do(lambda training: training.hear(typed, by, reference), side)

    async def press(self, values: Mapping[str, Any], side: Side) -> None:
        """A pressed button, as the browser says it."""
        pressed = pressed_by(self._view.tab.who, values)
        await self._do(lambda training: training.press(pressed), side)

    async def submit(self, form: Form, values: dict[str, str], side: Side) -> bool:
        """A form sent in; whether it was taken."""
        submitted = Submitted(form.id, values, self._view.tab.who.id, dict(form.context), AUTHORITY)
        return await self._do(lambda training: training.submit(submitted), side)

    async def timeline(self, reference: str) -> None:
        """Open the timeline of an episode; that somebody looked is written down."""
        who = self._view.tab.who.id
        try:
            await self._hall.act(lambda training: training.note_look(reference, who))
        except HandlerError as refusal:
            self._refuse(refusal, "room")
        else:
            await self._view.timeline(reference)

    async def move(self, moving: Callable[[Training], Moved]) -> bool:
        """Move the clock, and show everybody what that brought; whether it moved."""
        self._view.layout.clock.busy(busy=True)
        try:
            moved = await self._hall.act(moving)
            posts = await self._hall.see(lambda session: on_the_way(session, self._view.tab.who, moved.start, moved.end))
        except HandlerError as refusal:
            self._refuse(refusal, self._side)
            return False
        except Exception as error:  # noqa: BLE001 - said to the person, whatever it is
            self._failed(error, self._side)
            return False
        finally:
            self._view.layout.clock.busy(busy=False)
        journey = Journey(moved.start, moved.end, self._view.tab.who.name, posts, moved.events)
        self.leave()
        await self._view.refresh()
        await self._arrive(journey)
        self._hall.changed.emit(Change(self, journey))
        return True

    def ask(self, form: Form, send: Callable[[Form, dict[str, str]], Any]) -> None:
        """Open a form in the place of the one that is open."""
        self.leave()
        with self._view.layout.dialogs:
            self._dialog = FormDialog(form, send, self.leave, lambda: self._hall.training.moment)

    def complain(self, errors: Mapping[str, str]) -> None:
        """Say at the open form what cannot stand."""
        if self._dialog:
            self._dialog.show(errors)

    def leave(self) -> None:
        """Put the open form away."""
        self._view.layout.dialogs.clear()
        self._dialog = None

    @property
    def _side(self) -> Side:
        return "sheet" if self._view.tab.sheet else "room"

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
                self.ask(reply, lambda of, values: self.submit(of, values, side))
            case Problems():
                self._ask_again(reply, side)
            case _:
                self.leave()
                await self._view.refresh()
                opened = side != "sheet" and await self._view.open_episode(reply.reference)
                self._whisper(reply.lines, "thread" if opened else side)
                for file in reply.files:
                    ui.download.content(file.content, file.name, file.kind)
                self._hall.changed.emit(Change(self))

    def _ask_again(self, problems: Problems, side: Side) -> None:
        """In place, when the form is the one that is open: what was typed is still there."""
        if self._dialog is None or self._dialog.fields != [field.id for field in problems.form.fields]:
            self.ask(problems.form, lambda of, values: self.submit(of, values, side))
        self.complain(problems.errors)

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
        if self._view.tab.sheet:
            layout.sheet.whisper(lines, refused=refused)
        else:
            (layout.thread if side == "thread" and self._view.reference else layout.room).feed.whisper(lines, refused=refused)

    async def _arrive(self, journey: Journey) -> None:
        """Show what the clock brought."""
        layout = self._view.layout
        layout.journey.show(journey)
        for pane in (layout.room, layout.thread):
            pane.feed.to_end()

    async def _somebody_changed(self, change: Change) -> None:
        if change.anew:
            self._view.layout.address.go(f"/?who={change.plays or self._view.tab.who.id}&place=exercise")
        elif change.by is not self:
            await self._view.refresh()
            if change.journey:
                await self._arrive(change.journey)
