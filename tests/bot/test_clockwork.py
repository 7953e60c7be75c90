"""The schedule: every cycle runs, one that fails runs again, and the one under way is awaited at the end."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.clockwork import Beat, running

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
