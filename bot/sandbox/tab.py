"""What one browser tab looks at, kept in its address: reload it, or start the sandbox again, and it shows the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from bot.sandbox.screen import places
from handlers.directory import Directory, Person

FIRST = "edt"  # the night duty worker
OVERVIEW, TIMELINE, EXERCISE, DEBRIEF = SHEETS = ("overview", "timeline", "exercise", "debrief")


@dataclass(frozen=True)
class Tab:
    """Who is played here, the place they look at, the thread that is open, and the episode whose timeline is shown."""

    who: Person
    place: str
    thread: str | None = None
    episode: str | None = None

    @property
    def path(self) -> str:
        """The address that shows this."""
        chosen = {"who": self.who.id, "place": self.place, "thread": self.thread, "episode": self.episode}
        return f"/?{urlencode({name: value for name, value in chosen.items() if value})}"

    @property
    def sheet(self) -> bool:
        """Whether this is a page about things and not a room."""
        return self.place in SHEETS

    def play(self, who: Person) -> Tab:
        """The same place for somebody else, if they can see it."""
        return tab(who, self.place, self.thread, self.episode)

    def go(self, place: str, thread: str | None = None, episode: str | None = None) -> Tab:
        """Another place."""
        return tab(self.who, place, thread, episode)

    def open(self, thread: str | None) -> Tab:
        """Another thread here, or none."""
        return replace(self, thread=thread)


def tab(who: Person, place: str, thread: str | None = None, episode: str | None = None) -> Tab:
    """A tab on a place that `who` can see: the one asked for, else their first."""
    allowed = places(who)
    if place in SHEETS:
        return Tab(who, place, None, episode)
    return Tab(who, place, thread) if place in allowed else Tab(who, allowed[0])


def from_address(directory: Directory, who: str, place: str, thread: str, episode: str = "") -> Tab:
    """The tab an address speaks of; whatever it does not know falls back to the start."""
    person = directory.person(who) or directory.person(FIRST) or directory.people[0]
    return tab(person, place or ("" if who else EXERCISE), thread or None, episode or None)
