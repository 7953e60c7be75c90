"""Each thing that breaks: nothing is lost, nothing comes twice, and the operator reads one sentence about it."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from storage.db import reading
from tests.databases import run_on
from tests.delivery.living import Living
from tests.moments import london

MORNING = "2026-02-02 10:00"  # two duties fall due at 14:00: the social worker's, the team manager's


@pytest.fixture
def alive(sqlite: Engine) -> Living:
    return reported(sqlite)


def reported(engine: Engine, start: str = MORNING) -> Living:
    """A child is reported, and it is ten minutes before two duties fall due."""
    living = Living(engine, start)
    living.turn()
    living.report()
    living.live(hours=3, minutes=50, step=840)
    return living


def expect_each_once(living: Living, at: str = "2026-02-02 14:00", within: timedelta = timedelta(minutes=2)) -> None:
    """Both duties were asked for once, soon after `at`, and nobody saw anything twice."""
    for action in ("risk_assessment", "written_briefing"):
        (seen,) = living.saw("due", action)
        assert timedelta(0) <= seen.at - london(at) <= within, f"{action} at {seen.at}"
    assert living.twice() == []


def said(caplog: pytest.LogCaptureFixture, sentence: str) -> int:
    return sum(sentence in record.getMessage() for record in caplog.records)


def test_a_duty_done_while_the_platform_asks_to_wait_is_never_asked_for(alive: Living) -> None:
    alive.chat.wait = 600
    alive.live(minutes=9, seconds=50, step=118)
    alive.chat.mood = lambda call, _parcel: "busy" if call == "send" else "kind"
    alive.live(minutes=5)
    alive.done("risk_assessment", "social_worker")
    alive.live(minutes=5)
    alive.chat.mood = lambda *_: "kind"
    alive.live(minutes=10)
    assert alive.saw("due", "risk_assessment") == []
    assert len(alive.saw("due", "written_briefing")) == 1
    assert alive.twice() == []


def test_a_platform_that_is_down_for_an_hour(alive: Living, caplog: pytest.LogCaptureFixture) -> None:
    alive.chat.mood = lambda *_: "down"
    alive.live(minutes=60, step=120)
    assert [m.channel for m in alive.saw("due", "written_briefing")] == ["@team_manager"]
    assert alive.saw("due", "written_briefing")[0] in alive.mail.seen
    assert alive.saw("due", "risk_assessment") == []  # no address: the sheet says whom to ring
    alive.chat.mood = lambda *_: "kind"
    alive.live(minutes=10)
    expect_each_once(alive, within=timedelta(minutes=55))
    sentence = "Recorded does not work. Urgent posts go by e-mail to whoever has an address"
    assert said(caplog, sentence) == 1
    assert any(sentence in told for told in alive.raised())


def test_a_child_reported_while_the_platform_is_down(alive: Living) -> None:
    alive.chat.mood = lambda *_: "lost"
    alive.report(missing_since="13:00")
    alive.live(minutes=20)
    told = {m.channel for m in alive.mail.seen if m.parcel.body.reference == alive.reference}
    assert "@team_manager" in told
    alive.chat.mood = lambda *_: "kind"
    alive.live(minutes=20)
    cards = [m for m in alive.chat.seen if m.parcel.post.kind == "card" and m.parcel.body.reference == alive.reference]
    assert len(cards) == 1
    assert alive.twice() == []


def test_a_full_disk(sqlite: Engine, caplog: pytest.LogCaptureFixture) -> None:
    alive = reported(sqlite)

    def fill(connection: sqlite3.Connection, _entry: object) -> None:
        connection.execute(f"PRAGMA max_page_count={connection.execute('PRAGMA page_count').fetchone()[0]}")

    with closing(sqlite3.connect(str(sqlite.url.database))) as other:
        other.execute("VACUUM")  # no room is left in the file either
    sqlite.dispose()
    sa.event.listen(sqlite, "connect", fill)
    alive.live(minutes=30, step=120)
    assert alive.saw("due", "risk_assessment") == []
    sa.event.remove(sqlite, "connect", fill)
    sqlite.dispose()
    alive.live(minutes=5)
    expect_each_once(alive, within=timedelta(minutes=22))
    assert said(caplog, "The disk is full; nothing can be saved until there is room.") == 1
    assert said(caplog, "The database can be used again") == 1


def test_a_database_that_is_gone_and_comes_back(postgresql: Engine, server: str, caplog: pytest.LogCaptureFixture) -> None:
    alive = reported(postgresql)
    name = postgresql.url.database
    run_on(server, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    run_on(server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    alive.live(minutes=30, step=300)
    run_on(server, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    alive.live(minutes=5)
    expect_each_once(alive, within=timedelta(minutes=22))
    assert said(caplog, "The database does not answer.") == 1
    assert said(caplog, "The database can be used again") == 1


def test_a_database_that_another_program_holds(sqlite: Engine, caplog: pytest.LogCaptureFixture) -> None:
    alive = reported(sqlite)
    with closing(sqlite3.connect(str(sqlite.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        alive.live(minutes=14, step=200)
    alive.live(minutes=5)
    expect_each_once(alive, within=timedelta(minutes=6))
    assert said(caplog, "Somebody else has held the database for too long.") == 1
    assert said(caplog, "The database can be used again") == 1


def test_a_clock_set_back_an_hour_after_the_pings(alive: Living, caplog: pytest.LogCaptureFixture) -> None:
    alive.live(minutes=12)
    expect_each_once(alive)
    alive.moved = timedelta(hours=-1)
    alive.live(minutes=90, step=150)
    expect_each_once(alive)
    sentence = "The clock of a machine was set back by 1 h. Reminders go by it; none is lost or sent twice."
    assert said(caplog, sentence) == 1
    assert alive.raised().count(sentence) == 1


def test_a_clock_set_back_an_hour_just_before_the_pings(alive: Living) -> None:
    alive.live(minutes=5)
    alive.moved = timedelta(hours=-1)
    alive.live(minutes=70, step=120)
    expect_each_once(alive)


@pytest.mark.parametrize(
    "evening",
    ["2026-03-28 22:30", "2026-10-24 22:30"],
)
def test_the_two_nights_on_which_clocks_change(sqlite: Engine, evening: str) -> None:
    alive = reported(sqlite, evening)
    alive.live(hours=10, step=600)
    seen = alive.saw("due", "risk_assessment")
    assert [m.at - alive.start for m in seen] == [timedelta(hours=4)]
    assert alive.twice() == []
    digests = [m for m in alive.chat.seen if m.parcel.post.kind == "digest" and m.channel == "@social_worker"]
    assert len({m.at.date() for m in digests}) == len(digests)


def test_an_outage_of_hours_is_caught_up_with_in_several_runs_and_said_in_one_sentence(sqlite: Engine) -> None:
    alive = reported(sqlite)
    for n in range(20):
        alive.report(missing_since="13:00", case_reference=f"C{n}")
    alive.turn()
    alive.elapsed += 9 * 3600
    alive.begin()
    alive.rounds.at_once = 1
    alive.rounds.pulse.monotonic = alive.hurrying(2)
    runs = 0
    while len(alive.raised()) == 0:
        alive.turn()
        runs += 1
    assert runs > 1
    alive.rounds.pulse.monotonic = lambda: alive.elapsed
    alive.live(minutes=20, step=60)
    assert alive.twice() == []
    (sentence,) = alive.raised()
    assert sentence.startswith("Homeward was down from Mon 2 Feb 13:50 to Mon 2 Feb 22:5")


def test_a_process_that_is_ended_politely_while_a_platform_hangs_leaves_what_the_next_one_finds(alive: Living) -> None:
    alive.chat.mood = lambda call, _parcel: "dropped" if call == "send" else "kind"  # delivered, and nobody heard of it
    alive.live(minutes=11)
    alive.rounds.finish()
    alive.begin()
    alive.chat.mood = lambda *_: "kind"
    alive.live(minutes=5)
    expect_each_once(alive)
    with reading(alive.engine) as session:
        left = session.connection().exec_driver_sql("SELECT count(*) FROM posts WHERE state NOT IN ('sent', 'superseded')").scalar()
    assert left == 0
