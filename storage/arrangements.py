"""Absences, swapped turns of the rota and suspensions, which beat what homeward.yml says."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.records import gathered, insert_all, picking
from storage.tables import ARRANGEMENTS


@dataclass(frozen=True)
class Arrangement:
    """One row. `other`: the delegate of an absence, or who is relieved by a swap; `authority` None: everywhere; `until` None: no end."""

    id: str
    kind: str  # absence, swap, suspension
    person: str
    since: datetime
    entered_by: str
    entered_at: datetime
    other: str | None = None
    authority: str | None = None
    role: str | None = None
    until: datetime | None = None

    def on(self, moment: datetime) -> bool:
        """Whether it holds at a moment."""
        return self.since <= moment and (self.until is None or moment < self.until)


_NOT_OVER = ARRANGEMENTS.c.until.is_(None) | (ARRANGEMENTS.c.until > sa.bindparam("now"))
_CURRENT = picking(Arrangement, ARRANGEMENTS).where(_NOT_OVER).order_by(ARRANGEMENTS.c.since, ARRANGEMENTS.c.id)


def add(session: Session, arrangement: Arrangement) -> None:
    """Record one."""
    insert_all(session, ARRANGEMENTS, [vars(arrangement)])


def current(session: Session, now: datetime) -> list[Arrangement]:
    """Those that hold now or will, in the order in which they begin."""
    return gathered(session, Arrangement, _CURRENT, {"now": now})


def end(session: Session, arrangement_id: str, at: datetime) -> None:
    """It holds no longer; one that had not begun never will."""
    row = ARRANGEMENTS.c.id == arrangement_id
    session.execute(sa.update(ARRANGEMENTS).where(row).values(until=at))
