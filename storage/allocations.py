"""Who holds a role for one child."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.records import put_all, within
from storage.tables import ALLOCATIONS

_OF_CHILD = sa.select(ALLOCATIONS.c.role, ALLOCATIONS.c.person).where(ALLOCATIONS.c.child_id == sa.bindparam("child_id"))

_OF_CHILDREN = sa.select(ALLOCATIONS.c.child_id, ALLOCATIONS.c.role, ALLOCATIONS.c.person).where(within(ALLOCATIONS.c.child_id))


def of_child(session: Session, child_id: str) -> dict[str, str]:
    """The person in each role that somebody was allocated to."""
    rows: dict[str, str] = dict(session.execute(_OF_CHILD, {"child_id": child_id}).all())
    return rows


def of_children(session: Session, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """The same of many children in one statement."""
    found: dict[str, dict[str, str]] = {child_id: {} for child_id in ids}
    for child_id, role, person in session.execute(_OF_CHILDREN, {"ids": ids}):
        found[child_id][role] = person
    return found


def of_person(session: Session, person: str) -> list[tuple[str, str]]:
    """The (child, role) pairs a person is allocated to."""
    chosen = sa.select(ALLOCATIONS.c.child_id, ALLOCATIONS.c.role).where(ALLOCATIONS.c.person == person)
    return [(child_id, role) for child_id, role in session.execute(chosen.order_by(ALLOCATIONS.c.child_id, ALLOCATIONS.c.role))]


def allocate(session: Session, child_id: str, role: str, person: str) -> None:
    """Give a role for this child to a person, in place of whoever had it."""
    put_all(session, ALLOCATIONS, [{"child_id": child_id, "role": role, "person": person}])


def release(session: Session, child_id: str, role: str) -> None:
    """Leave a role for this child without anybody of its own."""
    session.execute(sa.delete(ALLOCATIONS).where(_of(child_id, role)))


def _of(child_id: str, role: str) -> sa.ColumnElement[bool]:
    return (ALLOCATIONS.c.child_id == child_id) & (ALLOCATIONS.c.role == role)
