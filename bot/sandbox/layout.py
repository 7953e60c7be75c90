"""The page of one tab: rooms at the left, the chosen one in the middle, its open thread at the right."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from nicegui.element import Element

from bot.sandbox.clockbar import Clock, OnTheWay
from bot.sandbox.elements import AddressElement, ChoiceElement, block, button, text
from bot.sandbox.pane import Pane
from bot.sandbox.render import PLACES, Hand, draw
from bot.sandbox.screen import Scene, Shown, places
from bot.sandbox.tab import Tab
from bot.sandbox.town import NAME, title
from bot.sandbox.training import NOBODY_IS_TOLD
from handlers.directory import Person
from handlers.outgoing import Pressed
from handlers.vocabulary import VERBS

EMPTY = {
    "coordination": "Nothing has been posted here yet. It begins with a report: press the button below, or type /missing report.",
    "partners": "Nothing has been posted here yet. An episode appears once somebody in this room is invited or owes something.",
    "management": "Nothing has been posted here yet: no threshold was reached, and the bot is worried about nothing.",
    "direct": "Nobody has written to you alone yet.",
}
Side = Literal["room", "thread"]


@dataclass(frozen=True)
class Wishes:
    """What a person can ask of the page; `hear` and `press` are told on which side of it."""

    move: Callable[[timedelta | None], Awaitable[None]]
    play: Callable[[str], Awaitable[None]]
    go: Callable[[str], Awaitable[None]]
    follow: Callable[[Shown], Awaitable[None]]
    open_thread: Callable[[str], Awaitable[None]]
    close_thread: Callable[[], Awaitable[None]]
    hear: Callable[[str, Side], Awaitable[bool]]
    press: Callable[[Pressed, Side], Awaitable[None]]


class Layout:
    """Every part that changes."""

    def __init__(self, people: Sequence[Person], tab: Tab, wishes: Wishes) -> None:
        self._people, self._wishes = people, wishes
        self._address = AddressElement()
        text("a", "Skip to the posts", "skip", href="#room")
        self._banner(tab)
        self.journey = OnTheWay(people, wishes.follow)
        with block("div", "layout") as self._panes:
            self._places = self._nav()
            self.room = Pane("room", "Room", self._hear("room"), line="Command", example="/missing report")
            self.thread = Pane(
                "thread",
                "Thread",
                self._hear("thread"),
                line="Command about this episode",
                example="/missing status",
                close=wishes.close_thread,
            )
        with block("datalist", id="commands"):
            for verb in VERBS.values():
                text("option", verb.about, value=f"/missing {verb.word}")
        self.dialogs = block("div")

    def show(self, tab: Tab, found: Scene) -> None:
        """Show a place, and the thread that is open in it."""
        self._address.show(tab.path)
        self._who.choose(tab.who.id)
        for place, element in self._places.items():
            element.set_visibility(place in places(tab.who))
            element.props["aria-current"] = "page" if place == tab.place else "false"
        name = f"Direct messages to {tab.who.name}" if found.place == "direct" else PLACES[found.place]
        in_room = Hand(tab.who, self._people, lambda pressed: self._wishes.press(pressed, "room"), self._wishes.open_thread)
        self.room.show(name, f"{tab.who.id} {found.place}", found.posts, lambda post: draw(post, in_room), EMPTY[found.place])
        about = found.thread[0].body.reference if found.thread else ""
        in_thread = Hand(tab.who, self._people, lambda pressed: self._wishes.press(pressed, "thread"))
        self.thread.show(f"Thread {about}", f"{tab.who.id} {tab.thread}", found.thread, lambda post: draw(post, in_thread))
        self._panes.classes(add="with-thread" if found.thread else "", remove="" if found.thread else "with-thread")

    def _hear(self, side: Side) -> Callable[[str], Awaitable[bool]]:
        return lambda typed: self._wishes.hear(typed, side)

    def _banner(self, tab: Tab) -> None:
        with block("header", "banner"):
            text("p", NOBODY_IS_TOLD, "training")
            with block("div", "bar"):
                text("h1", "Homeward")
                self.clock = Clock(self._wishes.move)
                with block("div", "persona"):
                    text("span", "You play", aria_hidden="true")
                    options = [(person.id, f"{person.name}, {title(person)}") for person in self._people]
                    self._who = ChoiceElement("You play", options, tab.who.id, self._wishes.play)

    def _nav(self) -> dict[str, Element]:
        with block("nav", "places", aria_label="Rooms"):
            text("p", NAME, "town")
            return {place: self._place(place, label) for place, label in PLACES.items()}

    def _place(self, place: str, label: str) -> Element:
        return button(label, lambda: self._wishes.go(place), "place")
