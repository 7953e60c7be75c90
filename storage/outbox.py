"""The outbox: posts queued in the transaction that caused them, claimed, sent, edited to their end."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.claims import claim, free_leases
from storage.posts import PENDING, Delivered, Post, by_id, by_key, by_message, next_send, of_episode, stuck
from storage.records import insert_all, insert_new
from storage.tables import POSTS

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
    "withdraw",
]

_MINE = POSTS.c.id == sa.bindparam("post_id")
_CLAIMED = POSTS.c.state.in_(("sending", "uncertain"))
_AT = sa.bindparam("at", type_=POSTS.c.send_after.type)
_WAS_SENT = POSTS.c.state == "sent"
_EDIT = (
    POSTS.update()
    .where(_MINE)
    .values(
        body=sa.bindparam("next_body", type_=sa.JSON),
        edition=POSTS.c.edition + 1,
        state=sa.case((_WAS_SENT, "queued"), else_=POSTS.c.state),
        attempt=sa.case((_WAS_SENT, 0), else_=POSTS.c.attempt),
        urgent=sa.case((_WAS_SENT, sa.false()), else_=POSTS.c.urgent),
    )
)
_REQUEUE = POSTS.update().where(_MINE, _CLAIMED).values(state="queued", send_after=_AT, lease_until=None)
_DOUBT = POSTS.update().where(_MINE, _CLAIMED).values(state="uncertain", send_after=_AT, lease_until=None)
_GIVE_UP = POSTS.update().where(_MINE, PENDING).values(state="undeliverable", lease_until=None)
_EDITION = sa.bindparam("took", type_=sa.Integer)
_SENT = (
    POSTS.update()
    .where(_MINE)
    .values(
        reference=sa.bindparam("message"),
        sent_at=sa.func.coalesce(POSTS.c.sent_at, _AT),
        platform=sa.func.coalesce(sa.bindparam("on_platform", type_=sa.String), POSTS.c.platform),
        channel=sa.func.coalesce(sa.bindparam("in_channel", type_=sa.String), POSTS.c.channel),
        sent_edition=_EDITION,
        state=sa.case((POSTS.c.edition > _EDITION, "queued"), else_="sent"),
        lease_until=None,
        attempt=0,
    )
)


def queue(session: Session, post: Post) -> bool:
    """Queue a post; False when its key is taken. A reply is queued after its parent."""
    return bool(queue_all(session, [post]))


def queue_all(session: Session, posts: Iterable[Post]) -> set[str]:
    """Queue posts in one statement, parents before replies; gives the ids of those whose key was free."""
    rows = [vars(post) for post in posts]
    if any(row["key"] for row in rows):
        return insert_new(session, POSTS, rows)
    insert_all(session, POSTS, rows)
    return {row["id"] for row in rows}


def edit(session: Session, post_id: str, body: dict[str, Any]) -> None:
    """Give a post its next edition: one not sent yet goes out so, one that was sent is claimed again and changed in place."""
    session.execute(_EDIT, {"post_id": post_id, "next_body": body})


def supersede(session: Session, ids: Sequence[str]) -> list[str]:
    """For whoever has claimed these posts and not sent them: nobody needs them any more. Gives the ids of those never sent."""
    return _supersede(session, ids, ("queued", "sending"))


def withdraw(session: Session, ids: Sequence[str]) -> list[str]:
    """For everybody else: as `supersede`, but a post somebody is sending right now is left alone; edit it instead."""
    return _supersede(session, ids, ("queued",))


def _supersede(session: Session, ids: Sequence[str], states: Sequence[str]) -> list[str]:
    unsent = POSTS.c.id.in_(ids) & POSTS.c.reference.is_(None) & POSTS.c.state.in_(states)
    changed = sa.update(POSTS).where(unsent).values(state="superseded", lease_until=None).returning(POSTS.c.id)
    return list(session.scalars(changed))


def requeue(session: Session, post_id: str, send_after: datetime) -> None:
    """Put back a claimed post that was surely not sent, such as one the platform asked to send later."""
    session.execute(_REQUEUE, {"post_id": post_id, "at": send_after})


def uncertain(session: Session, post_id: str, send_after: datetime) -> None:
    """Record that nobody knows whether a claimed post arrived; it is claimed again after that moment, to be looked up."""
    session.execute(_DOUBT, {"post_id": post_id, "at": send_after})


def undeliverable(session: Session, post_id: str) -> None:
    """Give up a post that is not out; its replies may go without it."""
    session.execute(_GIVE_UP, {"post_id": post_id})


def sent(session: Session, delivered: Delivered) -> None:
    """Record a delivery; if the post was edited meanwhile, the new edition is queued at once."""
    sent_all(session, [delivered])


def sent_all(session: Session, deliveries: Iterable[Delivered]) -> None:
    """Record deliveries in one statement."""
    rows = [
        {"post_id": d.id, "message": d.reference, "at": d.at, "took": d.edition, "on_platform": d.platform, "in_channel": d.channel}
        for d in deliveries
    ]
    if rows:
        session.connection().execute(_SENT, rows)
