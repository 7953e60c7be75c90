"""One training session: its database, its people, and its clock, which moves only when somebody moves it and never goes back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.sandbox import exercise, stories
from bot.sandbox.exercise import Exercise
from bot.sandbox.files import MOMENT, Files, renew
from bot.sandbox.pictures import Pictures
from bot.sandbox.platform import Screen
from bot.sandbox.town import AUTHORITY, PLATFORM, directory
from bot.sandbox.world import Event, World
from handlers import clock
from handlers.cycles.report import next_report, report_all
from handlers.cycles.retain import FROM, next_line, retain
from handlers.desk import Desk, Desks, Office, actor, read_once
from handlers.directory import Person
from handlers.frontdesk import hearing, pressing, submitting
from handlers.incoming import Pressed, Said, Submitted
from handlers.outgoing import Answer, Reply
from handlers.pages.episode_line import opened
from handlers.panel import monthly
from handlers.reports.periods import OPENS
from policies import words
from policies.load import edition
from policies.pack import Pack
from policies.worktime import LONDON
from storage import settings
from storage.db import Session, reading, transaction

log = logging.getLogger(__name__)
NOBODY_IS_TOLD = "Training: nobody is told."
FARTHEST = timedelta(days=31)  # one step of the clock
MONTHLY = (clock.Cycle(monthly.monthly, monthly.next_prompt),)  # what a process that serves runs beside the cycles of every clock


@dataclass(frozen=True)
class Moved:
    """A move of the clock, and what the story brought on the way."""

    start: datetime
    end: datetime
    events: tuple[Event, ...] = ()


class Training:
    """Everything here blocks. One thread at a time may act; `look` may run beside it."""

    def __init__(self, files: Files) -> None:
        self.screen = Screen(lambda: self.moment)
        self._open(files)

    def _open(self, files: Files) -> None:
        self.files, self.engine = files, files.engine
        with reading(self.engine) as session:
            self.moment = datetime.fromisoformat(settings.get(session, MOMENT) or "")
            self.exercise = exercise.read(session, self.moment)
            done = exercise.progress(session).steps
        name, text = edition(self.exercise.pack)
        self.pack: Pack = read_once(text, name)
        self.clauses = {c: str(words.clauses()[c]["summary"]) for rule in self.pack.rules() for c in rule.clauses}
        self.office = Office(directory(self.pack, self.exercise.pack), files.vault, training=True)
        self.story = stories.shipped().get(self.exercise.story or "")
        self.world = World(self.story, done) if self.story else None
        self._platforms = {PLATFORM: self.screen}
        daily = ((report_all, OPENS, next_report), (retain, FROM, next_line))
        self._more = (*MONTHLY, *(clock.Cycle(self._once_a_day(run, opens), following) for run, opens, following in daily))
        self.pictures = Pictures()

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who can be played."""
        return self.office.directory.people

    def look(self) -> AbstractContextManager[Session]:
        """A transaction to read in."""
        return reading(self.engine)

    def desk(self, session: Session) -> Desk:
        """A desk to read at, at the moment the clock shows."""
        return Desk(session, self.moment, self.office)

    def hear(self, text: str, by: str, reference: str | None = None) -> Reply:
        """A typed command; raises what the front desk raises."""
        return self._act(lambda desk: hearing.hear(Said(text, by, AUTHORITY, reference), desk))

    def press(self, pressed: Pressed) -> Reply:
        """A pressed button."""
        return self._act(lambda desk: pressing.press(pressed, desk))

    def submit(self, submitted: Submitted) -> Reply:
        """A form sent in."""
        return self._act(lambda desk: submitting.submit(submitted, desk))

    def note_look(self, reference: str, by: str) -> None:
        """Write down that somebody opens the timeline of an episode. Raises Refused when they may not."""
        with self._desks() as desk:
            opened(reference, desk, actor(desk, by, AUTHORITY))

    def next_due(self, session: Session) -> datetime | None:
        """When something will happen by itself, or None when nothing ever will."""
        return clock.next_moment(self.desk(session), MONTHLY)

    def catch_up(self) -> None:
        """Whatever is due at the moment the clock shows: of the story, then of every cycle. A start that was cut off goes on here."""
        self._let_happen()
        clock.run_all(self._desks, self._platforms, self._more)

    def move_to(self, until: datetime) -> Moved:
        """Step the clock through everything on the way, as far as something happens in the story that people may want to answer."""
        start, until = self.moment, min(until, self.moment + FARTHEST)
        if until <= start:
            return Moved(start, start)
        news = self.world.next_at if self.world else None
        until = min(until, news) if news and news > start else until
        clock.step_to(self._desks_at, self._platforms, start, until, self._more)
        self._desks_at(until)
        events = self._let_happen()
        if events:
            clock.run_all(self._desks, self._platforms, self._more)
        return Moved(start, until, tuple(events))

    def start_over(self, chosen: Exercise) -> None:
        """Another session in the place of this one, which is gone: nobody may be reading meanwhile."""
        self.screen.forget()
        self._open(renew(self.files, chosen.began, chosen.settings()))
        self.catch_up()

    def _let_happen(self) -> list[Event]:
        found: list[Event] = []
        while self.world and self.world.next_at and self.world.next_at <= self.moment:
            event = self.world.take_next(self._desks)
            found += [event] if event else []
        return found

    def _once_a_day(self, run: Callable[[Desks], int], opens: time) -> Callable[[Desks], int]:
        """From the hour on at which it comes: to look at every step of the clock would hold it up."""
        done: list[date] = []

        def daily(desks: Desks) -> int:
            local = self.moment.astimezone(LONDON)
            if local.time() < opens or local.date() in done[-1:]:
                return 0
            done.append(local.date())
            return run(desks)

        return daily

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
