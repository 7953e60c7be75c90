"""The left column: the pages about things, the rooms with what is unread in them, and everybody who can be played."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from bot.sandbox.elements import block, button, text
from bot.sandbox.render import PLACES
from bot.sandbox.screen import places
from bot.sandbox.tab import DEBRIEF, EXERCISE, OVERVIEW, Tab
from bot.sandbox.town import NAME, title
from bot.sandbox.unread import Counts
from handlers.directory import Person

Go = Callable[[str], Awaitable[None]]
PAGES = {EXERCISE: "Exercise", OVERVIEW: "Where things stand", DEBRIEF: "Debrief"}
SIGNS = {EXERCISE: "▸", OVERVIEW: "◷", DEBRIEF: "✓", "direct": "✉"}


class Sidebar:
    """`go` is told the place, `play` the person."""

    def __init__(self, people: Sequence[Person], go: Go, play: Go, protocol: str) -> None:
        self._places: dict[str, tuple[Element, TextElement]] = {}
        self._people: dict[str, tuple[Element, TextElement]] = {}
        with block("div", "sidebar"):
            with block("nav", "places", aria_label="Rooms"):
                text("p", NAME, "town")
                for place, label in (*PAGES.items(), *PLACES.items()):
                    self._places[place] = _line(SIGNS.get(place, "#"), label, partial(go, place), "place")
            with block("nav", "people", aria_label="People"):
                text("h2", "Play somebody else")
                for person in people:
                    initials = "".join(part[0] for part in person.name.split()[-2:])
                    self._people[person.id] = _line(initials, person.name, partial(play, person.id), "person", title(person))
            with block("p", "elsewhere"):
                text("a", "The protocol", href=f"/protocol/{protocol}", target="_blank")

    def show(self, tab: Tab, counts: Counts, personal: Mapping[str, int], late: int) -> None:
        """Where the person is, what they have not seen, and who else is spoken to."""
        for place, (element, badge) in self._places.items():
            element.set_visibility(place in PAGES or place in places(tab.who))
            _current(element, place == tab.place)
            count = late if place == OVERVIEW else counts.by_place.get(place, 0)
            _badge(badge, count, "late" if place == OVERVIEW else "new", loud=place == OVERVIEW or place in counts.mentioned)
        for person, (element, badge) in self._people.items():
            _current(element, person == tab.who.id)
            _badge(badge, personal.get(person, 0), "new for them", loud=True)


def _line(sign: str, label: str, pressed: Callable[[], Awaitable[None]], kind: str, about: str = "") -> tuple[Element, TextElement]:
    with button("", pressed, kind) as element:
        text("span", sign, "sign", aria_hidden="true")
        with block("span", "label"):
            text("span", label)
            if about:
                text("span", about, "about")
        with text("span", "", "badge") as badge:
            text("span", "", "unseen")
        badge.set_visibility(False)
    return element, badge


def _current(element: Element, current: bool) -> None:  # noqa: FBT001 - the value of the attribute
    wanted = "page" if current else "false"
    if element.props.get("aria-current") != wanted:
        element.props["aria-current"] = wanted


def _badge(badge: TextElement, count: int, about: str, *, loud: bool) -> None:
    """The number, and for those who only hear it what it counts."""
    words = badge.default_slot.children[0]
    wanted = (str(count), f" {about}") if count else ("", "")
    if badge.text != wanted[0] and isinstance(words, TextElement):
        badge.text, words.text = wanted
        badge.classes(replace="badge loud" if loud else "badge")
        badge.set_visibility(bool(count))
