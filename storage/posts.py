"""Posts as they are read back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.records import first, gathered, picking, within
from storage.tables import POSTS, WAITING

COPY = "copy:"


@dataclass(frozen=True)
class Post:
    """One post. `body` names references, roles and ids, never a child or free text; `key` is unique, for posts that exist once.

    A claimed post with a `reference` is an edit of what is there; without one it is new, and when its state is
    `uncertain` it may have arrived: look it up first. `attempt` counts how often it was claimed and names the claim.
    """

    id: str
    authority: str
    kind: str
    place: str  # thread, direct, room
    body: dict[str, Any]
    queued_at: datetime
    send_after: datetime
    episode_id: str | None = None
    key: str | None = None
    room: str | None = None  # coordination, partners, management
    addressee: str | None = None  # a role
    person: str | None = None
    edition: int = 1
    state: str = "queued"  # queued, sending, sent, uncertain, superseded, undeliverable
    urgent: bool = False
    lease_until: datetime | None = None
    attempt: int = 0
    platform: str | None = None
    channel: str | None = None
    reference: str | None = None
    sent_edition: int = 0
    sent_at: datetime | None = None
    parent_id: str | None = None
    wanted_at: datetime | None = None  # the moment it is about; when it may go out, if nothing was said
    lane: str = ""  # whatever shares it goes out one after the other; worked out from where it goes
    tried_at: datetime | None = None  # since when it may be out there
    looked: int = 0  # how often it was looked up since, and not found
    refused: list[str] = field(default_factory=list)  # the ways by which it surely cannot go

    def __post_init__(self) -> None:
        if not self.lane:
            object.__setattr__(self, "lane", lane_of(self.authority, self.room, self.person, None if self.reference else self.platform))
        if self.wanted_at is None:
            object.__setattr__(self, "wanted_at", self.send_after)

    @property
    def original(self) -> str:
        """The post whose pings it carries: itself, or the one it is a copy of."""
        return original_of(self.id, self.key)

    def key_of_copy(self, person: str) -> str:
        """The key of the copy for a person, of whom there is never a second one."""
        return f"{COPY}{self.original}:{person}"


@dataclass(frozen=True)
class Delivered:
    """That a platform took an edition of a post; `attempt` as it was claimed."""

    id: str
    reference: str
    at: datetime
    edition: int
    platform: str | None = None
    channel: str | None = None
    attempt: int = 0


class Message(NamedTuple):
    """A post as its platform knows it; None as far as it is not there."""

    reference: str | None
    platform: str | None
    channel: str | None


def original_of(post_id: str, key: str | None) -> str:
    """The id of the post whose pings a post with this id and key carries."""
    return key.split(":")[1] if key and key.startswith(COPY) else post_id


def lane_of(authority: str, room: str | None, person: str | None, platform: str | None = None) -> str:
    """The lane of a post: a room of an authority, on the platform it is meant for, or a person."""
    meant = f":{platform}" if platform else ""
    return f"{authority}:{room}{meant}" if room else f"@{person}" if person else f"{authority}:"


ROWS = picking(Post, POSTS)
_BY_IDS = ROWS.where(within(POSTS.c.id))
_MESSAGES = sa.select(*(POSTS.c[name] for name in ("id", "reference", "platform", "channel"))).where(within(POSTS.c.id))
_BY_KEY = ROWS.where(POSTS.c.key == sa.bindparam("key"))
_BY_KEYS = ROWS.where(within(POSTS.c.key))
_BY_MESSAGE = ROWS.where(*(POSTS.c[name] == sa.bindparam(name) for name in ("reference", "platform", "channel")))
_CARDS_OF = ROWS.where(within(POSTS.c.episode_id), POSTS.c.kind == "card", POSTS.c.key.is_not(None))
_OF_EPISODE = ROWS.where(POSTS.c.episode_id == sa.bindparam("episode_id")).order_by(POSTS.c.queued_at, POSTS.c.id)
_NEXT_SEND = sa.select(sa.func.min(POSTS.c.send_after)).where(WAITING)
UNFINISHED = ("queued", "sending", "uncertain")
PENDING = POSTS.c.state.in_(UNFINISHED)


def by_id(session: Session, post_id: str) -> Post | None:
    """The post with this id."""
    return by_ids(session, [post_id]).get(post_id)


def by_ids(session: Session, ids: Sequence[str]) -> dict[str, Post]:
    """The posts with these ids, in one statement."""
    return {post.id: post for post in gathered(session, Post, _BY_IDS, {"ids": ids})} if ids else {}


def messages(session: Session, ids: Sequence[str]) -> dict[str, Message]:
    """What these posts are on their platforms, in one statement."""
    return {post_id: Message(*found) for post_id, *found in session.execute(_MESSAGES, {"ids": ids})} if ids else {}


def by_key(session: Session, key: str, *, lock: bool = False) -> Post | None:
    """The post with this key; `lock` holds it until the transaction ends, for who changes what it says."""
    return first(session, Post, _BY_KEY.with_for_update() if lock else _BY_KEY, {"key": key})


def by_keys(session: Session, keys: Sequence[str]) -> list[Post]:
    """The posts with these keys, in one statement."""
    return gathered(session, Post, _BY_KEYS, {"ids": keys})


def cards_of(session: Session, ids: Sequence[str]) -> list[Post]:
    """The cards of some episodes, and what else was said of them with a key of its own, in one statement."""
    return gathered(session, Post, _CARDS_OF, {"ids": ids})


def by_message(session: Session, platform: str, channel: str, reference: str) -> Post | None:
    """The post that a platform's message is."""
    return first(session, Post, _BY_MESSAGE, {"platform": platform, "channel": channel, "reference": reference})


def of_episode(session: Session, episode_id: str) -> list[Post]:
    """All posts about an episode, in the order they were queued."""
    return gathered(session, Post, _OF_EPISODE, {"episode_id": episode_id})


def behind(session: Session, post: Post) -> list[Post]:
    """What waits in the same thread, of which the post is the head or a reply, and nobody has claimed."""
    if post.place != "thread" and post.kind != "card":
        return []
    head = post.parent_id or post.id
    waiting = (POSTS.c.parent_id == head) & (POSTS.c.place == "thread") & (POSTS.c.id != post.id) & POSTS.c.reference.is_(None)
    chosen = ROWS.where(waiting, POSTS.c.state == "queued", POSTS.c.lease_until.is_(None))
    return gathered(session, Post, chosen.order_by(POSTS.c.queued_at, POSTS.c.id))


def stuck(session: Session, before: datetime, limit: int = 100) -> list[Post]:
    """New posts that should be out since this moment and are not, the longest waiting first: what the watch alarms about."""
    late = (POSTS.c.wanted_at < before) & POSTS.c.reference.is_(None)
    found = [
        post
        for index in (WAITING, POSTS.c.lease_until.is_not(None) & PENDING)  # one index each; neither database joins two here
        for post in gathered(session, Post, ROWS.where(index, late).order_by(POSTS.c.wanted_at, POSTS.c.id).limit(limit))
    ]
    return sorted({post.id: post for post in found}.values(), key=attrgetter("wanted_at", "id"))[:limit]


def oldest_waiting(session: Session, now: datetime) -> tuple[int, datetime | None]:
    """How many posts may go out by now and have not, and since when the first of them."""
    waiting = sa.select(sa.func.count(), sa.func.min(POSTS.c.wanted_at)).where(WAITING, POSTS.c.wanted_at <= now)
    count, since = session.execute(waiting).one()
    return count, since


def next_send(session: Session) -> datetime | None:
    """The earliest moment any waiting post may go out."""
    earliest: datetime | None = session.scalar(_NEXT_SEND)
    return earliest
