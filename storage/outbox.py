"""The outbox: posts queued in the transaction that caused them, claimed, sent, edited to their end."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import records
from storage.claims import claim, free_expired, free_leases
from storage.outcomes import LANE_OF_EDITS, doubt, drop, post_again, redirect, requeue, reroute, sent, sent_all, supersede, undeliverable
from storage.posts import (
    Delivered,
    Message,
    Post,
    behind,
    by_id,
    by_ids,
    by_key,
    by_keys,
    by_message,
    cards_of,
    lane_of,
    messages,
    next_send,
    of_episode,
    oldest_waiting,
    stuck,
)
from storage.records import insert_all, insert_new
from storage.tables import POSTS, WAITING

__all__ = [
    "Delivered",
    "Message",
    "Post",
    "behind",
    "bring_forward",
    "by_id",
    "by_ids",
    "by_key",
    "by_keys",
    "by_message",
    "cards_of",
    "claim",
    "doubt",
    "drop",
    "edit",
    "free_expired",
    "free_leases",
    "lane_of",
    "lay",
    "messages",
    "next_send",
    "of_episode",
    "oldest_waiting",
    "post_again",
    "queue",
    "queue_all",
    "redirect",
    "release",
    "requeue",
    "reroute",
    "sent",
    "sent_all",
    "stuck",
    "supersede",
    "undeliverable",
    "withdraw",
]

_MINE = POSTS.c.id == sa.bindparam("post_id")
_WAS_SENT = POSTS.c.state == "sent"
_EDIT = (
    POSTS.update()
    .where(_MINE)
    .values(
        body=sa.bindparam("next_body", type_=sa.JSON),
        edition=POSTS.c.edition + 1,
        state=sa.case((_WAS_SENT, "queued"), else_=POSTS.c.state),
        lane=sa.case((_WAS_SENT, LANE_OF_EDITS), else_=POSTS.c.lane),
        urgent=sa.case((_WAS_SENT, sa.false()), else_=POSTS.c.urgent),
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


def lay(session: Session, posts: Iterable[Post]) -> None:
    """Queue posts that nobody waits for, those whose key is free."""
    records.lay(session, POSTS, map(vars, posts), if_free=True)


def edit(session: Session, post_id: str, body: dict[str, Any]) -> None:
    """Give a post its next edition: one not sent yet goes out so, one that was sent is claimed again and changed in place."""
    records.later(session, _EDIT, [{"post_id": post_id, "next_body": body}])


def release(session: Session, prefix: str, now: datetime) -> None:
    """Let waiting posts whose keys begin so, and do not end in ":calm", go now."""
    mine = POSTS.c.key.startswith(prefix, autoescape=True) & ~POSTS.c.key.endswith(":calm")
    session.execute(sa.update(POSTS).where(POSTS.c.state == "queued", mine, POSTS.c.send_after > now).values(send_after=now))


def bring_forward(session: Session, now: datetime) -> int:
    """After the clock was set back: what was queued by the old clock waits no longer for a moment that is past."""
    ahead = (POSTS.c.queued_at > now) & (POSTS.c.send_after > now)
    return session.connection().execute(sa.update(POSTS).where(WAITING, ahead).values(send_after=now)).rowcount


def withdraw(session: Session, ids: Sequence[str]) -> list[str]:
    """Nobody needs these posts any more: gives the ids of those that waited and now never go out.

    One that somebody is sending right now, or may have sent, is left alone: edit it instead.
    """
    waiting = POSTS.c.id.in_(ids) & POSTS.c.reference.is_(None) & (POSTS.c.state == "queued")
    return list(session.scalars(sa.update(POSTS).where(waiting).values(state="superseded").returning(POSTS.c.id)))
