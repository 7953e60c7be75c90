"""Claiming posts and recording what became of them, as the delivery cycle does."""

from collections.abc import Sequence
from datetime import timedelta

from storage import outbox
from storage.db import Session
from storage.outbox import Delivered, Post
from tests.storage.invented import NOW

LEASE = timedelta(minutes=5)


def claimed(session: Session, limit: int = 99) -> list[str]:
    return texts(outbox.claim(session, NOW, limit, LEASE))


def texts(posts: Sequence[Post]) -> list[str]:
    return [post.body["text"] for post in posts]


def delivered(post: Post, edition: int = 1) -> Delivered:
    return Delivered(post.id, f"m-{post.id}", NOW, edition, platform="slack", channel="C0001", attempt=post.attempt)


def the(session: Session, post: Post) -> Post:
    found = outbox.by_id(session, post.id)
    assert found is not None
    return found
