"""Obligations: the stored rows that derivation is reconciled with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.records import gathered, grouped, lay, picking, update_all, within
from storage.tables import OBLIGATIONS

_KEPT = frozenset({"episode_id", "rule", "nth"})


@dataclass(frozen=True)
class ObligationRow:
    """One row. Change it with `replace` and `update`; (episode, rule, nth) never changes."""

    id: str
    episode_id: str
    rule: str
    nth: int
    action: str
    owner: str
    status: str  # open, met, waived, void
    arises_at: datetime
    known_at: datetime
    due_at: datetime | None = None
    arming: int = 1
    version: int = 1
    completed_at: datetime | None = None


_ROWS = picking(ObligationRow, OBLIGATIONS)
_BY_IDS = _ROWS.where(within(OBLIGATIONS.c.id))
_OF_EPISODES = _ROWS.where(within(OBLIGATIONS.c.episode_id)).order_by(OBLIGATIONS.c.arises_at, OBLIGATIONS.c.rule, OBLIGATIONS.c.nth)


def insert(session: Session, obligations: Iterable[ObligationRow]) -> None:
    """Record new obligations in one statement; a second one of (episode, rule, nth) is an IntegrityError."""
    lay(session, OBLIGATIONS, map(vars, obligations))


def update(session: Session, obligations: Iterable[ObligationRow]) -> None:
    """Write changed rows in one statement, each of which gets the next version; raises Stale if any was changed meanwhile."""
    update_all(session, OBLIGATIONS, map(vars, obligations), _KEPT)


def by_id(session: Session, obligation_id: str) -> ObligationRow | None:
    """The obligation with this id."""
    return next(iter(by_ids(session, [obligation_id])), None)


def by_ids(session: Session, ids: Sequence[str]) -> list[ObligationRow]:
    """The obligations with these ids, in no order: what a post names, before it is sent."""
    return gathered(session, ObligationRow, _BY_IDS, {"ids": ids})


def of_episode(session: Session, episode_id: str) -> list[ObligationRow]:
    """All obligations of an episode, void ones too, in the order they arose."""
    return gathered(session, ObligationRow, _OF_EPISODES, {"ids": [episode_id]})


def of_episodes(session: Session, ids: Sequence[str]) -> dict[str, list[ObligationRow]]:
    """All obligations of many episodes in one statement."""
    return grouped(gathered(session, ObligationRow, _OF_EPISODES, {"ids": ids}), "episode_id", ids)


def count_late(session: Session, now: datetime) -> int:
    """How many open obligations fell due before now."""
    late_ones = sa.select(sa.func.count()).where(OBLIGATIONS.c.status == "open", OBLIGATIONS.c.due_at < now)
    return session.scalars(late_ones).one()


def figures(session: Session, ids: Sequence[str], now: datetime) -> dict[str, tuple[int, int]]:
    """Episode → how many obligations are open there now, and how many of them are late; without those that owe nothing."""
    is_late = sa.case((OBLIGATIONS.c.due_at < now, 1), else_=0)
    arisen = (OBLIGATIONS.c.status == "open") & (OBLIGATIONS.c.arises_at <= now)
    counted = sa.select(OBLIGATIONS.c.episode_id, sa.func.count(), sa.func.sum(is_late)).group_by(OBLIGATIONS.c.episode_id)
    found = session.execute(counted.where(within(OBLIGATIONS.c.episode_id), arisen), {"ids": ids})
    return {episode: (number, int(late_ones)) for episode, number, late_ones in found}
