"""A post room whose two clocks the test holds: posts go into the outbox, turns of the delivery cycle bring them out."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from handlers.cycles.deliver import deliver, write_down
from handlers.delivery.pace import Pace
from handlers.delivery.under_way import UnderWay
from handlers.desk import Desk, Office
from handlers.directory import Account, Authority, Directory, Holding, Person, Room
from handlers.outgoing import Body, Row
from handlers.ports import Platform
from storage import outbox
from storage.db import reading, transaction
from storage.ids import new_id
from storage.outbox import Post
from storage.sealing import Vault

START = datetime(2026, 2, 2, 2, 10, tzinfo=UTC)
AUTHORITY = "westbrook"
PURPOSES = ("coordination", "partners", "management")
TURN = 1.0  # seconds from one turn to the next


def someone(id: str, role: str, *platforms: str) -> Person:
    """A person with that role, who can be reached on these platforms."""
    return Person(id, id.capitalize(), "childrens_social_care", (Holding(role, AUTHORITY),), tuple(Account(p, id) for p in platforms))


PEOPLE = (
    someone("ines", "social_worker", "slack"),
    someone("tom", "team_manager", "slack", "mail"),
    someone("mia", "la_missing_coordinator", "slack", "mail"),
    someone("ray", "police", "teams"),
)


def town(*rooms: Room, people: Iterable[Person] = PEOPLE) -> Directory:
    """One authority; without rooms of its own it has three on Slack."""
    rooms = rooms or tuple(Room("slack", f"C-{purpose}", purpose) for purpose in PURPOSES)
    return Directory((Authority(AUTHORITY, "Westbrook", "triborough", rooms),), tuple(people))


class Postroom:
    """One process with its memory of what is under way."""

    def __init__(
        self,
        engine: Engine,
        platforms: Mapping[str, Platform],
        *,
        directory: Directory | None = None,
        paces: Mapping[str, Pace] | None = None,
        carriers: Executor | None = None,
    ) -> None:
        self.engine, self.platforms = engine, dict(platforms)
        self.office = Office(directory or town(), Vault([b"k" * 32]))
        self.elapsed = 0.0
        self.set_back = timedelta(0)
        self.under_way = UnderWay(clock=lambda: self.elapsed, carriers=carriers, paces=paces or {})

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self.elapsed) - self.set_back

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        with transaction(self.engine) as session:
            yield Desk(session, self.now, self.office)

    def turn(self) -> int:
        """One turn of the delivery cycle."""
        return deliver(self.desk, self.platforms, self.under_way)

    def forward(self, seconds: float) -> None:
        """Let that much time pass, turn by turn."""
        end = self.elapsed + seconds
        while self.elapsed < end:
            if not self.turn():
                self.elapsed = min(end, max(self.elapsed + TURN, self._next()))

    def drain(self, at_most: float) -> None:
        """Let time pass until nothing waits."""
        end = self.elapsed + at_most
        while self.elapsed < end and self._waiting() is not None:
            self.forward(20)

    def _waiting(self) -> datetime | None:
        with reading(self.engine) as session:
            return outbox.next_send(session)

    def _next(self) -> float:
        at = self._waiting()
        return (at - START + self.set_back).total_seconds() if at else self.elapsed

    def wait(self, seconds: float = 5) -> None:
        """Let carriers come back."""
        write_down(self.desk, self.under_way, seconds)

    def queue(self, *posts: Post) -> None:
        """Put posts into the outbox."""
        with transaction(self.engine) as session:
            for post in posts:
                outbox.queue(session, post)

    def post(self, text: str = "due", *, to: str | None = None, under: Post | None = None, **other: object) -> Post:
        """A post of the coordination room (in a thread when `under` a card), or a direct message `to` somebody."""
        row = Row(rule="r", says=text, kind="due", to=())
        body = Body("HW-7F3K", text, (row,), mentions=(to,) if to else (), fallback="Homeward: HW-7F3K needs you", urgent=True)
        post = Post(
            id=new_id(),
            authority=AUTHORITY,
            kind="due",
            place="thread" if under else "direct" if to else "room",
            room=under.room if under else None if to else "coordination",
            person=to if to and not under else None,
            body=body.stored(),
            queued_at=self.now,
            send_after=self.now,
            urgent=True,
            parent_id=under.id if under else None,
        )
        return replace(post, lane="", **other)  # type: ignore[arg-type]

    def card(self, text: str = "card") -> Post:
        """A card of the coordination room."""
        return self.post(text, kind="card")

    def stored(self, post: Post) -> Post:
        """The post as the outbox has it now."""
        with reading(self.engine) as session:
            found = outbox.by_id(session, post.id)
        assert found is not None
        return found

    def alarms(self) -> list[str]:
        """What the management room was told so far."""
        with reading(self.engine) as session:
            rows = session.connection().exec_driver_sql("SELECT id FROM posts WHERE kind = 'alarm' ORDER BY queued_at, id").all()
            return [post.body["rows"][0]["says"] for (id_,) in rows if (post := outbox.by_id(session, id_))]
