"""The peer: APScheduler 3 with its SQLAlchemyJobStore, one job a reminder, in a SQLite file that is opened as ours is."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from apscheduler.executors.debug import DebugExecutor
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.util import datetime_to_utc_timestamp

from bench.office import database
from storage.ids import new_id

SENT = sa.Table("sent", sa.MetaData(), *(sa.Column(name, sa.String) for name in ("id", "reference", "at")))
_engine: sa.Engine


def remind(reminder: str) -> None:
    """A job: the null platform takes it, and that is written down, durably."""
    with _engine.begin() as connection:
        connection.execute(SENT.insert(), {"id": reminder, "reference": f"message {reminder}", "at": "2026-02-03T09:00:00Z"})


def fired(due: int, waiting: int) -> float:
    """Milliseconds of processor time a job. Jobs run in the scheduler's own thread, which is cheapest for it."""
    global _engine  # noqa: PLW0603 - a stored job finds its function by name, and the function its database here
    with database(Path("build")) as engine:
        _engine = engine
        SENT.metadata.create_all(engine)
        store = SQLAlchemyJobStore(engine=engine)
        scheduler = BackgroundScheduler(jobstores={"default": store}, executors={"default": DebugExecutor()}, timezone=UTC)
        scheduler.start(paused=True)
        _add(engine, store, scheduler, due, waiting)
        began = time.process_time()
        scheduler.state = 1  # running, and woken by hand
        scheduler._process_jobs()
        spent = time.process_time() - began
        scheduler.shutdown(wait=False)
        with engine.connect() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(SENT)) == due
            assert connection.scalar(sa.select(sa.func.count()).select_from(store.jobs_t)) == waiting - due
    return spent * 1000 / due


def _add(engine: sa.Engine, store: SQLAlchemyJobStore, scheduler: BackgroundScheduler, due: int, waiting: int) -> None:
    now = datetime.now(UTC)
    with engine.begin() as connection:
        for page in _pages(waiting):
            rows = [_row(scheduler, now + timedelta(minutes=-1 if n < due else 60 + n % 1000)) for n in page]
            connection.execute(store.jobs_t.insert(), rows)


def _row(scheduler: BackgroundScheduler, at: datetime) -> dict[str, Any]:
    made = Job(
        scheduler,
        id=new_id(),
        func="bench.timers:remind",
        args=(new_id(),),
        kwargs={},
        name="remind",
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
        trigger=scheduler._create_trigger("date", {"run_date": at}),
        executor="default",
        next_run_time=at,
    )
    return {
        "id": made.id,
        "next_run_time": datetime_to_utc_timestamp(at),
        "job_state": pickle.dumps(made.__getstate__(), pickle.HIGHEST_PROTOCOL),
    }


def _pages(count: int) -> Iterator[tuple[int, ...]]:
    numbers = iter(range(count))
    while page := tuple(islice(numbers, 5000)):
        yield page
