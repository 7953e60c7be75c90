"""What a serving process does by itself: it delivers, watches itself, calls the heartbeat while all is well, and ends politely."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot import heartbeat
from bot.errors import Unusable
from bot.pulse import Pulse
from bot.rounds import Rounds
from handlers.delivery.under_way import UnderWay
from handlers.desk import Desk
from storage.db import transaction
from storage.errors import Unavailable
from tests.delivery.postroom import Postroom
from tests.delivery.unkind import Unkind
from tests.loopback import Handler, serving


@contextmanager
def listener(status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """A web address that remembers who called."""
    called: list[str] = []

    class Answers(Handler):
        def take(self) -> None:
            called.append(self.path)
            self.reply(status, None)

    with serving(Answers) as (_, address):
        yield f"{address}/beat", called


class Clocks:
    """Both clocks of a machine, in the test's hands."""

    def __init__(self) -> None:
        self.elapsed, self.moved = 1000.0, timedelta(0)

    def monotonic(self) -> float:
        return self.elapsed

    def wall(self) -> datetime:
        return datetime(2026, 2, 2, 2, 10, tzinfo=UTC) + timedelta(seconds=self.elapsed) + self.moved


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def room(engine: Engine) -> Postroom:
    room = Postroom(engine, {})
    room.platforms["slack"] = Unkind(lambda: room.now)
    return room


def rounds(room: Postroom, clocks: Clocks, url: str | None = None) -> Rounds:
    @contextmanager
    def desk() -> Iterator[Desk]:
        with transaction(room.engine) as session:
            yield Desk(session, clocks.wall(), room.office)

    pulse = Pulse(clocks.monotonic, clocks.wall)
    return Rounds(desk, room.platforms, UnderWay(clocks.monotonic), pulse, url)


def test_what_waits_goes_out_in_one_round(room: Postroom, clocks: Clocks) -> None:
    card = room.card()
    room.queue(card, *(room.post(str(n), under=card) for n in range(5)))
    rounds(room, clocks).send()
    platform = room.platforms["slack"]
    assert isinstance(platform, Unkind)
    assert len(platform.seen) == 6


def test_a_cycle_that_hangs_and_a_clock_set_back_are_raised_once(room: Postroom, clocks: Clocks, caplog: pytest.LogCaptureFixture) -> None:
    mine = rounds(room, clocks)
    mine.pulse.knows("remind", 5)
    assert mine.check()
    clocks.elapsed += 120
    clocks.moved -= timedelta(hours=1)
    assert not mine.check()
    assert not mine.check()
    said = [
        "Homeward does not get round to its work in time (remind). Tell the administrator.",
        "The clock of a machine was set back by 1 h. Reminders go by it; none is lost or sent twice.",
    ]
    assert sorted(room.alarms()) == said
    assert sorted(record.message for record in caplog.records) == said


def test_after_the_clock_was_set_back_what_was_queued_goes_out_at_once(room: Postroom, clocks: Clocks) -> None:
    mine = rounds(room, clocks)
    mine.check()
    post = replace(room.post(), queued_at=clocks.wall(), send_after=clocks.wall(), wanted_at=clocks.wall())
    room.queue(post)
    clocks.elapsed += 30
    clocks.moved -= timedelta(hours=1)
    mine.send()
    assert room.stored(post).state == "queued"
    mine.check()
    mine.send()
    assert room.stored(post).state == "sent"


def test_a_post_that_does_not_go_out_is_raised_once_in_half_an_hour(room: Postroom, clocks: Clocks) -> None:
    mine = rounds(room, clocks)
    room.queue(*(room.post(f"due {n}") for n in range(3)))
    clocks.elapsed += 600
    for _ in range(3):
        assert not mine.check()
    (sentence,) = room.alarms()
    assert sentence.startswith("3 posts have not gone out for")
    assert sentence.endswith("HW-7F3K. Ring the people they are for.")


def test_the_heartbeat_is_called_while_all_is_on_time_and_falls_silent_when_not(room: Postroom, clocks: Clocks) -> None:
    with listener() as (url, called):
        mine = rounds(room, clocks, url)
        ticking = iter([False] * 3 + [True])

        class Stop(threading.Event):
            def wait(self, timeout: float | None = None) -> bool:
                clocks.elapsed += 60
                return next(ticking)

        mine._watch(Stop(), 30)
        assert called == ["/beat"] * 3
        room.queue(room.post())
        clocks.elapsed += 600
        ticking = iter([False] * 3 + [True])
        mine._watch(Stop(), 30)
        assert called == ["/beat"] * 3


def test_a_heartbeat_that_does_not_answer_harms_nothing() -> None:
    with listener(500) as (url, called):
        assert not heartbeat.beat(url)
        assert called == ["/beat"]
    assert not heartbeat.beat("http://127.0.0.1:1/")
    with pytest.raises(Unusable, match="HOMEWARD_HEARTBEAT_URL"):
        heartbeat.checked("file:///etc/passwd")


def test_with_the_database_gone_the_watch_says_so_and_looks_again(room: Postroom, clocks: Clocks, caplog: pytest.LogCaptureFixture) -> None:
    mine = rounds(room, clocks)
    whole, mine.desks = mine.desks, gone
    assert not mine.check()
    assert not mine.check()
    assert [record.message for record in caplog.records] == ["The database does not answer."]
    mine.desks = whole
    assert mine.check()
    assert "The database can be used again" in caplog.text


def gone() -> AbstractContextManager[Desk]:
    raise Unavailable("The database does not answer.")
