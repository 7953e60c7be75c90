"""Looking around in one tab: what is read, and where to look next."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.sandbox.hall import Hall
from bot.sandbox.layout import Layout, Wishes
from bot.sandbox.screen import Scene, Shown, places, scene
from bot.sandbox.tab import Tab
from handlers.directory import Person
from storage.db import Session


class View:
    """A tab, the layout that shows it, and the scene it showed last."""

    def __init__(self, hall: Hall, tab: Tab) -> None:
        self.hall, self.tab = hall, tab
        self.layout: Layout
        self._turn = asyncio.Lock()
        self._scene = Scene(tab.place, (), ())

    def build(self, wishes: Wishes) -> None:
        """Make the elements; they stay until the tab is closed."""
        self.layout = Layout(self.hall.training.people, self.tab, wishes)

    @property
    def reference(self) -> str | None:
        """The episode of the open thread."""
        return self._scene.thread[0].body.reference if self._scene.thread else None

    async def refresh(self) -> None:
        """Read everything anew and show what changed."""
        async with self._turn:
            self._scene, following = await self.hall.see(self._read)
            if not self._scene.thread:
                self.tab = self.tab.open(None)
            self.layout.clock.show(self.hall.training.moment, following)
            self.layout.show(self.tab, self._scene)

    async def play(self, who: str) -> None:
        """Be somebody else in this tab."""
        await self._look_at(self.tab.play(self._person(who) or self.tab.who))

    async def go(self, place: str) -> None:
        """Look at another place."""
        await self._look_at(self.tab.go(place))

    async def open_thread(self, thread: str) -> None:
        """Open a thread of this place, and take the keyboard there."""
        await self._look_at(self.tab.open(thread))
        self.layout.thread.feed.take_focus()

    async def close_thread(self) -> None:
        """Close it, and take the keyboard back to the room."""
        await self._look_at(self.tab.open(None))
        self.layout.room.feed.take_focus()

    async def open_episode(self, reference: str | None) -> bool:
        """Open the thread of an episode where this place has its card; whether that thread is open now."""
        if reference and reference != self.reference:
            card = next((post.id for post in self._scene.posts if post.kind == "card" and post.body.reference == reference), None)
            if card:
                await self.open_thread(card)
        return reference is not None and reference == self.reference

    async def follow(self, post: Shown) -> None:
        """Go to where a post is, as somebody who can see it when the person played cannot."""
        who = self.tab.who
        if post.place == "direct":
            who = self._person(post.person or "") or who
        elif post.place not in places(who):
            who = next((person for person in self.hall.training.people if post.place in places(person)), who)
        await self._look_at(self.tab.play(who).go(post.place, post.thread))
        (self.layout.thread if self.tab.thread else self.layout.room).feed.take_focus(post.id)

    async def _look_at(self, tab: Tab) -> None:
        self.tab = tab
        await self.refresh()

    def _read(self, session: Session) -> tuple[Scene, datetime | None]:
        training, tab = self.hall.training, self.tab
        return scene(session, tab.who, tab.place, tab.thread, training.moment), training.next_due(session)

    def _person(self, id: str) -> Person | None:
        return self.hall.training.office.directory.person(id)
