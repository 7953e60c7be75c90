"""Whether a machine's clock goes with the database's: several machines share one, and what is due goes by their own."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

APART = timedelta(minutes=2)  # more than that nobody's time service lets pass; at 15 minutes it would look like an outage


def apart(session: Session, now: datetime) -> str | None:
    """A sentence when the clocks differ by too much; a SQLite file has only one."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    theirs: datetime = session.scalars(sa.select(sa.func.clock_timestamp())).one()
    off = now - theirs
    if abs(off) <= APART:
        return None
    which = "ahead of" if off > timedelta() else "behind"
    return f"the clock of this machine is {round(abs(off) / timedelta(minutes=1))} min {which} the database's: mend its time service"
