"""Looking around in one tab: what is read, and where to look next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox import debrief_sheet, exercise_sheet, overview, stories, timeline
from bot.sandbox.debrief_sheet import Learned
from bot.sandbox.exercise_sheet import Brief, Choose
from bot.sandbox.hall import Hall
from bot.sandbox.layout import Layout, Wishes
from bot.sandbox.screen import Scene, Shown, places, scene
from bot.sandbox.tab import DEBRIEF, EXERCISE, OVERVIEW, TIMELINE, Tab
from bot.sandbox.town import AUTHORITY
from handlers.access import STAFF, group_of
from handlers.directory import Person
from handlers.errors import HandlerError
from handlers.pages.episode_line import EpisodeLine
from handlers.pages.overview import Standing
from handlers.training.debrief import debrief
from handlers.vocabulary import allowed
from policies import words
from storage import episodes, obligations
from storage.db import Session

SheetData = Standing | EpisodeLine | Brief | Learned | str | None


@dataclass(frozen=True)
class Seen:
    """Everything one refresh reads."""

    scene: Scene
    following: datetime | None
    late: int
    sheet: SheetData
    references: tuple[tuple[str, str], ...]


class View:
    """A tab, the layout that shows it, and the scene it showed last."""

    def __init__(self, hall: Hall, tab: Tab) -> None:
        self.hall, self.tab = hall, tab
        self.layout: Layout
        self.moment = hall.training.moment
        self._choose: Choose
        self._turn = asyncio.Lock()
        self._scene = Scene(tab.place, (), ())

    def build(self, wishes: Wishes, choose: Choose) -> None:
        """Make the elements; they stay until the tab is closed."""
        training = self.hall.training
        self._choose = choose
        self.layout = Layout(training.people, self.tab, training.pack.id, wishes)

    @property
    def reference(self) -> str | None:
        """The episode of the open thread."""
        return self._scene.thread[0].body.reference if self._scene.thread else None

    async def refresh(self) -> None:
        """Read everything anew and show what changed."""
        async with self._turn:
            seen = await self.hall.see(self._read)
            self._scene = seen.scene
            if not self._scene.thread and self.tab.thread:
                self.tab = self.tab.open(None)
            self._show(seen)

    def _show(self, seen: Seen) -> None:
        layout, tab, unread = self.layout, self.tab, self.hall.unread
        unread.saw(tab.who.id, tab.place, tab.thread)
        self.moment = self.hall.training.moment
        layout.now.show(self.moment.isoformat(), self.hall.training.pack.id, self._clauses())
        layout.clock.show(self.moment, seen.following)
        layout.show(tab, seen.scene, unread.counts(tab.who.id), unread.personal(), seen.late)
        proposed = [(verb.word, verb.about, "HW-" in verb.usage) for verb in allowed(frozenset({tab.who.id}))]
        for pane in (layout.room, layout.thread):
            pane.composer.propose(proposed, seen.references)
        if tab.sheet:
            self._show_sheet(seen.sheet)

    def _show_sheet(self, data: SheetData) -> None:
        sheet = self.layout.sheet
        match data:
            case Standing():
                sheet.show(overview.NAME, overview.ABOUT, data, lambda hand: overview.draw(data, hand))
            case EpisodeLine():
                sheet.show(f"Timeline of {data.reference}", data.protocol, data, lambda hand: timeline.draw(data, hand))
            case Brief():
                every = tuple(stories.shipped().values())
                about = "A story with a goal; nobody outside this room is told."
                sheet.show("Exercise", about, data, lambda _: exercise_sheet.draw(data, every, self._choose))
            case Learned():
                sheet.show("Debrief", "What was due, what was missed, which clause.", data, lambda hand: debrief_sheet.draw(data, hand))
            case _:
                sheet.show("Not shown", "", data, lambda _: None)
                sheet.whisper([data or "Nothing is shown here."], refused=True)

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

    async def timeline(self, reference: str) -> None:
        """Show the timeline of an episode."""
        await self._look_at(self.tab.go(TIMELINE, episode=reference))

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

    def _read(self, session: Session) -> Seen:
        training, tab = self.hall.training, self.tab
        found = training.pictures.into(scene(session, tab.who, tab.place, tab.thread, training.moment), training.desk(session), AUTHORITY)
        staff = group_of(tab.who.id) in STAFF
        open_now = {row.reference: words.label(row.category) for row in episodes.open_of(session, AUTHORITY) if not row.restricted}
        seen = open_now if staff else {post.body.reference: "" for post in found.posts if post.body.reference in open_now}
        late = obligations.count_late(session, training.moment) if staff else 0
        references = tuple((reference, open_now[reference]) for reference in seen if reference)
        return Seen(found, training.next_due(session), late, self._read_sheet(session) if tab.sheet else None, references)

    def _read_sheet(self, session: Session) -> SheetData:
        training, tab = self.hall.training, self.tab
        desk = training.desk(session)
        try:
            match tab.place:
                case x if x == OVERVIEW:
                    return overview.read(desk, tab.who.id)
                case x if x == TIMELINE:
                    return timeline.read(desk, tab.who.id, tab.episode or "")
        except HandlerError as refusal:
            return str(refusal)
        goals = training.story.goals if training.story else ()
        found = debrief(desk, AUTHORITY, goals)
        if tab.place == DEBRIEF:
            return Learned(training.story, found, tuple(dict.fromkeys(point.reference for point in found.points)))
        assert tab.place == EXERCISE  # noqa: S101 - there are four sheets
        events = training.world.happened(training.moment) if training.world else ()
        over = bool(training.story and training.moment >= training.story.ends)
        return Brief(training.story, training.pack.name, events, found, over)

    def _clauses(self) -> dict[str, str]:
        return self.hall.training.clauses

    def _person(self, id: str) -> Person | None:
        return self.hall.training.office.directory.person(id)
