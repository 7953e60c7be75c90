"""The platform port: a post becomes a card, once; an edit changes it in place; one in doubt carries a short id that people see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from bot.teams import errors, pictures, render
from bot.teams.callers import THREAD, named
from bot.teams.connector import Connector
from bot.teams.presence import Presence
from bot.teams.references import References
from bot.teams.render import Message
from handlers.delivery.pace import Limit, Pace
from handlers.directory import Person
from handlers.errors import Elsewhere, Undeliverable
from handlers.outgoing import Sent
from handlers.ports import Parcel
from storage.conversations import Conversation

# As documented for one bot in one conversation, which a whole channel is; edits are counted there like posts, and leave room for some.
_ONE = (Limit(7, 1), Limit(8, 2), Limit(60, 30), Limit(1800, 3600))
_EDITS = tuple(Limit(limit.count * 3 // 4, limit.seconds) for limit in _ONE)
PACE = Pace(posts=_ONE, edits=_EDITS, all=(Limit(50, 1),), together=True)
GROUP = "@thread.v2"  # how the id of a group chat ends; a channel's ends otherwise
MARK = 6  # characters of an id that people can compare


@dataclass(frozen=True)
class Place:
    """Where a post goes: `whose` conversation, and the thread of it."""

    tenant: str
    whose: str
    channel: str
    address: str
    thread: str | None = None

    @property
    def conversation(self) -> str:
        """As Teams names it."""
        return f"{self.channel}{THREAD}{self.thread}" if self.thread else self.channel

    @classmethod
    def within(cls, tenant: str, whose: str, channel: str, address: str, thread: str | None) -> Self:
        """The same, where a group chat has no threads: there every post stands for itself, under its reference."""
        return cls(tenant, whose, channel, address, None if channel.endswith(GROUP) else thread)


@dataclass
class Teams:
    """Meets the port from threads."""

    connector: Connector
    references: References
    presence: Presence
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def send(self, parcel: Parcel) -> Sent:
        """Post it, with the short id that is the same when it has to be sent again."""
        place, missed = self._place(parcel)
        sent = self._told(place, lambda: self.connector.wait(self._post(place, parcel)))
        return Sent(named(place.thread, sent), self.clock(), place.channel, missed)

    def update(self, parcel: Parcel) -> Sent:
        """Change it in place. A message that somebody deleted is undeliverable while there is something to do in it, else let be."""
        thread, _, message = (parcel.post.reference or "").rpartition("/")
        place = self._placed(parcel, parcel.post.channel, thread or None)
        try:
            self.connector.wait(self.connector.edit(place.address, place.conversation, message, self._message(place, parcel).activity()))
        except Undeliverable as refused:
            if str(refused) not in errors.GONE or parcel.is_live:
                raise
        return Sent(parcel.post.reference or "", self.clock(), place.channel)

    def look_up(self, parcel: Parcel) -> Sent | None:
        """Teams has no look-up for what a bot has sent: it is sent again, under the same short id."""
        return None

    async def _post(self, place: Place, parcel: Parcel) -> str:
        return await self.connector.post(place.address, place.conversation, self._message(place, parcel).activity())

    def _message(self, place: Place, parcel: Parcel) -> Message:
        shown = pictures.fitted(parcel.file.content, render.PICTURE) if parcel.file and parcel.file.kind == pictures.KIND else None
        return render.post(parcel.body, parcel.people, place.tenant, mark(parcel.post.id), shown)

    def _told(self, place: Place, send: Callable[[], str]) -> str:
        """Send it; a place that refuses us is looked for anew the next time."""
        try:
            return send()
        except Undeliverable as refused:
            if str(refused) in errors.GONE:
                self.references.drop(place.tenant, place.whose)
            raise

    def _place(self, parcel: Parcel) -> tuple[Place, tuple[str, ...]]:
        """The talk with one person, or the room's channel with those whom it mentions and who are not in it; not all of them may be."""
        if parcel.room is None:
            return self._direct(parcel.people), ()
        place = self._placed(parcel, parcel.room.channel, parcel.thread)
        if parcel.post.place != "thread":
            return place, ()
        called = {p.id: u for p in parcel.people if p.id in parcel.body.mentions and (u := p.account_on("teams", place.tenant))}
        outside = self.presence.outside(place.address, place.channel, called.values())
        if called and outside >= set(called.values()):
            raise Elsewhere("nobody whom it mentions is in that channel")
        return place, tuple(person for person, user in called.items() if user in outside)

    def _placed(self, parcel: Parcel, channel: str | None, thread: str | None) -> Place:
        """A place we know the channel of: a room's, or the talk that a direct message went to."""
        if parcel.room is None:
            place = self._direct(parcel.people)
            return Place(place.tenant, place.whose, channel or place.channel, place.address, thread)
        tenant, whose = parcel.room.team or "", parcel.room.channel
        known = self.references.of(tenant, whose)
        return Place.within(tenant, whose, channel or whose, known.address if known else self.references.address(tenant), thread)

    def _direct(self, people: tuple[Person, ...]) -> Place:
        account = next((a for p in people for a in p.accounts if a.platform == "teams"), None)
        if account is None or account.team is None:
            raise Undeliverable("nobody here has an account")
        known = self.references.of(account.team, account.user) or self._opened(account.team, account.user)
        return Place(account.team, account.user, known.conversation, known.address)

    def _opened(self, tenant: str, user: str) -> Conversation:
        address = self.references.address(tenant)
        talk = self.connector.wait(self.connector.open(address, tenant, user))
        found = Conversation(tenant, user, talk, address, self.clock())
        self.references.opened(found)
        return found


def mark(post: str) -> str:
    """The short id of a post: of its random end, for its beginning is the time."""
    return post.replace("-", "")[-MARK:].upper()
