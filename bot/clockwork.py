"""Which cycle runs how often. The schedule holds no state: what is due is in the database, and a run that was missed is caught up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)
DEFAULTS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


@dataclass(frozen=True)
class Beat:
    """A cycle and the time from one run to the next."""

    name: str
    every: timedelta
    run: Callable[[], object]


@asynccontextmanager
async def running(beats: Sequence[Beat], executor: Executor) -> AsyncIterator[None]:
    """Run the cycles, first at once, each in a thread of the executor; at the end the one under way is awaited."""
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=DEFAULTS)
    under_way: set[asyncio.Task[None]] = set()
    for beat in beats:
        scheduler.add_job(
            _in_thread(beat, executor, under_way),
            "interval",
            seconds=beat.every.total_seconds(),
            id=beat.name,
            next_run_time=datetime.now(UTC),
        )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.pause()
        await asyncio.gather(*under_way, return_exceptions=True)  # to shut down first would cancel them
        scheduler.shutdown(wait=False)


def _in_thread(beat: Beat, executor: Executor, under_way: set[asyncio.Task[None]]) -> Callable[[], object]:
    async def run() -> None:
        task = asyncio.current_task()
        if task:
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        try:
            await asyncio.get_running_loop().run_in_executor(executor, beat.run)
        except Exception as error:  # noqa: BLE001 - the next run is the retry
            log.error("cycle %s failed: %s", beat.name, type(error).__name__)

    return run
