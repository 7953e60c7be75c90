"""How many processes share the work, and with it what the platforms allow all of them together."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.tables import PROCESSES

GONE_AFTER = timedelta(minutes=1)
_NOW = sa.func.clock_timestamp()


def seen(session: Session, process: str) -> int:
    """Note that a process is alive; gives how many were in the last minute. A SQLite file has one."""
    if session.get_bind().dialect.name != "postgresql":
        return 1
    session.execute(sa.delete(PROCESSES).where(PROCESSES.c.seen_at < _NOW - GONE_AFTER))
    if not session.connection().execute(sa.update(PROCESSES).where(PROCESSES.c.id == process).values(seen_at=_NOW)).rowcount:
        session.execute(PROCESSES.insert().values(id=process, seen_at=_NOW))
    return session.scalars(sa.select(sa.func.count()).select_from(PROCESSES)).one()


def left(session: Session, process: str) -> None:
    """A process ends; the others need not wait until they miss it."""
    session.execute(sa.delete(PROCESSES).where(PROCESSES.c.id == process))
