"""The exercise: the story that is played, with its goals as they stand, and the others that can be played."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.sandbox.elements import block, button, text
from bot.sandbox.render import exactly
from bot.sandbox.stories import Story
from bot.sandbox.world import Event
from handlers.training.debrief import Debrief
from policies.worktime import said

SIGNS = {"done": "✓", "done_late": "✓ late", "late": "✗ late", "waived": "–", "over": "–"}


@dataclass(frozen=True)
class Brief:
    """What the page of the exercise shows: the story or None, its news so far, how the goals stand, whether it is over."""

    story: Story | None
    protocol: str
    events: tuple[Event, ...]
    debrief: Debrief
    over: bool


@dataclass(frozen=True)
class Choose:
    """What can be pressed here."""

    begin: Callable[[str], Awaitable[None]]
    freely: Callable[[], None]
    debrief: Callable[[], Awaitable[None]]
    to_room: Callable[[], Awaitable[None]]


def draw(brief: Brief, stories: Sequence[Story], choose: Choose) -> None:
    """Fill the element we are in."""
    if brief.story:
        _told(brief, brief.story, choose)
    else:
        _welcome(brief, choose)
    with block("section", "stories", aria_label="Stories to play"):
        text("h3", "Play another story" if brief.story else "Play a story")
        with block("ul", "cards"):
            for story in stories:
                if brief.story is None or story.id != brief.story.id:
                    _offer(story, choose)
            _offer_freely(choose)


def _welcome(brief: Brief, choose: Choose) -> None:
    with block("div", "brief"):
        text("h3", "Welcome to the training room")
        text("p", "Homeward follows what a protocol asks for when a child is missing: who owes what, by when, under which clause.")
        text("p", "Play one of the stories below: each takes about ten minutes. Or report an invented child, move the clock and look.")
        text("p", f"The room follows the protocol {brief.protocol} until you choose a story.", "about")
        with block("p", "buttons"):
            button("Go to the coordination room", choose.to_room, "primary")


def _told(brief: Brief, story: Story, choose: Choose) -> None:
    with block("div", "brief"):
        text("h3", story.title)
        text("p", story.hear, "hear")
        text("p", f"Your goal: {story.goal}", "goal")
        with block("ul", "goals", aria_label="Goals"):
            for goal in brief.debrief.goals:
                with block("li", goal.state.replace(" ", "-")):
                    text("span", SIGNS.get(goal.state, "○"), "sign", aria_hidden="true")
                    text("span", goal.says, "says")
                    text("span", f"{goal.how} {' '.join(goal.clauses[:2])}", "about")
        for event in brief.events:
            with block("p", "event"):
                text("time", said(event.at), title=exactly(event.at))
                text("span", event.says)
        ends = (
            "The story is over: read the debrief." if brief.over else f"It ends {said(story.ends)}. Move the clock with the buttons above."
        )
        text("p", ends, "about")
        with block("p", "buttons"):
            button("Debrief", choose.debrief, "primary" if brief.over else "")
            button("To the coordination room", choose.to_room, "" if brief.over else "primary")
            button("Begin this story again", lambda: choose.begin(story.id))


def _offer(story: Story, choose: Choose) -> None:
    with block("li"):
        text("h4", story.title)
        text("p", story.about)
        text("p", f"{story.scenario.pack} · begins {said(story.begins)}", "about")
        button("Play", lambda: choose.begin(story.id), aria_label=f"Play: {story.title}")


def _offer_freely(choose: Choose) -> None:
    with block("li"):
        text("h4", "Play freely")
        text("p", "An empty room, any protocol, any moment: report whom you like and see what follows.")
        text("p", "Everything that comes with Homeward can be chosen.", "about")
        button("Choose", choose.freely, aria_label="Play freely: choose a protocol and a moment")
