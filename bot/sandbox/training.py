"""One training session: its database, its people, and its clock, which moves only when somebody moves it and never goes back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from bot.sandbox.files import MOMENT
from bot.sandbox.platform import Screen
from bot.sandbox.town import AUTHORITY, PLATFORM
from handlers import clock, frontdesk
from handlers.desk import Desk, Office
from handlers.directory import Person
from handlers.outgoing import Answer, Pressed, Reply, Said, Submitted
from storage import settings
from storage.db import Session, reading, transaction

log = logging.getLogger(__name__)
NOBODY_IS_TOLD = "Training: nobody is told."
FARTHEST = timedelta(days=31)  # one step of the clock


class Training:
    """Everything here blocks. One thread at a time may act; `look` may run beside it."""

    def __init__(self, engine: Engine, office: Office) -> None:
        self.engine, self.office = engine, office
        with reading(engine) as session:
            self.moment = datetime.fromisoformat(settings.get(session, MOMENT) or "")
        self._platforms = {PLATFORM: Screen(lambda: self.moment)}

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who can be played."""
        return self.office.directory.people

    def look(self) -> AbstractContextManager[Session]:
        """A transaction to read in."""
        return reading(self.engine)

    def hear(self, text: str, by: str, reference: str | None = None) -> Reply:
        """A typed command; raises what the front desk raises."""
        return self._act(lambda desk: frontdesk.hear(Said(text, by, AUTHORITY, reference), desk))

    def press(self, pressed: Pressed) -> Reply:
        """A pressed button."""
        return self._act(lambda desk: frontdesk.press(pressed, desk))

    def submit(self, submitted: Submitted) -> Reply:
        """A form sent in."""
        return self._act(lambda desk: frontdesk.submit(submitted, desk))

    def next_due(self, session: Session) -> datetime | None:
        """When something will happen by itself, or None when nothing ever will."""
        return clock.next_moment(Desk(session, self.moment, self.office))

    def catch_up(self) -> None:
        """Run every cycle at the moment the clock shows: what was cut off when the last process ended goes on here."""
        clock.run_all(self._desks, self._platforms)

    def move_to(self, until: datetime) -> list[datetime]:
        """Step the clock through everything on the way; gives the moments at which something was looked at."""
        until = min(until, self.moment + FARTHEST)
        if until <= self.moment:
            return []
        stops = clock.step_to(self._desks_at, self._platforms, self.moment, until)
        self._desks_at(until)
        return stops

    def _act(self, act: Callable[[Desk], Reply]) -> Reply:
        with self._desks() as desk:
            reply = act(desk)
        try:
            self.catch_up()
        except Exception as error:  # noqa: BLE001 - what was said is saved, and the cycles come round again
            log.error("the cycles failed: %s", type(error).__name__)
        return _said_to_be_training(reply)

    def _desks_at(self, moment: datetime) -> Callable[[], AbstractContextManager[Desk]]:
        """Stored before anything happens at that moment, so that a process killed in it begins there again."""
        if moment > self.moment:
            with transaction(self.engine) as session:
                settings.put(session, MOMENT, moment.isoformat())
            self.moment = moment
        return self._desks

    @contextmanager
    def _desks(self) -> Iterator[Desk]:
        with transaction(self.engine) as session:
            yield Desk(session, self.moment, self.office)


def _said_to_be_training(reply: Reply) -> Reply:
    if isinstance(reply, Answer) and NOBODY_IS_TOLD not in reply.lines:
        return replace(reply, lines=(*reply.lines, NOBODY_IS_TOLD))
    return reply
