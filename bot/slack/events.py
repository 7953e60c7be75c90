"""What happens to our rooms, our people and our access in Slack: noticed, and said to the management room."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.slack.callers import Caller
from bot.slack.conversation import Conversation
from bot.slack.homes import Homes
from bot.slack.presence import Presence
from handlers import alarms
from handlers.desk import Desk
from handlers.directory import Authority, Room

log = logging.getLogger(__name__)
Body = dict[str, Any]
LEFT = "Homeward was taken out of the {purpose} room of {authority}, so nothing reaches it. Invite it again: /invite @Homeward."
ARCHIVED = "The {purpose} room of {authority} was archived, so nothing reaches it. Unarchive it, or name another in homeward.yml."
RENAMED = "The {purpose} room of {authority} has another name now. Homeward knows it by its id; nothing else changed."
REVOKED = "Slack has withdrawn Homeward's access to the workspace {team}. Install the app again and set the new token."
GONE = "The Slack account of {name} was switched off. Ring them, or name somebody else in homeward.yml."
ROOMS = {"channel_archive": ARCHIVED, "group_archive": ARCHIVED, "channel_left": LEFT, "group_left": LEFT}
RENAMES = ("channel_rename", "group_rename")
MEMBERS = ("member_joined_channel", "member_left_channel")
REVOCATIONS = ("app_uninstalled", "tokens_revoked")
EVENTS = ("app_home_opened", "user_change", *ROOMS, *RENAMES, *MEMBERS, *REVOCATIONS)


class Events:
    """What Slack tells us by itself."""

    def __init__(self, conversation: Conversation, homes: Homes, presence: Presence) -> None:
        self._with, self._homes, self._presence = conversation, homes, presence

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt which events we hear; manifest.yml subscribes to the same."""
        app.event("app_home_opened")(self.home_opened)
        app.event("user_change")(self.person_changed)
        for name in (*ROOMS, *RENAMES):
            app.event(name)(self.room_changed)
        for name in MEMBERS:
            app.event(name)(self.member_changed)
        for name in REVOCATIONS:
            app.event(name)(self.revoked)

    async def home_opened(self, body: Body, event: Body) -> None:
        """Somebody looks at their page."""
        if event.get("tab") == "home":
            team = str(body.get("team_id") or "")
            of = Caller(team, str(event.get("user") or ""), self._with.workspaces.of(team), from_view=True)
            self._with.later(self._homes.look(of))

    async def room_changed(self, event: Body) -> None:
        """A room was archived, renamed, or we were taken out of it."""
        channel = event.get("channel")
        channel = channel.get("id") if isinstance(channel, dict) else channel
        kind = str(event.get("type"))
        sentence = ROOMS.get(kind, RENAMED)
        for authority, room in self._rooms(str(channel)):
            await self._alarm(authority, f"{kind}:{channel}", sentence.format(purpose=room.purpose, authority=authority.name))

    async def member_changed(self, body: Body, event: Body) -> None:
        """Somebody came or went: where they are reached may have changed. We ourselves may have been taken out."""
        channel = str(event.get("channel"))
        workspace = self._with.workspaces.of(str(body.get("team_id")))
        self._presence.changed(str(body.get("team_id")), channel)
        if workspace and event.get("type") == "member_left_channel" and event.get("user") == workspace.user:
            for authority, room in self._rooms(channel):
                sentence = LEFT.format(purpose=room.purpose, authority=authority.name)
                await self._alarm(authority, f"left:{channel}", sentence)

    async def person_changed(self, body: Body, event: Body) -> None:
        """An account was switched off."""
        user = event.get("user") or {}
        if not user.get("deleted"):
            return
        team = str(user.get("team_id") or body.get("team_id"))
        for person in self._with.directory.people:
            if any((a.platform, a.team, a.user) == ("slack", team, user.get("id")) for a in person.accounts):
                for authority in self._authorities({held.authority for held in person.roles}):
                    await self._alarm(authority, f"gone:{team}:{user.get('id')}", GONE.format(name=person.name))

    async def revoked(self, body: Body) -> None:
        """Our token was withdrawn; what is to be said goes to whatever else there is."""
        team = str(body.get("team_id"))
        mine = {a.id for a in self._with.directory.authorities if any(r.platform == "slack" and r.team == team for r in a.rooms)}
        for authority in self._authorities(mine):
            await self._alarm(authority, f"revoked:{team}", REVOKED.format(team=team))

    def _rooms(self, channel: str) -> Iterator[tuple[Authority, Room]]:
        for authority in self._with.directory.authorities:
            yield from ((authority, room) for room in authority.rooms if room.platform == "slack" and room.channel == channel)

    def _authorities(self, ids: Iterable[str]) -> list[Authority]:
        return [a for a in self._with.directory.authorities if a.id in set(ids)]

    async def _alarm(self, authority: Authority, key: str, sentence: str) -> None:
        """Once a day for each thing; committed before Slack hears that we have it, so that it tells us again otherwise."""
        log.warning("slack: %s", key)

        def raised(desk: Desk) -> bool:
            return alarms.raise_alarm(desk, authority.id, f"slack:{key}:{desk.today.isoformat()}", sentence)

        await self._with.inbound.act(raised)
