"""Pings: each rung of each obligation reached once, whoever gets there first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import records
from storage.records import gathered, grouped, insert_new, picking, within
from storage.tables import OBLIGATIONS, PINGS


@dataclass(frozen=True)
class Ping:
    """One row, unique on (episode, rule, nth, rung, addressee, arming)."""

    id: str
    episode_id: str
    rule: str
    nth: int
    rung: str
    addressee: str
    arming: int
    kind: str
    at: datetime
    obligation_id: str | None = None
    post_id: str | None = None


_ROWS = picking(Ping, PINGS).order_by(PINGS.c.at, PINGS.c.id)
_OF_EPISODES = _ROWS.where(within(PINGS.c.episode_id))
_with_status = sa.select(PINGS.c.post_id, PINGS.c.obligation_id, OBLIGATIONS.c.status)
_ASKED_BY = _with_status.outerjoin(OBLIGATIONS, OBLIGATIONS.c.id == PINGS.c.obligation_id).where(within(PINGS.c.post_id))


def add(session: Session, ping: Ping) -> bool:
    """Record a ping; False when it is recorded already."""
    return bool(add_all(session, [ping]))


def add_all(session: Session, pings: Iterable[Ping]) -> set[str]:
    """Record pings in one statement; gives the ids of those that were new, the others had gone out before."""
    return insert_new(session, PINGS, map(vars, pings))


def lay(session: Session, pings: Iterable[Ping]) -> None:
    """Record pings of which nobody asks whether they were new."""
    records.lay(session, PINGS, map(vars, pings), if_free=True)


def carried(ping: Ping, post_id: str) -> Ping:
    """The ping as the post carries it."""
    return records.changed(ping, post_id=post_id)


def of_episode(session: Session, episode_id: str) -> list[Ping]:
    """All pings of an episode, oldest first."""
    return of_episodes(session, [episode_id])[episode_id]


def of_episodes(session: Session, ids: Sequence[str]) -> dict[str, list[Ping]]:
    """All pings of many episodes in one statement."""
    return grouped(gathered(session, Ping, _OF_EPISODES, {"ids": ids}), "episode_id", ids)


def asked_by(session: Session, ids: Sequence[str]) -> dict[str, dict[str | None, str | None]]:
    """By post, the obligations that its pings are about with how each stands now; None for a ping about none."""
    found: dict[str, dict[str | None, str | None]] = {post_id: {} for post_id in ids}
    for post_id, obligation, status in session.execute(_ASKED_BY, {"ids": ids}):
        found[post_id][obligation] = status
    return found
