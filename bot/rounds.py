"""What a process that serves does by itself, and how often; and the watch over all that, in a thread of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread

from bot import heartbeat
from bot.clockwork import Beat
from bot.pulse import Pulse
from handlers.cycles.catch_up import catch_up
from handlers.cycles.chase import chase
from handlers.cycles.deliver import deliver, write_down
from handlers.cycles.digest import digest
from handlers.cycles.remind import AT_ONCE, remind
from handlers.cycles.report import report_all
from handlers.cycles.retain import retain
from handlers.cycles.watch import behind, clock_was_set_back, sweep, watch
from handlers.delivery.under_way import UnderWay
from handlers.delivery.ways import MAIL
from handlers.desk import Desks
from handlers.panel.monthly import monthly
from handlers.ports import Platform
from policies.worktime import lasting
from storage import processes
from storage.errors import Unavailable
from storage.ids import new_id

log = logging.getLogger(__name__)
WATCH = 30.0  # seconds from one look of the watch to the next
BEAT = 60.0  # seconds from one call of the heartbeat to the next
BACK = 0.2  # seconds to wait for carriers in each turn
LONG = 5.0  # seconds of one run of a cycle, after which the others' turn has come
CATCHING_UP = 15.0  # the same, of a run after an outage
ENDING = 8.0  # seconds that carriers have at the end


@dataclass
class Rounds:
    """One process: its desks, its platforms, and what it remembers of both."""

    desks: Desks
    platforms: Mapping[str, Platform]
    under_way: UnderWay
    pulse: Pulse
    heartbeat_url: str | None = None
    readers: Desks | None = None
    at_once: int = AT_ONCE  # episodes looked at between two glances at the time

    def __post_init__(self) -> None:
        self.id = new_id()
        self._said: list[str] = []

    def beats(self) -> list[Beat]:
        """The cycles; delivery only where there is a platform to deliver to."""
        delivery = [Beat("deliver", timedelta(seconds=0.5), self.send)] if self.platforms else []
        return [
            *delivery,
            Beat("remind", timedelta(seconds=5), self.look),
            Beat("chase", timedelta(seconds=30), lambda: chase(self.desks)),
            Beat("panels", timedelta(hours=1), lambda: monthly(self.desks)),
            Beat("digest", timedelta(minutes=1), lambda: digest(self.desks)),
            Beat("report", timedelta(minutes=1), lambda: report_all(self.desks, self.readers)),
            Beat("sweep", timedelta(hours=1), lambda: sweep(self.desks)),
            Beat("retain", timedelta(hours=1), lambda: retain(self.desks)),
        ]

    def look(self) -> None:
        """Whatever has come due; after an outage that first, which may take several runs."""
        ends = self.pulse.monotonic() + CATCHING_UP
        while catch_up(self.desks, self.at_once):
            if self.pulse.monotonic() >= ends:
                return
        remind(self.desks)

    def send(self) -> None:
        """Turns of delivery, for as long as there is something to send, and not for ever."""
        ends = self.pulse.monotonic() + LONG
        while deliver(self.desks, self.platforms, self.under_way) and self.pulse.monotonic() < ends:
            write_down(self.desks, self.under_way, BACK)
        write_down(self.desks, self.under_way, BACK)

    def finish(self) -> None:
        """At the end: what carriers still bring back is recorded; what they do not is looked for by whoever comes next."""
        try:
            write_down(self.desks, self.under_way, ENDING)
            with self.desks() as desk:
                processes.left(desk.session, self.id)
        except Unavailable as gone:
            log.error("%s What was being sent is looked for at the next start.", gone)

    @contextmanager
    def watched(self, every: float = WATCH) -> Iterator[None]:
        """With the watch beside it, which asks no schedule when it is to look."""
        stop = Event()
        thread = Thread(target=self._watch, args=(stop, every), name="watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _watch(self, stop: Event, every: float) -> None:
        called = 0.0
        while not stop.wait(every):
            fine = self.check()
            if fine and self.heartbeat_url and self.pulse.monotonic() - called >= BEAT - every / 2:
                called = self.pulse.monotonic()
                heartbeat.beat(self.heartbeat_url)

    def check(self) -> bool:
        """One look of the watch; whether everything is on time."""
        worries = self._worries()
        for worry in worries:
            if worry not in self._said:
                log.error("%s", worry)
        self._said = worries
        try:
            for sentence in watch(self.desks, worries):
                if sentence not in worries:
                    log.error("%s", sentence)
            with self.desks() as desk:
                self.under_way.processes = processes.seen(desk.session, self.id)
                late = behind(desk).late(desk.now)
            self.pulse.recovered("watch")
            return not (worries or late or self.pulse.troubles)
        except Unavailable as gone:
            self.pulse.troubled("watch", str(gone))
        except Exception as error:  # noqa: BLE001 - it looks again, and the heartbeat has stopped
            log.error("the watch failed: %s", type(error).__name__)
        return False

    def _worries(self) -> list[str]:
        """What is wrong with this process itself, in sentences."""
        late, moved = self.pulse.late(), self.pulse.jumped()
        worries = [f"Homeward does not get round to its work in time ({', '.join(late)}). Tell the administrator."] if late else []
        if moved:
            way = "back" if moved < timedelta(0) else "forward"
            worries.append(
                f"The clock of a machine was set {way} by {lasting(abs(moved))}. Reminders go by it; none is lost or sent twice."
            )
        for name in filter(self.under_way.is_down, self.under_way.serving):
            by_mail = "Urgent posts go by e-mail to whoever has an address; the rest waits" if MAIL in self.platforms else "All posts wait"
            ring = "`homeward doctor` may say why, `homeward report open` whom to ring."
            worries.append(f"{name.capitalize()} does not work. {by_mail}, and nothing is lost. {ring}")
        if moved < timedelta(0):
            self._quietly(lambda: clock_was_set_back(self.desks))
        return worries

    def _quietly(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Unavailable as gone:
            log.error("%s", gone)
