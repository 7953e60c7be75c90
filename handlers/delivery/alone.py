"""Whoever no room reaches is written to alone: one message a person, with the same rows and buttons, of the same pings."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime

from handlers.directory import Person
from storage.ids import new_id
from storage.outbox import Post


def copies(post: Post, people: Iterable[str], now: datetime) -> list[Post]:
    """A direct message to each of these people but the one to whom the post goes itself; made again they are the same ones."""
    itself = post.person if post.place == "direct" else None
    return [_copy(post, person, now) for person in dict.fromkeys(people) if person != itself]


def _copy(post: Post, person: str, now: datetime) -> Post:
    return Post(
        id=new_id(),
        authority=post.authority,
        kind=post.kind,
        place="direct",
        body={**post.body, "mentions": [person]},
        queued_at=now,
        send_after=now,
        episode_id=post.episode_id,
        key=post.key_of_copy(person),
        addressee=post.addressee,
        person=person,
        urgent=post.urgent,
        parent_id=post.parent_id,  # the thread in which they do not read it
        refused=[name for name in post.refused if ":@" not in name],
    )


def unreached(people: Iterable[Person], platform: str, missed: Container[str], serving: Container[str]) -> list[str]:
    """Of those a room's post mentions: who is not in that room, or on another platform alone, or reads letters only."""
    found = []
    for person in people:
        platforms = {account.platform for account in person.accounts}
        if person.id in missed or (platform not in platforms and any(other in serving for other in platforms)):
            found.append(person.id)
    return found
