"""What happens by itself in a story: each step once, in the transaction that counts it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.sandbox.exercise import Progress, keep, progress
from bot.sandbox.stories import Story
from bot.sandbox.town import AUTHORITY
from bot.simulate.play import begin
from bot.simulate.scenario import Step
from bot.simulate.steps import Tale, actor_of, take
from handlers.desk import Desk
from handlers.errors import HandlerError
from storage import episodes

log = logging.getLogger(__name__)
Open = Callable[[], AbstractContextManager[Desk]]
OVER = frozenset({"returned", "closed", "void"})


@dataclass(frozen=True)
class Event:
    """Something that happened by itself: when, and in a sentence what."""

    at: datetime
    says: str


class World:
    """The steps of a story that nobody at the page takes."""

    def __init__(self, story: Story, done: int) -> None:
        self.story, self._done = story, done

    @property
    def next_at(self) -> datetime | None:
        """When something happens next."""
        left = self.story.world[self._done :]
        return left[0][0].at if left else None

    def take_next(self, desks: Open) -> Event | None:
        """Let it happen; None when what was done at the page has made it needless."""
        step, says = self.story.world[self._done]
        try:
            with desks() as desk:
                happened = self._happens(step, desk)
        except HandlerError as refusal:
            log.info("step %s of the story did not happen: %s", step.number, refusal)
            happened = False
            with desks() as desk:
                keep(desk.session, replace(progress(desk.session), steps=self._done + 1))
        self._done += 1
        return Event(step.at, says) if happened and says else None

    def happened(self, until: datetime) -> tuple[Event, ...]:
        """Everything that has come so far."""
        return tuple(Event(step.at, says) for step, says in self.story.world[: self._done] if says and step.at <= until)

    def _happens(self, step: Step, desk: Desk) -> bool:
        tale = Tale(self.story.scenario, progress(desk.session).child, dict(self.story.scenario.child))
        if not tale.child_id:
            self._meet(tale, step, desk)
        needless = not tale.child_id or (step.do != "report" and _over(desk, tale.child_id))
        if not needless:
            take(tale, step, desk, actor_of(desk, step.by, AUTHORITY))
        keep(desk.session, Progress(self._done + 1, tale.child_id))
        return not needless

    def _meet(self, tale: Tale, step: Step, desk: Desk) -> None:
        """The child of the story: made here when the story reports them, else the one that was reported at the page."""
        if step.do == "report":
            begin(tale, desk, actor_of(desk, "social_worker", AUTHORITY))
        elif reported := episodes.open_of(desk.session, AUTHORITY):
            tale.child_id = reported[0].child_id


def _over(desk: Desk, child: str) -> bool:
    return all(row.status in OVER for row in episodes.of_child(desk.session, child))
