"""Which cycle runs how often. The schedule holds no state: what is due is in the database, and a run that was missed is caught up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.pulse import Pulse

DEFAULTS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
GLANCE = 5.0  # seconds from one look at the cycles to the next


@dataclass(frozen=True)
class Beat:
    """A cycle and the time from one run to the next."""

    name: str
    every: timedelta
    run: Callable[[], object]


@asynccontextmanager
async def running(beats: Sequence[Beat], executor: Executor, pulse: Pulse | None = None, glance: float = GLANCE) -> AsyncIterator[None]:
    """Run the cycles, first at once, each in a thread of the executor; at the end the one under way is awaited."""
    pulse = pulse or Pulse()
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=DEFAULTS)
    under_way: set[asyncio.Task[None]] = set()
    for beat in beats:
        pulse.knows(beat.name, beat.every.total_seconds())
        scheduler.add_job(
            _in_thread(beat, executor, under_way, pulse),
            "interval",
            seconds=beat.every.total_seconds(),
            id=beat.name,
            next_run_time=datetime.now(UTC),
        )
    scheduler.start()
    nudging = asyncio.create_task(_nudge(scheduler, beats, pulse, glance))
    try:
        yield
    finally:
        nudging.cancel()
        scheduler.pause()
        await asyncio.gather(*under_way, nudging, return_exceptions=True)  # to shut down first would cancel them
        scheduler.shutdown(wait=False)


def _in_thread(beat: Beat, executor: Executor, under_way: set[asyncio.Task[None]], pulse: Pulse) -> Callable[[], object]:
    async def run() -> None:
        task = asyncio.current_task()
        if task:
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        failed: Exception | None = None
        pulse.began(beat.name)
        try:
            await asyncio.get_running_loop().run_in_executor(executor, beat.run)
        except Exception as error:  # noqa: BLE001 - the next run is the retry
            failed = error
        pulse.ended(beat.name, failed)

    return run


async def _nudge(scheduler: AsyncIOScheduler, beats: Sequence[Beat], pulse: Pulse, glance: float) -> None:
    """The schedule goes by the wall clock, and waits for as long as that is set back; this goes by the other one."""
    while True:
        await asyncio.sleep(glance)
        for beat in beats:
            if pulse.overdue(beat.name):
                scheduler.modify_job(beat.name, next_run_time=datetime.now(UTC))
