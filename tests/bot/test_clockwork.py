"""The schedule: every cycle runs, one that fails runs again, and the one under way is awaited at the end."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from bot.clockwork import Beat, running
from bot.pulse import Pulse
from storage.errors import Unavailable

OFTEN = timedelta(milliseconds=10)


async def test_cycles_run_at_once_and_again_in_a_thread_of_their_own() -> None:
    ran: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    beat = Beat("cycle", OFTEN, lambda: loop.call_soon_threadsafe(ran.put_nowait, threading.current_thread().name))
    with ThreadPoolExecutor(1, "cycles") as threads:
        async with running([beat], threads):
            names = [await asyncio.wait_for(ran.get(), 10) for _ in range(3)]
    assert {name.split("_")[0] for name in names} == {"cycles"}


async def test_a_cycle_that_fails_is_logged_without_what_it_held_and_runs_again(caplog: pytest.LogCaptureFixture) -> None:
    again = asyncio.Event()
    loop = asyncio.get_running_loop()
    runs = 0

    def fail() -> None:
        nonlocal runs
        runs += 1
        if runs > 1:
            loop.call_soon_threadsafe(again.set)
        raise ValueError("the child's name")

    with ThreadPoolExecutor(1) as threads:
        async with running([Beat("remind", OFTEN, fail)], threads):
            await asyncio.wait_for(again.wait(), 10)
    assert "cycle remind failed: ValueError" in caplog.text
    assert "the child's name" not in caplog.text


async def test_what_is_under_way_is_awaited_at_the_end() -> None:
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    finished: list[bool] = []

    def slow() -> None:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(10)
        finished.append(True)

    with ThreadPoolExecutor(1) as threads:
        async with running([Beat("deliver", timedelta(hours=1), slow)], threads):
            await asyncio.wait_for(begun.wait(), 10)
            loop.call_later(0.05, go_on.set)
    assert finished == [True]


async def test_a_clock_that_is_set_back_stops_no_cycle(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: asyncio.Queue[None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    beat = Beat("remind", timedelta(milliseconds=100), lambda: loop.call_soon_threadsafe(ran.put_nowait, None))
    with ThreadPoolExecutor(1) as threads:
        async with running([beat], threads, glance=0.1):
            await asyncio.wait_for(ran.get(), 10)
            for module in ("apscheduler.schedulers.base.datetime", "apscheduler.triggers.interval.datetime", "bot.clockwork.datetime"):
                monkeypatch.setattr(module, AnHourAgo, raising=False)
            for _ in range(3):
                await asyncio.wait_for(ran.get(), 10)


class AnHourAgo(datetime):
    """What a clock says that was set back by an hour."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "AnHourAgo":
        return super().now(tz) - timedelta(hours=1)


async def test_a_database_that_is_gone_is_said_once_and_that_it_is_back(caplog: pytest.LogCaptureFixture) -> None:
    runs, back, loop = [0], asyncio.Event(), asyncio.get_running_loop()

    def cycle() -> None:
        runs[0] += 1
        if runs[0] <= 6:
            raise Unavailable("The database does not answer.")
        if runs[0] > 12:
            loop.call_soon_threadsafe(back.set)

    with ThreadPoolExecutor(2) as threads:
        async with running([Beat("remind", OFTEN, cycle), Beat("watch", OFTEN, cycle)], threads):
            await asyncio.wait_for(back.wait(), 10)
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == ["The database does not answer."]
    assert caplog.text.count("can be used again") == 1


def test_a_cycle_that_does_not_end_in_time_is_late_and_a_moved_clock_is_noticed() -> None:
    clocks = [0.0, 0.0]
    start = datetime(2026, 2, 2, tzinfo=UTC)
    pulse = Pulse(lambda: clocks[0], lambda: start + timedelta(seconds=clocks[1]))
    pulse.knows("remind", 5)
    assert pulse.jumped() == timedelta(0)
    clocks[:] = [20, 20]
    assert pulse.late() == []
    assert pulse.overdue("remind")
    clocks[:] = [40, 40 - 3600]
    assert pulse.late() == ["remind"]
    assert pulse.jumped() == timedelta(hours=-1)
    pulse.began("remind")
    pulse.ended("remind")
    assert pulse.late() == []
    assert pulse.jumped() == timedelta(0)
