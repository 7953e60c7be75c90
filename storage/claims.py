"""Claiming posts: each by one process at a time, in the order people should read them."""

from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.posts import PENDING, ROWS, UNFINISHED, Post
from storage.records import gathered
from storage.tables import POSTS, WAITING

_NOW = sa.bindparam("now", type_=POSTS.c.send_after.type)
_parent, _earlier = POSTS.alias("parent"), POSTS.alias("earlier")

_parent_unsent = sa.exists().where(_parent.c.id == POSTS.c.parent_id, _parent.c.state.in_(UNFINISHED), _parent.c.reference.is_(None))
# Further up the same thread, due or tried before, and not out: what waits for a later hour holds nobody up.
_before = (_earlier.c.queued_at < POSTS.c.queued_at) | ((_earlier.c.queued_at == POSTS.c.queued_at) & (_earlier.c.id < POSTS.c.id))
_owed = (_earlier.c.state != "queued") | (_earlier.c.send_after <= _NOW) | (_earlier.c.attempt > 0)
_in_thread = (_earlier.c.parent_id == POSTS.c.parent_id) & _earlier.c.state.in_(UNFINISHED) & _earlier.c.reference.is_(None)
_earlier_unsent = sa.exists().where(_in_thread, _before, _owed)
# Said with OR, because PostgreSQL would make joins of two plain NOT EXISTS and read every waiting post for each claim.
_IN_TURN = POSTS.c.parent_id.is_(None) | POSTS.c.reference.is_not(None) | ~(_parent_unsent | _earlier_unsent)


def claim(session: Session, now: datetime, limit: int, lease: timedelta) -> list[Post]:
    """Take posts to deliver: urgent first, a parent before its replies, and of a thread only the oldest that is not out yet.

    Nobody else gets them until the lease is over. Fresh posts come back as `sending`, those to look up as `uncertain`.
    Ask again until none comes: the next of a thread is free once the one before is recorded.
    """
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    until = {"lease": lease} if on_postgresql else {"until": now + lease}
    posts = gathered(session, Post, _claim(on_postgresql), {"now": now, "at_most": limit, **until})
    return sorted(posts, key=lambda post: (not post.urgent, post.queued_at, post.id))


def free_leases(session: Session) -> int:
    """Make claimable what a dead process had claimed, to be looked up first; gives how many posts that were.

    On PostgreSQL those whose lease is over, on every cycle. On SQLite all of them: once, at start.
    """
    held = PENDING & POSTS.c.lease_until.is_not(None)
    if session.get_bind().dialect.name == "postgresql":
        held &= POSTS.c.lease_until < sa.func.clock_timestamp()
    return session.connection().execute(sa.update(POSTS).where(held).values(state="uncertain", lease_until=None)).rowcount


@cache
def _claim(on_postgresql: bool) -> sa.Executable:  # noqa: FBT001 - one of two databases
    """Leases run on the database's clock, `now` may be moved; SQLite has one process, which frees its leases at start."""
    free: sa.ColumnElement[bool] = POSTS.c.lease_until.is_(None)
    until: sa.ColumnElement[datetime] = sa.bindparam("until", type_=POSTS.c.lease_until.type)
    if on_postgresql:
        free |= POSTS.c.lease_until < sa.func.clock_timestamp()
        until = sa.func.clock_timestamp() + sa.bindparam("lease", type_=sa.Interval)
    picked = sa.select(POSTS.c.id).where(WAITING, POSTS.c.send_after <= _NOW, free, _IN_TURN)
    picked = picked.order_by(POSTS.c.urgent.desc(), POSTS.c.queued_at, POSTS.c.id).limit(sa.bindparam("at_most", type_=sa.Integer))
    chosen = picked.with_for_update(skip_locked=True, of=POSTS).cte("chosen")
    state = sa.case((POSTS.c.state == "queued", "sending"), else_=POSTS.c.state)
    taken = sa.update(POSTS).where(POSTS.c.id.in_(sa.select(chosen.c.id)))
    return taken.values(state=state, lease_until=until, attempt=POSTS.c.attempt + 1).returning(*ROWS.selected_columns)
