"""The outbox: posts queued in the transaction that caused them, claimed, sent, edited to their end."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.posts import PENDING, ROWS, Delivered, Post, by_id, by_key, by_message, next_send, of_episode, stuck
from storage.records import gathered, insert_new
from storage.tables import POSTS, WAITING

__all__ = [
    "Delivered",
    "Post",
    "by_id",
    "by_key",
    "by_message",
    "claim",
    "edit",
    "free_leases",
    "next_send",
    "of_episode",
    "queue",
    "queue_all",
    "requeue",
    "sent",
    "sent_all",
    "stuck",
    "supersede",
    "uncertain",
    "undeliverable",
]

_ORDER = (POSTS.c.urgent.desc(), POSTS.c.queued_at, POSTS.c.id)


def queue(session: Session, post: Post) -> bool:
    """Queue a post; False when its key is taken. A reply is queued after its parent."""
    return bool(queue_all(session, [post]))


def queue_all(session: Session, posts: Iterable[Post]) -> set[str]:
    """Queue posts in one statement, parents before replies; gives the ids of those whose key was free."""
    return insert_new(session, POSTS, map(vars, posts))


def edit(session: Session, post_id: str, body: dict[str, Any]) -> None:
    """Give a post its next edition: one not sent yet goes out so, one that was sent is claimed again and changed in place."""
    again = POSTS.c.state == "sent"
    changes = {
        "body": body,
        "edition": POSTS.c.edition + 1,
        "state": sa.case((again, "queued"), else_=POSTS.c.state),
        "attempt": sa.case((again, 0), else_=POSTS.c.attempt),
        "urgent": sa.case((again, sa.false()), else_=POSTS.c.urgent),
    }
    session.execute(sa.update(POSTS).where(POSTS.c.id == post_id).values(changes))


def supersede(session: Session, ids: Sequence[str]) -> list[str]:
    """Withdraw posts that nobody needs any more; gives the ids of those that had surely not been sent, the others are left alone."""
    unsent = POSTS.c.id.in_(ids) & POSTS.c.reference.is_(None) & POSTS.c.state.in_(("queued", "sending"))
    changed = sa.update(POSTS).where(unsent).values(state="superseded", lease_until=None).returning(POSTS.c.id)
    return list(session.scalars(changed))


def requeue(session: Session, post_id: str, send_after: datetime) -> None:
    """Put back a claimed post that was surely not sent, such as one the platform asked to send later."""
    session.execute(sa.update(POSTS).where(POSTS.c.id == post_id).values(state="queued", send_after=send_after, lease_until=None))


def sent(session: Session, delivered: Delivered) -> None:
    """Record a delivery; if the post was edited meanwhile, the new edition is queued at once."""
    sent_all(session, [delivered])


def sent_all(session: Session, deliveries: Sequence[Delivered]) -> None:
    """Record deliveries in one statement."""
    if not deliveries:
        return
    edition = sa.bindparam("to_edition", type_=sa.Integer)
    changes = {
        "reference": sa.bindparam("to_reference"),
        "sent_at": sa.func.coalesce(POSTS.c.sent_at, sa.bindparam("to_at", type_=POSTS.c.sent_at.type)),
        "platform": sa.func.coalesce(sa.bindparam("to_platform", type_=sa.String), POSTS.c.platform),
        "channel": sa.func.coalesce(sa.bindparam("to_channel", type_=sa.String), POSTS.c.channel),
        "sent_edition": edition,
        "state": sa.case((POSTS.c.edition > edition, "queued"), else_="sent"),
        "lease_until": None,
        "attempt": 0,
    }
    rows = [{f"to_{name}": value for name, value in vars(delivery).items()} for delivery in deliveries]
    session.connection().execute(sa.update(POSTS).where(POSTS.c.id == sa.bindparam("to_id")).values(changes), rows)


def uncertain(session: Session, post_id: str, send_after: datetime) -> None:
    """Record that nobody knows whether a post arrived; it is claimed again after that moment, to be looked up."""
    session.execute(sa.update(POSTS).where(POSTS.c.id == post_id).values(state="uncertain", send_after=send_after, lease_until=None))


def undeliverable(session: Session, post_id: str) -> None:
    """Give a post up; its replies may go out without it."""
    session.execute(sa.update(POSTS).where(POSTS.c.id == post_id).values(state="undeliverable", lease_until=None))


def claim(session: Session, now: datetime, limit: int, lease: timedelta) -> list[Post]:
    """Take posts to deliver: urgent first, a parent before its replies, and of a thread only the oldest that is not out yet.

    Nobody else gets them until the lease is over. Fresh posts come back as `sending`, those to look up as `uncertain`.
    Ask again until none comes: the next of a thread is free once the one before is recorded.
    """
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    free: sa.ColumnElement[bool] = POSTS.c.lease_until.is_(None)
    if on_postgresql:
        free |= POSTS.c.lease_until < sa.func.clock_timestamp()
    picked = sa.select(POSTS.c.id).where(WAITING, POSTS.c.send_after <= now, free, ~_parent_pending(), ~_earlier_pending(now))
    chosen = picked.order_by(*_ORDER).limit(limit).with_for_update(skip_locked=True, of=POSTS).cte("chosen")
    # Leases run on the database's clock: `now` may be moved. SQLite has one process and frees its leases at start.
    until = sa.func.clock_timestamp() + lease if on_postgresql else sa.literal(now + lease, POSTS.c.lease_until.type)
    state = sa.case((POSTS.c.state == "queued", "sending"), else_=POSTS.c.state)
    taken = sa.update(POSTS).where(POSTS.c.id.in_(sa.select(chosen.c.id)))
    taken = taken.values(state=state, lease_until=until, attempt=POSTS.c.attempt + 1)
    posts = gathered(session, Post, taken.returning(*ROWS.selected_columns))
    return sorted(posts, key=lambda post: (not post.urgent, post.queued_at, post.id))


def free_leases(session: Session) -> int:
    """Make claimable what a dead process had claimed, to be looked up first; gives how many posts that were.

    On PostgreSQL those whose lease is over, on every cycle. On SQLite all of them: once, at start.
    """
    held: sa.ColumnElement[bool] = POSTS.c.lease_until.is_not(None) & PENDING
    if session.get_bind().dialect.name == "postgresql":
        held &= POSTS.c.lease_until < sa.func.clock_timestamp()
    return session.connection().execute(sa.update(POSTS).where(held).values(state="uncertain", lease_until=None)).rowcount


def _parent_pending() -> sa.ColumnElement[bool]:
    parent = POSTS.alias("parent")
    unsent = parent.c.state.in_(("queued", "sending", "uncertain")) & parent.c.reference.is_(None)
    return sa.exists().where(parent.c.id == POSTS.c.parent_id, unsent)


def _earlier_pending(now: datetime) -> sa.ColumnElement[bool]:
    """A post further up the same thread that should be out and is not; one that waits for a later hour holds nobody up."""
    other = POSTS.alias("earlier")
    before = (other.c.queued_at < POSTS.c.queued_at) | ((other.c.queued_at == POSTS.c.queued_at) & (other.c.id < POSTS.c.id))
    tried = other.c.state.in_(("sending", "uncertain"))
    owed = tried | ((other.c.state == "queued") & ((other.c.send_after <= now) | (other.c.attempt > 0)))
    return sa.exists().where(other.c.parent_id == POSTS.c.parent_id, before, owed, other.c.reference.is_(None), POSTS.c.reference.is_(None))
