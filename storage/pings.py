"""Pings: each rung of each obligation reached once, whoever gets there first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from storage import records
from storage.records import gathered, grouped, insert_new, picking, within
from storage.tables import PINGS


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
_OF_POSTS = _ROWS.where(within(PINGS.c.post_id))


def add(session: Session, ping: Ping) -> bool:
    """Record a ping; False when it is recorded already."""
    return bool(add_all(session, [ping]))


def add_all(session: Session, pings: Iterable[Ping]) -> set[str]:
    """Record pings in one statement; gives the ids of those that were new, the others had gone out before."""
    return insert_new(session, PINGS, map(vars, pings))


def lay(session: Session, pings: Iterable[Ping]) -> None:
    """Record pings of which nobody asks whether they were new."""
    records.lay(session, PINGS, map(vars, pings), if_free=True)


def of_episode(session: Session, episode_id: str) -> list[Ping]:
    """All pings of an episode, oldest first."""
    return of_episodes(session, [episode_id])[episode_id]


def of_episodes(session: Session, ids: Sequence[str]) -> dict[str, list[Ping]]:
    """All pings of many episodes in one statement."""
    return grouped(gathered(session, Ping, _OF_EPISODES, {"ids": ids}), "episode_id", ids)


def of_post(session: Session, post_id: str) -> list[Ping]:
    """The pings that one post carries."""
    return of_posts(session, [post_id])[post_id]


def of_posts(session: Session, ids: Sequence[str]) -> dict[str, list[Ping]]:
    """The pings of many posts in one statement."""
    return grouped(gathered(session, Ping, _OF_POSTS, {"ids": ids}), "post_id", ids)
