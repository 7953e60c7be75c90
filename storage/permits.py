"""Permits of an episode: who may see it though it is restricted or another authority's, who may not, and what must be kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.records import gathered, insert_all, picking, within
from storage.tables import PERMITS


@dataclass(frozen=True)
class Permit:
    """One row. kind: named, asked, glass, barred, shared (`who` is an authority), hold. `until` None: no end."""

    id: str
    kind: str
    episode_id: str
    who: str
    since: datetime
    entered_by: str
    until: datetime | None = None
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None

    def on(self, moment: datetime) -> bool:
        """Whether it holds at a moment."""
        return self.since <= moment and (self.until is None or moment < self.until)


_ALL = picking(Permit, PERMITS)
_ORDER = (PERMITS.c.since, PERMITS.c.id)
_OF_EPISODES = _ALL.where(within(PERMITS.c.episode_id)).order_by(*_ORDER)
_OF = _ALL.where(PERMITS.c.who == sa.bindparam("who"), PERMITS.c.kind == sa.bindparam("kind")).order_by(*_ORDER)


def add(session: Session, permit: Permit) -> None:
    """Record one."""
    insert_all(session, PERMITS, [vars(permit)])


def of_episode(session: Session, episode_id: str) -> list[Permit]:
    """Every permit of an episode, those that are over among them, in the order they began."""
    return of_episodes(session, [episode_id])


def of_episodes(session: Session, ids: Sequence[str]) -> list[Permit]:
    """The same of several."""
    return gathered(session, Permit, _OF_EPISODES, {"ids": list(ids)})


def shared_with(session: Session, authority: str) -> list[Permit]:
    """What other authorities share, or shared, with this one."""
    return gathered(session, Permit, _OF, {"who": authority, "kind": "shared"})


def unreviewed(session: Session) -> list[Permit]:
    """Every broken glass that nobody has reviewed."""
    chosen = _ALL.where(PERMITS.c.kind == "glass", PERMITS.c.reviewed_at.is_(None)).order_by(*_ORDER)
    return gathered(session, Permit, chosen)


def end(session: Session, ids: Sequence[str], at: datetime) -> None:
    """They hold no longer."""
    session.execute(sa.update(PERMITS).where(PERMITS.c.id.in_(ids)).values(until=at))


def review(session: Session, permit_id: str, by: str, at: datetime) -> None:
    """Somebody looked at why it was given."""
    session.execute(sa.update(PERMITS).where(PERMITS.c.id == permit_id).values(reviewed_by=by, reviewed_at=at))
