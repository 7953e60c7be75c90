"""What one process has under way: parcels given to carriers, lanes that must wait, and what came of it and is not recorded yet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue

from handlers.delivery.carry import Patience, carry
from handlers.delivery.outcomes import InDoubt, NotTaken, Outcome
from handlers.delivery.pace import UNLIMITED, Limit, Meter, Pace
from handlers.delivery.tally import Tally
from handlers.delivery.ways import Way
from handlers.ports import Encloses, Parcel, Platform

LEASE = 120.0  # seconds for which a claim holds
HUNG = 0.5  # of a lease, after which a platform that has not answered is given up
FRESH = 0.75  # of a lease, in which a parcel may still be handed over
DOWN = 120.0  # seconds of nothing but failures after which a platform counts as down


@dataclass(frozen=True)
class Load:
    """A parcel with the way it takes; not `needed`: only to be looked for, because what it was about has ended."""

    parcel: Parcel
    way: Way
    platform: Platform
    needed: bool = True


@dataclass(frozen=True, eq=False)
class Came:
    """What came of one load, claimed `at`."""

    load: Load
    outcome: Outcome
    at: datetime


@dataclass(eq=False)
class Errand:
    """The loads of one lane, carried one after the other; stops where it is once it was given up."""

    lane: str
    loads: Sequence[Load]
    now: datetime
    claimed: float
    began: float
    done: int = 0
    given_up: bool = False


@dataclass
class UnderWay:
    """Without an executor everything is carried at once, in the caller's thread; `clock` gives monotonic seconds."""

    clock: Callable[[], float] = lambda: 0.0
    carriers: Executor | None = None
    paces: Mapping[str, Pace] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)
    lease: float = LEASE
    processes: int = 1  # how many share the platforms' limits
    serving: Collection[str] = ()
    encloses: Encloses | None = None  # makes the files that posts name; nobody does in the training room
    tally: Tally = field(default_factory=Tally)
    meter: Meter = field(default_factory=Meter)
    unrecorded: list[Came] = field(default_factory=list)
    failing: dict[str, float] = field(default_factory=dict)  # platform → since when nothing has worked
    _errands: list[Errand] = field(default_factory=list)
    _held: dict[str, float] = field(default_factory=dict)  # lane or platform → until when it waits
    _done_at: dict[str, float] = field(default_factory=dict)
    _came: SimpleQueue[tuple[Errand, Came]] = field(default_factory=SimpleQueue)

    @property
    def a_lane(self) -> int | None:
        """How many of one lane to claim at once; no limit where nobody limits us."""
        return 3 if self.paces else None

    def closed(self) -> list[str]:
        """Lanes nothing may be claimed of now: in use, or waiting."""
        now = self.clock()
        self._held = {lane: until for lane, until in self._held.items() if until > now}
        return [*self._held, *(errand.lane for errand in self._errands)]

    def ids(self) -> list[str]:
        """Posts that are with a carrier, or whose outcome is still to be recorded."""
        return [load.parcel.post.id for e in self._errands for load in e.loads] + [came.load.parcel.post.id for came in self.unrecorded]

    def time_for(self, chore: str, every: float) -> bool:
        """Whether a chore is due that is done every so many seconds; the first time it is."""
        last = self._done_at.get(chore)
        if last is not None and self.clock() - last < every:
            return False
        self._done_at[chore] = self.clock()
        return True

    def is_down(self, platform: str) -> bool:
        """Whether a platform has done nothing but fail for a while."""
        since = self.failing.get(platform)
        return since is not None and self.clock() - since >= DOWN

    def hold(self, lane: str, seconds: float) -> None:
        """Let a lane wait."""
        self._held[lane] = max(self._held.get(lane, 0.0), self.clock() + seconds)

    def must_wait(self, load: Load) -> float:
        """Seconds the platform's pace asks this load to wait; counts it when that is nothing."""
        now, asked = self.clock(), self._limits(load)
        wait = max([self.meter.wait(key, limits, now) for key, limits, _ in asked] + [self._held.get(load.way.platform, 0.0) - now])
        if wait <= 0:
            for key, _, counted in asked:
                self.meter.took(key, counted, now)
        return max(wait, 0.0)

    def _limits(self, load: Load) -> list[tuple[str, list[Limit], list[Limit]]]:
        """(what is counted, the limits this load keeps, those that others keep by the same count)."""
        platform, edits = load.way.platform, load.parcel.post.reference is not None
        pace = self.paces.get(platform, UNLIMITED)
        one = (load.way.name, pace.posts, pace.posts)
        if edits:
            one = (load.way.name, pace.edits, pace.posts) if pace.together else (f"{platform} edits", pace.edits, pace.edits)
        return [
            (key, [limit.shared(self.processes) for limit in limits], [limit.shared(self.processes) for limit in counted])
            for key, limits, counted in (one, (platform, pace.all, pace.all))
        ]

    def hand_over(self, lanes: Mapping[str, Sequence[Load]], now: datetime, claimed: float) -> None:
        """Give each lane's loads to a carrier."""
        for lane, loads in lanes.items():
            errand = Errand(lane, loads, now, claimed, self.clock())
            self._errands.append(errand)
            if self.carriers is None:
                self._run(errand)
            else:
                self.carriers.submit(self._run, errand)

    def _run(self, errand: Errand) -> None:
        stopped = False
        for load in errand.loads:
            if errand.given_up:
                return
            # Too long after the claim the lease may be over, and somebody else may have the post by now.
            stopped = stopped or self.clock() - errand.claimed > FRESH * self.lease
            outcome = NotTaken(0) if stopped else self._carried(load, errand)
            stopped = stopped or isinstance(outcome, NotTaken)
            self._came.put((errand, Came(load, outcome, errand.now)))

    def _carried(self, load: Load, errand: Errand) -> Outcome:
        return carry(load.platform, load.parcel, errand.now, self.patience, needed=load.needed, encloses=self.encloses)

    def collect(self, patience: float = 0.0) -> list[Came]:
        """What came of the errands by now; waits up to so many seconds for those still out, and gives up those that hang."""
        self._drain(patience)
        for errand in [e for e in self._errands if self.clock() - e.began > HUNG * self.lease]:
            errand.given_up = True
            rest = errand.loads[errand.done :]
            self.unrecorded += [Came(load, InDoubt() if n == 0 else NotTaken(0), errand.now) for n, load in enumerate(rest)]
            self._errands.remove(errand)
        return self.unrecorded

    def _drain(self, patience: float) -> None:
        until = self.clock() + patience
        while self._errands or not self._came.empty():
            try:
                errand, came = self._came.get(timeout=max(until - self.clock(), 0.0)) if patience else self._came.get_nowait()
            except Empty:
                return
            self.unrecorded.append(came)
            self._heed(came)
            errand.done += 1
            if errand.done == len(errand.loads) and errand in self._errands:
                self._errands.remove(errand)

    def _heed(self, came: Came) -> None:
        """A platform that asks to wait is left alone for so long; one that does nothing but fail will count as down."""
        platform, outcome = came.load.way.platform, came.outcome
        if isinstance(outcome, NotTaken):
            self.hold(platform if outcome.everywhere else came.load.parcel.post.lane, outcome.seconds)
        if isinstance(outcome, InDoubt) or (isinstance(outcome, NotTaken) and outcome.seconds):
            self.failing.setdefault(platform, self.clock())
        elif not isinstance(outcome, NotTaken):
            self.failing.pop(platform, None)

    def forget(self, recorded: Iterable[Came]) -> None:
        """These are in the database now."""
        gone = set(map(id, recorded))
        self.unrecorded = [came for came in self.unrecorded if id(came) not in gone]
