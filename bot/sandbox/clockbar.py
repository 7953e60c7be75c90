"""The training clock: what it shows, how it is moved, and what happened on the way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from bot.sandbox.elements import block, button, text
from bot.sandbox.render import PLACES, exactly
from bot.sandbox.screen import Shown
from bot.sandbox.world import Event
from handlers.directory import Person
from policies.worktime import LONDON, said

Step = Literal["hour", "day", "due", "mark"]
STEPS: tuple[tuple[str, Step, str], ...] = (
    ("+1 h", "hour", "An hour on"),
    ("+1 day", "day", "A day on"),
    ("Next due", "due", "To the moment at which the next thing falls due"),
    ("Next mark", "mark", "To the next moment the protocol names, such as 24 hours missing"),
)


@dataclass(frozen=True)
class Journey:
    """A move of the clock: from when to when, by whom, every post it brought to anybody, and what happened in the story."""

    start: datetime
    end: datetime
    by: str
    posts: tuple[Shown, ...]
    events: tuple[Event, ...]


class Clock:
    """The clock in the header. `move` gets the step asked for; `go` opens the form for any other moment."""

    def __init__(self, move: Callable[[Step], Awaitable[object]], go: Callable[[], None]) -> None:
        with block("section", "clock", aria_label="Training clock") as self._box:
            self._shows = text("time", "", "moment", aria_live="polite")
            with block("span", "steps"):
                for label, step, about in STEPS:
                    button(label, partial(move, step), title=about)
                button("Go to…", go, title="To any other moment")
            self._when = text("span", "", "next")

    def show(self, now: datetime, following: datetime | None) -> None:
        """The moment, and when something happens by itself next."""
        self._shows.text = f"{now.astimezone(LONDON):%a %-d %b %Y %H:%M}"
        self._shows.props.update(datetime=now.isoformat(), title=exactly(now))
        self._when.text = f"next: {said(following)}" if following else "nothing is waiting"

    def busy(self, *, busy: bool) -> None:
        """Whether it is on its way."""
        self._box.props["aria-busy"] = "true" if busy else "false"


class OnTheWay:
    """What a move of the clock brought, to everybody, until it is put away."""

    def __init__(self, people: Sequence[Person], follow: Callable[[Shown], Awaitable[None]]) -> None:
        self._people = {person.id: person for person in people}
        self._follow = follow
        self._box = block("section", "journey", aria_label="What happened on the way", aria_live="polite")
        self._box.set_visibility(False)

    def show(self, journey: Journey) -> None:
        """List it, the earliest first."""
        self._box.clear()
        self._box.set_visibility(True)
        count = len(journey.posts)
        with self._box:
            with block("header"):
                what = f"{count} post{'s' if count != 1 else ''}" if count else "nothing was posted"
                text("h2", f"{said(journey.start)} → {said(journey.end)}: {what}")
                text("span", f"moved by {journey.by}", "about")
                button("Put away", self.hide, "quiet", aria_label="Put away what happened")
            with block("ol"):
                for event in journey.events:
                    with block("li", "event"):
                        text("time", said(event.at), title=exactly(event.at))
                        text("strong", event.says)
                for post in journey.posts:
                    self._line(post)

    def hide(self) -> None:
        """Put it away."""
        self._box.set_visibility(False)

    def _line(self, post: Shown) -> None:
        with block("li"):
            text("time", said(post.at), title=exactly(post.at))
            text("span", self._where(post), "where")
            with block("div"):
                button(post.body.headline, lambda: self._follow(post), "link")
                text("span", _about(post), "what")

    def _where(self, post: Shown) -> str:
        names = [self._people[i].name for i in post.body.mentions if i in self._people]
        if post.place == "direct":
            return f"to {self._people[post.person].name if post.person in self._people else 'somebody'} alone"
        return f"{PLACES[post.place]}{': @' + ', @'.join(names) if names else ''}"


def _about(post: Shown) -> str:
    """The first thing a post is about, with its clauses, and how many more there are."""
    if not post.body.rows:
        return ""
    first, more = post.body.rows[0], len(post.body.rows) - 1
    cited = f" ({', '.join(first.clauses)})" if first.clauses else ""
    return f"{first.says}{cited}" + (f" and {more} more" if more else "")
