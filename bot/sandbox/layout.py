"""The page of one tab: rooms at the left, the chosen one in the middle, its open thread at the right."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.sandbox.clockbar import Clock, OnTheWay, Step
from bot.sandbox.components import AddressElement, ChoiceElement, NowElement
from bot.sandbox.elements import block, text
from bot.sandbox.feed import Hand
from bot.sandbox.pane import Pane
from bot.sandbox.render import PLACES, drawn
from bot.sandbox.screen import Scene, Shown
from bot.sandbox.sheet import Sheet
from bot.sandbox.sidebar import Sidebar
from bot.sandbox.tab import Tab
from bot.sandbox.town import title
from bot.sandbox.training import NOBODY_IS_TOLD
from bot.sandbox.unread import Counts
from handlers.directory import Person

EMPTY = {
    "coordination": "Nothing has been posted here yet. It begins with a report: press 'Report a missing child', or type /missing report.",
    "partners": "Nothing has been posted here yet. An episode appears once somebody in this room is invited or owes something.",
    "management": "Nothing has been posted here yet: no threshold was reached, and the bot is worried about nothing.",
    "direct": "Nobody has written to you alone yet.",
}
ABOUT = {
    "coordination": "Every episode, its card and its whole thread. The council's own people are here.",
    "partners": "What police, health and education are asked or told, and no more.",
    "management": "Thresholds, alarms, reports.",
    "direct": "What Homeward writes to you and to nobody else.",
}
Side = Literal["room", "thread", "sheet"]


@dataclass(frozen=True)
class Wishes:
    """What a person can ask of the page; `hear` and `press` are told on which side of it."""

    move: Callable[[Step], Awaitable[object]]
    go_to: Callable[[], None]
    play: Callable[[str], Awaitable[None]]
    go: Callable[[str], Awaitable[None]]
    follow: Callable[[Shown], Awaitable[None]]
    open_thread: Callable[[str], Awaitable[None]]
    close_thread: Callable[[], Awaitable[None]]
    timeline: Callable[[str], Awaitable[None]]
    hear: Callable[[str, Side], Awaitable[bool]]
    press: Callable[[Mapping[str, Any], Side], Awaitable[None]]


class Layout:
    """Every part that changes."""

    def __init__(self, people: Sequence[Person], tab: Tab, protocol: str, wishes: Wishes) -> None:
        self._people, self._wishes = people, wishes
        self.address = AddressElement()
        self.now = NowElement()
        text("a", "Skip to the posts", "skip", href="#room")
        self._banner(tab)
        self.journey = OnTheWay(people, wishes.follow)
        with block("div", "layout") as self._panes:
            self._sidebar = Sidebar(people, wishes.go, wishes.play, protocol)
            self.sheet = Sheet(self._hand("sheet"))
            self.room = Pane(
                "room", "Room", self._hear("room"), self._hand("room"), line="Command", example="Type /missing, or press a button"
            )
            self.thread = Pane(
                "thread",
                "Thread",
                self._hear("thread"),
                self._hand("thread"),
                line="Command about this episode",
                example="/missing status",
                close=wishes.close_thread,
            )
        self.dialogs = block("div")

    def show(self, tab: Tab, found: Scene, counts: Counts, personal: Mapping[str, int], late: int) -> None:
        """Show a place, and the thread that is open in it."""
        self.address.show(tab.path)
        self._who.offer([(p.id, _called(p, personal.get(p.id, 0))) for p in self._people], tab.who.id)
        self._sidebar.show(tab, counts, personal, late)
        self.sheet.box.set_visibility(tab.sheet)
        self.room.box.set_visibility(not tab.sheet)
        if not tab.sheet:
            self._show_room(tab, found, counts)
        self._panes.classes(add="with-thread" if found.thread else "", remove="" if found.thread else "with-thread")

    def _show_room(self, tab: Tab, found: Scene, counts: Counts) -> None:
        name = f"Direct messages to {tab.who.name}" if found.place == "direct" else PLACES[found.place]
        who, people = tab.who, self._people
        posts = [drawn(post, who, people, counts.by_thread.get(post.id, 0), threads=True) for post in found.posts]
        self.room.show(name, ABOUT[found.place], f"{who.id} {found.place}", posts, EMPTY[found.place])
        about = found.thread[0].body.reference if found.thread else ""
        self.thread.show(f"Thread {about}", "", f"{who.id} {tab.thread}", [drawn(post, who, people) for post in found.thread])

    def _hear(self, side: Side) -> Callable[[str], Awaitable[bool]]:
        return lambda typed: self._wishes.hear(typed, side)

    def _hand(self, side: Side) -> Hand:
        return Hand(lambda pressed: self._wishes.press(pressed, side), self._wishes.open_thread, self._wishes.timeline)

    def _banner(self, tab: Tab) -> None:
        with block("header", "banner"):
            text("p", NOBODY_IS_TOLD, "training")
            with block("div", "bar"):
                text("h1", "Homeward")
                self.clock = Clock(self._wishes.move, self._wishes.go_to)
                with block("div", "persona"):
                    text("span", "You play", aria_hidden="true")
                    options = [(person.id, _called(person, 0)) for person in self._people]
                    self._who = ChoiceElement("You play", options, tab.who.id, self._wishes.play)


def _called(person: Person, unread: int) -> str:
    return f"{person.name}, {title(person)}" + (f" ({unread} new)" if unread else "")
