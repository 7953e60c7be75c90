"""Claiming posts: each by one process at a time, in the order people should read them."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.posts import PENDING, ROWS, UNFINISHED, Post
from storage.records import gathered, within
from storage.tables import POSTS, WAITING

_FAR = 20  # how many times the wanted number are looked through, where one lane gets only a few
_NOW = sa.bindparam("now", type_=POSTS.c.send_after.type)
_parent, _earlier = POSTS.alias("parent"), POSTS.alias("earlier")

_parent_unsent = sa.exists().where(_parent.c.id == POSTS.c.parent_id, _parent.c.state.in_(UNFINISHED), _parent.c.reference.is_(None))
# Further up the same thread, due or tried before, and not out: what waits for a later hour holds nobody up.
_before = (_earlier.c.queued_at < POSTS.c.queued_at) | ((_earlier.c.queued_at == POSTS.c.queued_at) & (_earlier.c.id < POSTS.c.id))
_owed = (_earlier.c.state != "queued") | (_earlier.c.send_after <= _NOW) | (_earlier.c.attempt > 0)
_in_thread = (
    (_earlier.c.parent_id == POSTS.c.parent_id)
    & (_earlier.c.place == "thread")
    & _earlier.c.state.in_(UNFINISHED)
    & _earlier.c.reference.is_(None)
)
_earlier_unsent = sa.exists().where(_in_thread, _before, _owed)
# Said with OR, because PostgreSQL would make joins of two plain NOT EXISTS and read every waiting post for each claim.
# What goes another way than its thread (by mail, to a person) waits for nothing in it.
_IN_TURN = POSTS.c.parent_id.is_(None) | (POSTS.c.place != "thread") | POSTS.c.reference.is_not(None) | ~(_parent_unsent | _earlier_unsent)
_ORDER = (POSTS.c.urgent.desc(), POSTS.c.queued_at, POSTS.c.id)


def claim(
    session: Session, now: datetime, limit: int, lease: timedelta, *, besides: Collection[str] = (), a_lane: int | None = None
) -> list[Post]:
    """Take posts to deliver: urgent first, a parent before its replies, and of a thread only the oldest that is not out yet.

    Nothing of the lanes `besides`, and at most `a_lane` of any one. Nobody else gets them until the lease is over. Fresh
    posts come back as `sending`, those to look up as `uncertain`. Ask again until none comes: the next of a thread is
    free once the one before is recorded.
    """
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    until = {"lease": lease} if on_postgresql else {"until": now + lease}
    asked: dict[str, Any] = {"now": now, "at_most": limit, "besides": list(besides)}
    if a_lane is not None:
        asked["ids"] = _a_few_of_each(session, asked, a_lane, on_postgresql)
    posts = gathered(session, Post, _claim(on_postgresql, a_lane is not None), {**asked, **until})
    return sorted(posts, key=lambda post: (not post.urgent, post.queued_at, post.id))


def free_leases(session: Session) -> int:
    """When a process starts: make claimable what a dead one had claimed, to be looked up first; gives how many posts that were.

    On SQLite, which has one process, every lease; on PostgreSQL those that are over.
    """
    if session.get_bind().dialect.name == "postgresql":
        return free_expired(session)
    return _free_those(session, sa.true())


def free_expired(session: Session) -> int:
    """The same while others work: on PostgreSQL leases that are over, or of a length no lease has (the clock was set back)."""
    if session.get_bind().dialect.name != "postgresql":
        return 0
    clock = sa.func.clock_timestamp()
    return _free_those(session, (POSTS.c.lease_until < clock) | (POSTS.c.lease_until > clock + timedelta(hours=1)))


def _free_those(session: Session, which: sa.ColumnElement[bool]) -> int:
    held = sa.update(POSTS).where(PENDING, POSTS.c.lease_until.is_not(None), which)
    return session.connection().execute(held.values(state="uncertain", lease_until=None)).rowcount


def _a_few_of_each(session: Session, asked: dict[str, Any], a_lane: int, on_postgresql: bool) -> list[str]:  # noqa: FBT001
    """Ids of the next in line, not more than `a_lane` of any lane."""
    limit: int = asked["at_most"]
    taken: Counter[str] = Counter()
    chosen = []
    for row in session.execute(_next_in_line(on_postgresql), {**asked, "at_most": limit * _FAR}):
        taken[row.lane] += 1
        if taken[row.lane] <= a_lane:
            chosen.append(row.id)
    return chosen[:limit]


def _free(on_postgresql: bool) -> sa.ColumnElement[bool]:  # noqa: FBT001
    """Leases run on the database's clock, `now` may be moved; SQLite has one process, which frees its leases at start."""
    free: sa.ColumnElement[bool] = POSTS.c.lease_until.is_(None)
    return free | (POSTS.c.lease_until < sa.func.clock_timestamp()) if on_postgresql else free


@cache
def _next_in_line(on_postgresql: bool) -> sa.Select[Any]:  # noqa: FBT001 - one of two databases
    besides = POSTS.c.lane.not_in(sa.bindparam("besides", expanding=True))
    ready = sa.select(POSTS.c.id, POSTS.c.lane).where(WAITING, POSTS.c.send_after <= _NOW, _free(on_postgresql), besides, _IN_TURN)
    return ready.order_by(*_ORDER).limit(sa.bindparam("at_most", type_=sa.Integer))


@cache
def _claim(on_postgresql: bool, by_id: bool) -> sa.Executable:  # noqa: FBT001
    until: sa.ColumnElement[datetime] = sa.bindparam("until", type_=POSTS.c.lease_until.type)
    if on_postgresql:
        until = sa.func.clock_timestamp() + sa.bindparam("lease", type_=sa.Interval)
    picked = _next_in_line(on_postgresql)
    if by_id:
        picked = picked.where(within(POSTS.c.id))
    chosen = picked.with_for_update(skip_locked=True, of=POSTS).cte("chosen")
    fresh = POSTS.c.state == "queued"
    taken = sa.update(POSTS).where(POSTS.c.id.in_(sa.select(chosen.c.id)))
    return taken.values(
        state=sa.case((fresh, "sending"), else_=POSTS.c.state),
        lease_until=until,
        attempt=POSTS.c.attempt + 1,
        tried_at=sa.case((fresh, _NOW), else_=POSTS.c.tried_at),
    ).returning(*ROWS.selected_columns)
