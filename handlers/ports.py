"""What a platform is to us: somewhere posts go. Slack, Teams and the sandbox each meet it in their own folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.directory import Person, Room
from handlers.enclosed import Enclosed, File
from handlers.outgoing import Body, Sent
from storage.outbox import Post


@dataclass(frozen=True)
class Parcel:
    """A post ready to go: its body, the people it mentions or is for, the room, and the thread's own reference there.

    `post.place`, `room` and `person` are those of the way it takes now, which need not be the first one meant. `file`: what
    its body names as enclosed, once it was made.
    """

    post: Post
    body: Body
    people: tuple[Person, ...]
    room: Room | None
    thread: str | None = None
    file: File | None = None

    @property
    def is_live(self) -> bool:
        """Whether there is anything left to press."""
        return bool(self.body.buttons) or any(row.buttons for row in self.body.rows)


class Encloses(Protocol):
    """Makes the file that a post encloses. Whatever it raises, the post goes with words in the file's place."""

    def __call__(self, post: Post, enclosed: Enclosed, /) -> File: ...


class Platform(Protocol):
    """Each method may raise Undeliverable (never), Uncertain (look it up) or Later (not taken, wait); `send` also Elsewhere.

    It answers or gives up within half a minute by itself, and repeats nothing: whoever calls does that.
    """

    def send(self, parcel: Parcel) -> Sent:
        """Deliver it once; returns only when the platform has surely taken it."""
        ...

    def update(self, parcel: Parcel) -> Sent:
        """Change what was delivered under the post's reference; doing it twice changes nothing. Undeliverable: it is gone."""
        ...

    def look_up(self, parcel: Parcel) -> Sent | None:
        """Whether it is there now, after uncertain sends since `post.queued_at`; None when it is not to be seen yet."""
        ...


@dataclass(frozen=True)
class Tracked:
    """One row of a list kept beside us: an episode by its reference, and figures; nothing that could name a child."""

    reference: str
    category: str
    status: str
    since: str
    open: int
    late: int


class Tracker(Protocol):
    """May raise Undeliverable, Uncertain or Later; writing a row again changes nothing."""

    def write(self, row: Tracked, known: str | None) -> str:
        """Write the row in place of the `known` one, or as a new one; gives its id there."""
        ...

    def hide(self, row: Tracked) -> str | None:
        """Write the row in place of whatever one its reference has there, and give its id; None, and nothing written, without one."""
        ...


@dataclass(frozen=True)
class Event:
    """One meeting for a calendar. `meeting` is looked for, `id` made once; `title` names a reference, `lines` clauses, never a child.

    `was`: the lines that may stand there from before, each in the place of one of `lines`, and must not any more.
    """

    id: str
    meeting: str
    title: str
    lines: tuple[str, ...]
    starts: datetime
    ends: datetime
    invited: tuple[str, ...]  # e-mail addresses
    was: tuple[str, ...] = ()


@dataclass(frozen=True)
class Held:
    """That it stands in the calendar: the calendar's own reference, and where to join."""

    reference: str
    link: str = ""


@dataclass(frozen=True)
class Looked:
    """How it stands there: address in small letters → (accepted, tentative or declined; when, None where it is not said)."""

    answers: Mapping[str, tuple[str, datetime | None]]
    link: str = ""


class Calendar(Protocol):
    """Each method may raise Undeliverable, Uncertain or Later, and repeats nothing by itself."""

    def hold(self, event: Event) -> Held:
        """Put it in and invite everybody; the same `id` again is the same event."""
        ...

    def find(self, meeting: str) -> Held | None:
        """The event of a meeting, if it is there: after a doubt."""
        ...

    def move(self, reference: str, event: Event) -> Held | None:
        """Another time, other people, other words where it has `was`; None when it is gone."""
        ...

    def cancel(self, reference: str) -> None:
        """Take it out and tell those invited; one that is gone is cancelled."""
        ...

    def look(self, reference: str) -> Looked | None:
        """How it stands; None when it is gone."""
        ...
