"""Microsoft Graph beside chat, where homeward.yml asks for it: letters, meetings in a calendar, and a list that is kept up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.clockwork import Beat
from bot.configuration import Configuration
from bot.errors import Unusable
from bot.settings import Settings
from handlers import alarms
from handlers.cycles.book import book
from handlers.cycles.track import track
from handlers.delivery.ways import MAIL
from handlers.desk import Desks
from handlers.ports import Platform

if TYPE_CHECKING:
    from bot.configuration.parts import GraphPart
    from bot.graph.client import Graph

SOON, A_MINUTE, EVERY = timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=5)
KEYLESS = (
    "Microsoft refuses the key with which Homeward reaches Graph, so letters, the calendar and the list wait; nothing is lost. "
    "Tell the administrator: a new client secret as CLIENT_SECRET, then start Homeward again. `homeward doctor` says whether it is taken."
)
LONG = 15.0  # seconds of one run, after which nothing new is begun: a slow calendar must not look like a late cycle
LONGER = 60.0  # the same for the list, which comes round less often
MISSING = "homeward.yml asks for Graph, but {name} is not installed: install homeward[graph], or run `make install`."


@dataclass(frozen=True)
class Beside:
    """What Graph does here; with nothing configured, nothing."""

    graph: Graph | None = None
    wanted: GraphPart | None = None

    def letters(self) -> Mapping[str, Platform]:
        """The way by mail, from a mailbox of the council."""
        if self.graph is None or self.wanted is None or self.wanted.mailbox is None:
            return {}
        from bot.graph.mail import Letters

        return {MAIL: Letters(self.graph, self.wanted.mailbox)}

    def beats(self, at: Desks) -> list[Beat]:
        """The calendar, looked after as meetings are fixed and answered; the list, kept up every few minutes."""
        if self.graph is None or self.wanted is None:
            return []
        key = Beat("graph key", A_MINUTE, lambda: self._say_of_the_key(at))
        return [key, *self._calendar(self.graph, self.wanted, at), *self._tracker(self.graph, self.wanted, at)]

    def _say_of_the_key(self, at: Desks) -> None:
        """While Microsoft refuses it, each management room hears once a day what to do; what waits for it goes on waiting."""
        if self.graph is None:
            return
        self.graph.try_key()
        if not self.graph.keyless:
            return
        with at() as desk:
            for authority in desk.office.directory.authorities:
                alarms.raise_alarm(desk, authority.id, f"graph key:{authority.id}:{desk.today}", KEYLESS)

    def _calendar(self, graph: Graph, wanted: GraphPart, at: Desks) -> Iterator[Beat]:
        if wanted.calendar:
            from bot.graph.calendar import MailboxCalendar

            calendar = MailboxCalendar(graph, wanted.calendar)
            yield Beat("calendar", SOON, lambda: book(at, calendar, _for(LONG)))

    def _tracker(self, graph: Graph, wanted: GraphPart, at: Desks) -> Iterator[Beat]:
        if wanted.tracker:
            from bot.graph.tracker import SharePoint

            tracker = SharePoint(graph, wanted.tracker.site, wanted.tracker.list)
            yield Beat("tracker", EVERY, lambda: track(at, tracker, _for(LONGER)))

    def warm(self, hands: Executor) -> None:
        """Read its library while nobody waits for it."""
        if self.graph:
            hands.submit(self.graph.warm)

    def close(self) -> None:
        """End it."""
        if self.graph:
            self.graph.close()


def beside(settings: Settings, configured: Configuration) -> Beside:
    """Graph, where it is asked for. Raises Unusable."""
    if configured.graph is None:
        return Beside()
    for name in ("msgraph", "azure.identity"):
        if _missing(name):
            raise Unusable(MISSING.format(name=name))
    from bot.graph.access import access
    from bot.graph.client import Graph

    return Beside(Graph(access(settings)), configured.graph)


def _missing(name: str) -> bool:
    try:
        return find_spec(name) is None
    except ModuleNotFoundError:
        return True


def _for(seconds: float) -> Callable[[], bool]:
    ends = time.monotonic() + seconds
    return lambda: time.monotonic() < ends
