"""The peer: APScheduler 3 with its SQLAlchemyJobStore, one job a reminder, in a SQLite file whose commits are as durable as ours."""

from __future__ import annotations

import pickle
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from apscheduler.executors.debug import DebugExecutor
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.util import datetime_to_utc_timestamp

from storage.ids import new_id

SENT = sa.Table(
    "sent",
    sa.MetaData(),
    sa.Column("id", sa.String, primary_key=True),
    *(sa.Column(name, sa.String, nullable=False) for name in ("episode", "kind", "addressee", "channel", "reference")),
    sa.Column("sent_at", sa.DateTime, nullable=False),
)
SAYS = "HW-7F3K · due now: Write a briefing for the director (BURY-57): the team manager owes it, due Tue 3 Feb 09:00"
REMINDER = {"episode": "HW-7F3K", "kind": "due", "to": "team_manager", "channel": "C0000001", "text": SAYS}
_engine: sa.Engine


class Spent(NamedTuple):
    """Milliseconds of processor time a reminder took: until its job was stored, and from then to its recorded delivery."""

    plan: float
    fire: float


def remind(reminder: str, episode: str, kind: str, to: str, channel: str, text: str) -> None:
    """A job, which knows all that it needs: the null platform takes the text, and that is written down, durably."""
    row = {"id": reminder, "episode": episode, "kind": kind, "addressee": to, "channel": channel, "reference": _send(channel, text)}
    with _engine.begin() as connection:
        connection.execute(SENT.insert(), row | {"sent_at": datetime.now(UTC)})


def _send(channel: str, text: str) -> str:
    return f"{channel}:{len(text)}"


@contextmanager
def waiting(jobs: int) -> Iterator[Callable[[int], Spent]]:
    """So many jobs for later; gives what plans and fires some more that are due, and says what each took.

    They run in the scheduler's own thread, which is cheapest for it.
    """
    global _engine  # noqa: PLW0603 - a stored job finds its function by name, and the function its database here
    with tempfile.TemporaryDirectory(dir=Path("build")) as folder:
        _engine = durable(f"sqlite:///{folder}/jobs.db")
        SENT.metadata.create_all(_engine)
        store = SQLAlchemyJobStore(engine=_engine)
        scheduler = BackgroundScheduler(jobstores={"default": store}, executors={"default": DebugExecutor()}, timezone=UTC)
        scheduler.start(paused=True)
        _add(store, scheduler, jobs)
        yield lambda due: _fired(store, scheduler, due)
        scheduler.shutdown(wait=False)
        _engine.dispose()


def durable(url: str) -> sa.Engine:
    """An engine as it comes, on a file whose commits are as durable as ours."""
    engine = sa.create_engine(url)

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _entry: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    return engine


def _fired(store: SQLAlchemyJobStore, scheduler: BackgroundScheduler, due: int) -> Spent:
    before, left = _count(SENT), _count(store.jobs_t)
    at = datetime.now(UTC) - timedelta(hours=1)
    began = time.process_time()
    for _ in range(due):
        scheduler.add_job("bench.timers:remind", "date", args=(new_id(),), kwargs=REMINDER, run_date=at, misfire_grace_time=None)
    planned = time.process_time()
    scheduler.state = 1  # running, and woken by hand
    scheduler._process_jobs()
    fired = time.process_time()
    scheduler.state = 2
    assert _count(SENT) - before == due
    assert _count(store.jobs_t) == left
    return Spent((planned - began) * 1000 / due, (fired - planned) * 1000 / due)


def _count(table: sa.Table) -> int:
    with _engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def _add(store: SQLAlchemyJobStore, scheduler: BackgroundScheduler, jobs: int) -> None:
    """Those for later, as rows of its table: a hundred thousand calls would take a minute, and nobody counts them."""
    later = datetime.now(UTC) + timedelta(hours=1)
    with _engine.begin() as connection:
        for page in _pages(jobs):
            connection.execute(store.jobs_t.insert(), [_row(scheduler, later + timedelta(seconds=n % 1000)) for n in page])


def _row(scheduler: BackgroundScheduler, at: datetime) -> dict[str, Any]:
    made = Job(
        scheduler,
        id=new_id(),
        func="bench.timers:remind",
        args=(new_id(),),
        kwargs=REMINDER,
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
