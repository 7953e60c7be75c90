"""What came of a claimed post. Each is recorded only while the claim still holds: `attempt` names it.

Somebody who was held up past the end of a lease, and whose post another process has by now, changes nothing with what they
record; except that a message that is there is there, whoever says so.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.posts import Delivered, Post, lane_of
from storage.records import write
from storage.tables import POSTS

_LANE = sa.func.ltrim(POSTS.c.lane, "#")
LANE_OF_EDITS = sa.literal("#") + _LANE  # edits wait for no new post, and no new post for them

_THIS = POSTS.c.id == sa.bindparam("post_id")
_MINE = POSTS.c.attempt == sa.bindparam("claimed_as")
_CLAIMED = _THIS & _MINE & ((POSTS.c.state == "sending") | (POSTS.c.state == "uncertain"))
_AT = sa.bindparam("at", type_=POSTS.c.send_after.type)
_WAITS_AGAIN = sa.case((POSTS.c.state == "sending", "queued"), else_=POSTS.c.state)  # what is in doubt stays so
_REQUEUE = POSTS.update().where(_CLAIMED).values(state=_WAITS_AGAIN, send_after=_AT, lease_until=None)
_DOUBT = (
    POSTS.update()
    .where(_CLAIMED)
    .values(
        state="uncertain",
        send_after=_AT,
        looked=sa.bindparam("times", type_=sa.Integer),
        tried_at=sa.bindparam("tried", type_=POSTS.c.tried_at.type),
        lease_until=None,
    )
)
_SUPERSEDE = POSTS.update().where(_CLAIMED, POSTS.c.reference.is_(None)).values(state="superseded", lease_until=None)
_GIVE_UP = POSTS.update().where(_CLAIMED).values(state="undeliverable", lease_until=None)
_DROP = (
    POSTS.update().where(_CLAIMED).values(state=sa.case((POSTS.c.edition > sa.bindparam("took"), "queued"), else_="sent"), lease_until=None)
)
_AGAIN = POSTS.update().where(_CLAIMED).values(state="queued", reference=None, sent_edition=0, looked=0, lane=_LANE, lease_until=None)
_OTHERWISE = POSTS.update().values(
    {name: sa.bindparam(f"next_{name}", type_=POSTS.c[name].type) for name in ("place", "room", "person", "lane", "refused")}
    | {"state": "queued", "send_after": _AT, "looked": 0, "lease_until": None}
)
_REROUTE = _OTHERWISE.where(_CLAIMED)
_REDIRECT = _OTHERWISE.where(_THIS, POSTS.c.state == "queued", POSTS.c.reference.is_(None), POSTS.c.lease_until.is_(None))
_TOOK = sa.bindparam("took", type_=sa.Integer)
_SENT = (
    POSTS.update()
    .where(_THIS, _MINE | POSTS.c.reference.is_(None))
    .values(
        reference=sa.bindparam("message"),
        sent_at=sa.func.coalesce(POSTS.c.sent_at, _AT),
        platform=sa.func.coalesce(sa.bindparam("on_platform", type_=sa.String), POSTS.c.platform),
        channel=sa.func.coalesce(sa.bindparam("in_channel", type_=sa.String), POSTS.c.channel),
        sent_edition=_TOOK,
        state=sa.case((POSTS.c.edition > _TOOK, "queued"), else_="sent"),
        lane=sa.case((POSTS.c.edition > _TOOK, LANE_OF_EDITS), else_=POSTS.c.lane),
        attempt=sa.case((_MINE, POSTS.c.attempt), else_=POSTS.c.attempt + 1),  # whoever has it by now has it no more
        lease_until=None,
    )
)


def sent(session: Session, delivered: Delivered) -> None:
    """Record a delivery; if the post was edited meanwhile, the new edition is queued at once."""
    sent_all(session, [delivered])


def sent_all(session: Session, deliveries: Iterable[Delivered]) -> int:
    """Record deliveries in one statement; gives how many were news: a message somebody else recorded first is none."""
    rows = [
        {
            "post_id": d.id,
            "claimed_as": d.attempt,
            "message": d.reference,
            "at": d.at,
            "took": d.edition,
            "on_platform": d.platform,
            "in_channel": d.channel,
        }
        for d in deliveries
    ]
    return write(session, _SENT, rows) if rows else 0


def requeue(session: Session, posts: Iterable[tuple[Post, datetime]]) -> None:
    """Put back claimed posts with which nothing was done, each to go out, or be looked for, from a moment on."""
    _record(session, _REQUEUE, [{**_claim(post), "at": at} for post, at in posts])


def doubt(session: Session, posts: Iterable[tuple[Post, datetime]]) -> None:
    """Record that nobody knows whether claimed posts arrived: `looked` and `tried_at` as they say, and when to look."""
    rows = [{**_claim(post), "at": at, "times": post.looked, "tried": post.tried_at} for post, at in posts]
    _record(session, _DOUBT, rows)


def supersede(session: Session, posts: Sequence[Post]) -> None:
    """Claimed posts that surely were not sent, and that nobody needs any more."""
    _record(session, _SUPERSEDE, [_claim(post) for post in posts])


def undeliverable(session: Session, post: Post) -> None:
    """Give up a claimed post; its replies may go without it."""
    _record(session, _GIVE_UP, [_claim(post)])


def drop(session: Session, post: Post) -> None:
    """Give up a claimed edit: what was sent stays as it is there."""
    _record(session, _DROP, [{**_claim(post), "took": post.edition}])


def post_again(session: Session, post: Post) -> None:
    """The message a claimed edit was for is gone: the post goes out anew."""
    _record(session, _AGAIN, [_claim(post)])


def reroute(session: Session, post: Post, changed: Post, at: datetime) -> bool:
    """Let a claimed post go another way: place, room, person and `refused` as `changed` has them; whether the claim still held."""
    return bool(write(session, _REROUTE, [{**_claim(post), **_otherwise(changed, at)}]))


def redirect(session: Session, changed: Post, at: datetime) -> bool:
    """The same for a post that waits and nobody has claimed; whether it still did."""
    return bool(write(session, _REDIRECT, [{"post_id": changed.id, **_otherwise(changed, at)}]))


def _otherwise(changed: Post, at: datetime) -> dict[str, Any]:
    lane = lane_of(changed.authority, changed.room, changed.person)
    row = {"next_place": changed.place, "next_room": changed.room, "next_person": changed.person, "next_lane": lane}
    return {**row, "next_refused": changed.refused, "at": at}


def _claim(post: Post) -> dict[str, Any]:
    return {"post_id": post.id, "claimed_as": post.attempt}


def _record(session: Session, statement: sa.Update, rows: list[dict[str, Any]]) -> None:
    if rows:
        write(session, statement, rows)
