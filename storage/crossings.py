"""Crossings: each threshold of a child raised exactly once an arming."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from storage.records import gathered, insert_new, picking, within
from storage.tables import CROSSINGS


@dataclass(frozen=True)
class Crossing:
    """One row, unique on (child, rule, arming)."""

    id: str
    child_id: str
    rule: str
    arming: int
    episode_id: str
    at: datetime
    count: int


_OF_CHILDREN = picking(Crossing, CROSSINGS).where(within(CROSSINGS.c.child_id)).order_by(CROSSINGS.c.at, CROSSINGS.c.id)


def add(session: Session, crossing: Crossing) -> bool:
    """Record a crossing; False when it is recorded already."""
    return bool(insert_new(session, CROSSINGS, [vars(crossing)]))


def of_child(session: Session, child_id: str) -> list[Crossing]:
    """The crossings recorded for a child, oldest first."""
    return of_children(session, [child_id])


def of_children(session: Session, ids: Sequence[str]) -> list[Crossing]:
    """The crossings recorded for several children, such as one and those merged with it, oldest first."""
    return gathered(session, Crossing, _OF_CHILDREN, {"ids": ids})
