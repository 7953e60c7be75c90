"""How much there is: counts for metrics and for the sheet of open children, without reading anything."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.obligations import count_late
from storage.tables import EPISODES, POSTS, WAITING

STATES = ("queued", "uncertain", "sending")


def waiting_posts(session: Session) -> dict[str, int]:
    """Posts that are not out, by state."""
    waiting = sa.select(POSTS.c.state, sa.func.count()).where(WAITING).group_by(POSTS.c.state)
    leased = sa.select(POSTS.c.state, sa.func.count()).where(POSTS.c.lease_until.is_not(None)).group_by(POSTS.c.state)
    found = dict.fromkeys(STATES, 0)
    for state, count in session.execute(waiting):
        found[state] = count
    for state, count in session.execute(leased):
        if state == "sending":
            found[state] = count
    return found


def open_episodes(session: Session) -> int:
    """Episodes that are neither closed nor void."""
    still = sa.select(sa.func.count()).where(EPISODES.c.status.in_(("open", "located", "returned")))
    return session.scalars(still).one()


def late_obligations(session: Session, now: datetime) -> int:
    """Open duties past their time."""
    return count_late(session, now)
