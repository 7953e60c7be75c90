"""What one person sees at one place, read from the outbox, and presses there: plain values that a page can compare with what it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.town import AUTHORITY, PURPOSES, rooms_of
from handlers import outgoing
from handlers.directory import Person
from handlers.incoming import Pressed
from handlers.outgoing import Body, Row
from storage import rooms
from storage.db import Session
from storage.outbox import Post

DIRECT = "direct"
MOST = 200  # posts of one place; older ones are still in their threads
MOST_ON_THE_WAY = 300
NONE: Mapping[str, rooms.Replies] = {}


@dataclass(frozen=True)
class Shown:
    """One post as it stands. `mine`: the person looking is mentioned, or it was sent to them alone; `tones`: late, open or over, a row.

    `picture`: what it encloses, as an SVG whose every word is escaped.
    """

    id: str
    kind: str
    at: datetime
    place: str
    person: str | None
    addressee: str | None
    thread: str | None
    body: Body
    tones: tuple[str, ...] = ()
    mine: bool = False
    replies: int = 0
    latest: datetime | None = None
    picture: str = ""


@dataclass(frozen=True)
class Scene:
    """A place and the thread that is open in it; `thread` is empty when none is."""

    place: str
    posts: tuple[Shown, ...]
    thread: tuple[Shown, ...]


def places(person: Person) -> tuple[str, ...]:
    """Where somebody can look: the rooms they are in, and their direct messages."""
    mine = rooms_of(person)
    return (*(purpose for purpose in PURPOSES if purpose in mine), DIRECT)


def scene(session: Session, person: Person, place: str, thread: str | None, now: datetime) -> Scene:
    """What `person` sees at `place`; a thread that is not in that place is not shown."""
    posts = rooms.to_person(session, person.id, MOST) if place == DIRECT else rooms.of_room(session, AUTHORITY, place, MOST)
    sizes = rooms.replies(session, [post.id for post in posts])
    shown = [_shown(post, person, now, sizes) for post in posts]
    below = rooms.of_thread(session, thread) if thread and thread in {post.id for post in posts} else []
    return Scene(place, tuple(shown), tuple(_shown(post, person, now) for post in below))


def on_the_way(session: Session, person: Person, after: datetime, until: datetime) -> tuple[Shown, ...]:
    """Every post, to anybody, that a move of the clock brought."""
    return tuple(_shown(post, person, until) for post in rooms.between(session, after, until, MOST_ON_THE_WAY))


def _shown(post: Post, person: Person, now: datetime, sizes: Mapping[str, rooms.Replies] = NONE) -> Shown:
    body = outgoing.body(post.body)
    size = sizes.get(post.id)
    return Shown(
        id=post.id,
        kind=post.kind,
        at=post.sent_at or post.queued_at,
        place=DIRECT if post.place == DIRECT else post.room or "coordination",
        person=post.person,
        addressee=post.addressee,
        thread=post.parent_id,
        body=body,
        tones=tuple(_tone(row, now) for row in body.rows),
        mine=person.id in body.mentions or (post.place == DIRECT and post.person == person.id),
        replies=size.count if size else 0,
        latest=size.latest if size else None,
    )


def _tone(row: Row, now: datetime) -> str:
    """Late, open or over; nothing for a row that asks for nothing."""
    if row.over:
        return "over"
    if row.obligation is None and row.due is None:
        return ""
    return "late" if row.due and datetime.fromisoformat(row.due) < now else "open"


def mentioned(people: Sequence[Person], body: Body) -> list[Person]:
    """The people a post speaks to."""
    return [person for person in people if person.id in body.mentions]


def pressed_by(who: Person, values: Mapping[str, Any]) -> Pressed:
    """A pressed button, as the browser says it."""
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    version = values.get("version")
    return Pressed(
        texts.get("verb", ""),
        who.id,
        texts.get("obligation"),
        version if isinstance(version, int) else 0,
        texts.get("reference") or None,
        AUTHORITY,
        texts.get("to") or None,
    )
