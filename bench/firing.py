"""A thousand pings that fall due at one moment, planned, delivered and written down, among very many open obligations."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine

from bench import timers
from bench.crowd import Pattern, copies, pattern
from bench.line import Line
from bench.office import AUTHORITY, database, office
from handlers.clock import step_to
from handlers.cycles.deliver import deliver
from handlers.cycles.remind import remind
from handlers.desk import Desk, Desks, Office
from handlers.frontdesk import hearing, submitting
from handlers.incoming import Said, Submitted
from handlers.outgoing import Answer, Form, Sent
from handlers.ports import Parcel
from storage.db import reading, transaction

PACK = "bury@2024-06-21"
REPORTED = datetime(2026, 2, 2, 9, tzinfo=UTC)
MARK = REPORTED + timedelta(hours=24)  # a day missing: the moment at which a protocol asks most
PINGS, FEW, MANY, MOST = 1000, 1000, 100_000, 1_000_000
PEER_BAR, GROWTH_BAR = 0.25, 1.3
ROUNDS = 4


class Null:
    """A platform that takes everything at once."""

    def send(self, parcel: Parcel) -> Sent:
        return Sent(parcel.post.id, MARK)

    update = send

    def look_up(self, parcel: Parcel) -> Sent | None:
        return None


def measure() -> list[Line]:
    """A ping's processor time among 100,000 open obligations beside a job of APScheduler's, and how it grows."""
    few = _best(FEW)
    many, theirs = _by_turns()
    most = _best(MOST)
    return [
        Line(f"a due ping among {MANY:,}, plan to recorded delivery, CPU", many, theirs.plan + theirs.fire, "ms", PEER_BAR),
        Line(f"the same among {MANY:,} beside {FEW:,}, CPU", many, few, "ms", GROWTH_BAR),
        Line(f"the same among {MOST:,} beside {FEW:,}, CPU", most, few, "ms", GROWTH_BAR),
    ]


def _by_turns() -> tuple[float, timers.Spent]:
    """Ours and the peer's, the best thousand of each: one of ours, then one of theirs, so that a busy machine is as busy for both."""
    with _among(MANY) as ours, timers.waiting(MANY) as peer:
        rounds = [(ours(), peer(PINGS)) for _ in range(ROUNDS)]
    theirs = [other for _, other in rounds]
    return min(mine for mine, _ in rounds), timers.Spent(min(o.plan for o in theirs), min(o.fire for o in theirs))


def _best(obligations: int) -> float:
    with _among(obligations) as fire:
        return min(fire() for _ in range(ROUNDS))


@contextmanager
def _among(obligations: int) -> Iterator[Callable[[], float]]:
    """So many open obligations; gives what fires a thousand pings and says how many milliseconds of processor time each took."""
    bench = office(PACK)
    with database(Path("build")) as engine:
        one = story(engine, bench)
        due = -(-PINGS // _pings_at_the_mark(engine, bench))
        later = max(obligations // one.open_obligations - due, 0)
        copies(engine, bench.vault, AUTHORITY, one, [timedelta(), *(timedelta(hours=1 + n % 20) for n in range(later))][: later + 1])
        yield lambda: _fired(engine, bench, one, due)


def story(engine: Engine, bench: Office) -> Pattern:
    """A looked-after child is reported; everything that is asked until a minute before the mark was sent."""
    at = _desks(engine, bench, REPORTED)
    with at() as desk:
        form = hearing.hear(Said("report", "edt"), desk)
        assert isinstance(form, Form)
        values = {f.id: f.value for f in form.fields} | {"case_reference": "CS-1", "missing_since": "09:00", "care_status": "looked_after"}
        answer = submitting.submit(Submitted(form.id, values, "edt", dict(form.context)), desk)
        assert isinstance(answer, Answer), answer
    step_to(lambda now: _desks(engine, bench, now), {"null": Null()}, REPORTED, MARK - timedelta(minutes=1))
    return pattern(engine, bench.vault, AUTHORITY)


def _pings_at_the_mark(engine: Engine, bench: Office) -> int:
    """How many the first child's mark brings; it is passed by doing it."""
    before = _count(engine, "pings")
    _turn(_desks(engine, bench, MARK))
    return _count(engine, "pings") - before


def _fired(engine: Engine, bench: Office, one: Pattern, due: int) -> float:
    copies(engine, bench.vault, AUTHORITY, one, [timedelta()] * due)
    before = _count(engine, "pings")
    began = time.process_time()
    _turn(_desks(engine, bench, MARK))
    spent = time.process_time() - began
    made, unsent = _count(engine, "pings") - before, _count(engine, "posts WHERE state <> 'sent'")
    assert made >= PINGS, made
    assert not unsent, unsent
    return spent * 1000 / made


def _turn(desks: Desks) -> None:
    """What the cycles do until nothing is left to do at this moment."""
    while remind(desks) + deliver(desks, {"null": Null()}):
        pass


def _desks(engine: Engine, bench: Office, now: datetime) -> Desks:
    @contextmanager
    def desk() -> Iterator[Desk]:
        with transaction(engine) as session:
            yield Desk(session, now, bench)

    return desk


def _count(engine: Engine, what: str) -> int:
    with reading(engine) as session:
        return int(session.scalar(sa.text(f"SELECT count(*) FROM {what}")) or 0)
