"""What waits for somebody's answer, and what they answered."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.records import first, gathered, insert_all, picking, update_all, within
from storage.tables import ASKS
from storage.tables.asks import CHASED

_KEPT = frozenset({"authority", "kind", "group_id", "episode_id", "asked_by", "asked_at"})
WAITING = frozenset({"waiting", "questioned"})


@dataclass(frozen=True)
class Ask:
    """One thing put to a person, or to whoever holds a role. Change it with `replace` and `update`.

    `rung` is how far it has been chased, `next_at` when it is chased next; None: no more.
    """

    id: str
    authority: str
    kind: str  # handover, approval, submission
    group_id: str
    asked_by: str
    asked_at: datetime
    episode_id: str | None = None
    about: dict[str, Any] = field(default_factory=dict)
    role: str | None = None
    person: str | None = None
    due_at: datetime | None = None
    state: str = "waiting"  # waiting, questioned, accepted, refused, withdrawn
    rung: int = 0
    next_at: datetime | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    post_id: str | None = None
    version: int = 1

    @property
    def open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.state in WAITING


_ROWS = picking(Ask, ASKS)
_ORDER = (ASKS.c.asked_at, ASKS.c.id)
_BY_ID = _ROWS.where(ASKS.c.id == sa.bindparam("id"))
_OF_GROUP = _ROWS.where(within(ASKS.c.group_id)).order_by(*_ORDER)
_OF_EPISODE = _ROWS.where(ASKS.c.episode_id == sa.bindparam("episode_id")).order_by(*_ORDER)
_OPEN = ASKS.c.state.in_(sorted(WAITING))
_OPEN_OF = _ROWS.where(_OPEN, ASKS.c.authority == sa.bindparam("authority")).order_by(*_ORDER)
_NEXT = sa.select(sa.func.min(ASKS.c.next_at)).where(CHASED)


def add_all(session: Session, asks: Iterable[Ask]) -> None:
    """Record new ones."""
    insert_all(session, ASKS, map(vars, asks))


def update(session: Session, asks: Iterable[Ask]) -> None:
    """Write changed ones; raises Stale when somebody else was faster."""
    update_all(session, ASKS, map(vars, asks), _KEPT)


def by_id(session: Session, ask_id: str, *, lock: bool = False) -> Ask | None:
    """The one with this id; `lock` holds it until the transaction ends."""
    return first(session, Ask, _BY_ID.with_for_update() if lock else _BY_ID, {"id": ask_id})


def of_group(session: Session, group: str) -> list[Ask]:
    """Everything that was asked together."""
    return gathered(session, Ask, _OF_GROUP, {"ids": [group]})


def of_episode(session: Session, episode_id: str) -> list[Ask]:
    """Everything asked about an episode, oldest first."""
    return gathered(session, Ask, _OF_EPISODE, {"episode_id": episode_id})


def open_of(session: Session, authority: str) -> list[Ask]:
    """Everything that waits for an answer in an authority, oldest first."""
    return gathered(session, Ask, _OPEN_OF, {"authority": authority})


def partners_in_handover(session: Session, authority: str, person: str) -> list[str]:
    """Whom somebody handed over to the last time, then who handed over to them the last time."""
    last = sa.select(ASKS.c.person, ASKS.c.asked_by).where(ASKS.c.authority == authority, ASKS.c.kind == "handover")
    last = last.order_by(ASKS.c.asked_at.desc()).limit(1)
    given, had = (
        session.execute(last.where(ASKS.c.asked_by == person)).first(),
        session.execute(last.where(ASKS.c.person == person)).first(),
    )
    return [other for other in (given and given.person, had and had.asked_by) if other]


def to_chase(session: Session, now: datetime, limit: int) -> list[Ask]:
    """What is to be chased by now, held until the transaction ends."""
    chosen = _ROWS.where(CHASED, ASKS.c.next_at <= now).order_by(ASKS.c.next_at, ASKS.c.id).limit(limit)
    return gathered(session, Ask, chosen.with_for_update(skip_locked=True))


def next_chase(session: Session) -> datetime | None:
    """When anything is chased next."""
    earliest: datetime | None = session.scalar(_NEXT)
    return earliest
