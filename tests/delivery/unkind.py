"""A platform that does every unkind thing a real one has done, and a book of what people there can see."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from threading import Event, RLock
from typing import Literal

from handlers.errors import Elsewhere, Later, Uncertain, Undeliverable
from handlers.outgoing import Sent
from handlers.ports import Parcel

Mood = Literal["kind", "dropped", "lost", "late", "busy", "down", "broken", "refused", "elsewhere", "hang"]
LATE = timedelta(seconds=20)  # after which a message nobody got an answer for turns up
Moods = Callable[[str, Parcel], Mood]


@dataclass
class Message:
    """One message as people see it."""

    reference: str
    channel: str
    thread: str | None
    post: str
    parcel: Parcel
    at: datetime
    edits: int = 0


@dataclass
class Unkind:
    """Meets the port. `mood` says for each call what happens; `hidden` looks find nothing although it is there."""

    clock: Callable[[], datetime]
    mood: Moods = lambda _call, _parcel: "kind"
    name: str = "slack"
    hidden: int = 0
    missed: tuple[str, ...] = ()
    wait: float = 30
    seen: list[Message] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    gate: Event = field(default_factory=Event)  # what hangs goes on when it is set
    _coming: list[tuple[datetime, Parcel]] = field(default_factory=list)
    _looked: Counter[str] = field(default_factory=Counter)
    _lock: RLock = field(default_factory=RLock)

    def send(self, parcel: Parcel) -> Sent:
        """Post it, or not, and say so, or not."""
        mood = self._called("send", parcel)
        with self._lock:
            match mood:
                case "dropped":
                    self._land(parcel)
                    raise Uncertain
                case "lost" | "broken":
                    raise Uncertain
                case "late":
                    self._coming.append((self.clock() + LATE, parcel))
                    raise Uncertain
                case "hang":
                    pass
                case _:
                    return self._sent(self._land(parcel))
        self.gate.wait(60)
        with self._lock:
            return self._sent(self._land(parcel))

    def update(self, parcel: Parcel) -> Sent:
        """Change what is there."""
        mood = self._called("update", parcel)
        with self._lock:
            message = next((m for m in self.seen if m.reference == parcel.post.reference), None)
            if message is None:
                raise Undeliverable("message_not_found")
            if mood in {"lost", "broken", "late", "hang"}:
                raise Uncertain
            message.parcel, message.edits = parcel, message.edits + 1
            if mood == "dropped":
                raise Uncertain
            return self._sent(message)

    def look_up(self, parcel: Parcel) -> Sent | None:
        """What is to be seen of it now."""
        mood = self._called("look_up", parcel)
        with self._lock:
            if mood in {"lost", "broken", "late", "hang", "dropped"}:
                raise Uncertain
            self._looked[parcel.post.id] += 1
            if self._looked[parcel.post.id] <= self.hidden:
                return None
            self._arrive()
            message = next((m for m in self.seen if m.post == parcel.post.id), None)
            return self._sent(message) if message else None

    def _called(self, call: str, parcel: Parcel) -> Mood:
        with self._lock:
            self.calls[call] += 1
            mood = self.mood(call, parcel)
            self.calls[mood] += 1
        if mood == "busy":
            raise Later(self.wait)
        if mood == "down":
            raise Later(5)
        if mood == "refused":
            raise Undeliverable("channel_not_found")
        if mood == "elsewhere":
            raise Elsewhere
        return mood

    def _arrive(self) -> None:
        coming, self._coming = self._coming, []
        for at, parcel in coming:
            if at <= self.clock():
                self._land(parcel)
            else:
                self._coming.append((at, parcel))

    def _land(self, parcel: Parcel) -> Message:
        channel = parcel.room.channel if parcel.room else "@" + parcel.people[0].id
        message = Message(f"{len(self.seen) + 1:06d}", channel, parcel.thread, parcel.post.id, parcel, self.clock())
        self.seen.append(message)
        return message

    def _sent(self, message: Message) -> Sent:
        return Sent(message.reference, self.clock(), message.channel, self.missed)

    def settle(self) -> None:
        """Let everything arrive that is still on its way."""
        with self._lock:
            for _, parcel in self._coming:
                self._land(parcel)
            self._coming = []

    def threads(self) -> dict[str, list[str]]:
        """Post ids of every thread in the order they came."""
        found: dict[str, list[str]] = defaultdict(list)
        for message in self.seen:
            if message.thread:
                found[message.thread].append(message.post)
        return found


def moods(*planned: Mood, then: Mood = "kind", of: str = "send") -> Moods:
    """Moods for the first calls of one sort; afterwards another."""
    left = list(planned)
    return lambda call, _parcel: "kind" if call != of else left.pop(0) if left else then


def unsteady(seed: int, share: float, among: Iterable[Mood]) -> Moods:
    """In that share of all calls one of the unkind moods, by a seeded die."""
    die, choice = Random(seed), tuple(among)
    return lambda _call, _parcel: die.choice(choice) if die.random() < share else "kind"
