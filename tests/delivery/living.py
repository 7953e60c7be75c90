"""A process that serves, on two clocks the test holds: its rounds are made turn by turn, whatever is broken meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from bot.pulse import Pulse
from bot.rounds import WATCH, Rounds
from handlers.delivery.under_way import UnderWay
from handlers.desk import Desk, Desks, Office
from handlers.directory import Account, Directory
from handlers.frontdesk import hearing, submitting
from handlers.incoming import Said, Submitted
from handlers.outgoing import Form, Reply, row_text
from storage.db import transaction
from tests import protocols
from tests.delivery.unkind import Message, Unkind
from tests.fakes import AUTHORITY, KEYS, PLATFORM, town
from tests.moments import london
from tests.protocols import duty as rule

PACK = "westbrook@2020-01-01"
RULES = (
    rule("assess", "risk_assessment", due="PT4H", escalate_to=[]),
    rule("brief", "written_briefing", due="PT4H", owner="team_manager", escalate_to=[]),
)
WAITS = 0.05  # seconds for other writers: tests hold the database for longer


class Living:
    """`moved` is what somebody did to the wall clock. People here read mail as well."""

    def __init__(self, engine: Engine, start: str) -> None:
        self.engine, self.start = engine, london(start)
        self.elapsed, self.moved = 0.0, timedelta(0)
        self.office = Office(_town(), KEYS, extra={PACK: protocols.text(*RULES)})
        self.chat, self.mail = (Unkind(lambda: self.now, name=name) for name in (PLATFORM, "mail"))
        self.reference = ""
        self.begin()

    def begin(self) -> None:
        """A process starts: what it had in memory is gone."""
        pulse = Pulse(lambda: self.elapsed, lambda: self.now)
        self.rounds = Rounds(self.desks, {PLATFORM: self.chat, "mail": self.mail}, UnderWay(lambda: self.elapsed), pulse)
        deliver, *before, _sweep = self.rounds.beats()
        self._beats = (*before, deliver)  # so that what is planned goes out in the same turn
        for beat in self._beats:
            pulse.knows(beat.name, beat.every.total_seconds())
        self._looked = -WATCH

    @property
    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.elapsed) + self.moved

    def hurrying(self, seconds: float) -> Callable[[], float]:
        """A clock on which everything takes long: so much passes each time it is asked."""

        def asked() -> float:
            self.elapsed += seconds
            return self.elapsed

        return asked

    @property
    def desks(self) -> Desks:
        @contextmanager
        def desk() -> Iterator[Desk]:
            with transaction(self.engine, WAITS) as session:
                yield Desk(session, self.now, self.office)

        return desk

    def live(self, *, step: float = 30, **by: float) -> None:
        """Let time pass, with every cycle at each step."""
        end = self.elapsed + timedelta(**by).total_seconds()
        while self.elapsed < end:
            self.elapsed = min(self.elapsed + step, end)
            self.turn()

    def turn(self) -> None:
        """Every cycle once; the watch when its time has come. What fails is what the next turn tries again."""
        for beat in self._beats:
            failed: Exception | None = None
            self.rounds.pulse.began(beat.name)
            try:
                beat.run()
            except Exception as error:  # noqa: BLE001 - as the clockwork does
                failed = error
            self.rounds.pulse.ended(beat.name, failed)
        if self.elapsed - self._looked >= WATCH:
            self._looked = self.elapsed
            self.rounds.check()

    def report(self, **values: str) -> str:
        """A child is reported; gives the reference."""
        reply = self._act(lambda desk: hearing.hear(Said("report", "edt", AUTHORITY), desk))
        self.reference = getattr(self._sent_in(reply, "edt", values), "reference", "") or ""
        return self.reference

    def done(self, action: str, by: str) -> None:
        """Somebody has done it."""
        self._sent_in(self._act(lambda desk: hearing.hear(Said(f"done {self.reference}", by), desk)), by, {"action": action})

    def found(self) -> None:
        """The child is found."""
        self._sent_in(self._act(lambda desk: hearing.hear(Said(f"found {self.reference}", "edt"), desk)), "edt", {})

    def _sent_in(self, form: Reply, by: str, values: dict[str, str]) -> Reply:
        assert isinstance(form, Form), form
        typed = {f.id: f.value for f in form.fields} | values
        return self._act(lambda desk: submitting.submit(Submitted(form.id, typed, by, dict(form.context)), desk))

    def _act(self, act: Callable[[Desk], Reply]) -> Reply:
        with self.desks() as desk:
            return act(desk)

    def saw(self, kind: str, action: str) -> list[Message]:
        """The messages people saw of one kind about an action, wherever."""
        everywhere = [*self.chat.seen, *self.mail.seen]
        return [m for m in everywhere if any(r.kind == kind and r.action == action for r in m.parcel.body.rows)]

    def twice(self) -> list[str]:
        """Whatever anybody saw twice: the same row at the same place."""
        rows = [
            f"{m.channel} {m.parcel.body.reference} {row.kind} {row_text(row)}"
            for m in (*self.chat.seen, *self.mail.seen)
            for row in m.parcel.body.rows
            if m.parcel.post.kind not in {"card", "alarm"}
        ]
        return sorted({row for row in rows if rows.count(row) > 1})

    def raised(self) -> list[str]:
        """What the management room was told."""
        return [m.parcel.body.rows[0].says for m in (*self.chat.seen, *self.mail.seen) if m.parcel.post.kind == "alarm"]


def _town() -> Directory:
    """Everybody reads mail but the social worker."""
    directory = town(PACK)
    people = (p if p.id == "social_worker" else replace(p, accounts=(*p.accounts, Account("mail", p.id))) for p in directory.people)
    return replace(directory, people=tuple(people))
