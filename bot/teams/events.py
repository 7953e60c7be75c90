"""What happens to our rooms and to us in Teams: noticed, and said to the management room."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from microsoft_teams.api.activities.conversation.conversation_update import ConversationUpdateActivity
from microsoft_teams.api.activities.install_update.add import InstalledActivity
from microsoft_teams.api.activities.install_update.remove import UninstalledActivity
from microsoft_teams.apps import ActivityContext, App

from bot.teams import render
from bot.teams.callers import Caller, caller, room
from bot.teams.conversation import Conversation
from bot.teams.homes import Homes
from bot.teams.presence import Presence
from handlers import alarms
from handlers.desk import Desk

log = logging.getLogger(__name__)
WELCOME = "Homeward is here. Type report, mine, list or help; nobody but you reads what you type to me here."
LEFT = "Homeward was taken out of the {purpose} room of {authority}, so nothing reaches it. Add the app there again."
DELETED = "The {purpose} room of {authority} was deleted, so nothing reaches it. Name another in homeward.yml."
ARCHIVED = "The team of the {purpose} room of {authority} was archived, so nothing reaches it. Restore it, or name another room."
RENAMED = "The {purpose} room of {authority} has another name now. Homeward knows it by its id; nothing else changed."
CHANNELS = {"channelDeleted": DELETED, "channelRenamed": RENAMED, "channelUnshared": LEFT}
TEAMS = {"teamDeleted": DELETED, "teamHardDeleted": DELETED, "teamArchived": ARCHIVED}
GONE = frozenset({LEFT, DELETED})


class Events:
    """What Teams tells us by itself."""

    def __init__(self, conversation: Conversation, homes: Homes, presence: Presence) -> None:
        self._with, self._homes, self._presence = conversation, homes, presence

    def register(self, app: App) -> None:
        """Tell the SDK which events we hear."""
        app.on_install_add(self.added)
        app.on_install_remove(self.removed)
        app.on_conversation_update(self.changed)

    async def added(self, ctx: ActivityContext[InstalledActivity]) -> None:
        """We were added somewhere: from now on we can write there."""
        of = caller(ctx.activity, self._with.directory)
        await self._with.heard(of)
        if of.personal:
            self._with.later(self._welcome(of))

    async def _welcome(self, of: Caller) -> None:
        await self._with.tell(of, render.sentence(WELCOME))
        await self._homes.send(of)

    async def removed(self, ctx: ActivityContext[UninstalledActivity]) -> None:
        """We were taken out: of a talk with one person, of a team, of one channel."""
        of = caller(ctx.activity, self._with.directory)
        if of.personal:
            await self._with.inbound.act(lambda desk: self._with.references.forget(desk, of.tenant, of.user))
        else:
            await self._lost(of, LEFT)

    async def changed(self, ctx: ActivityContext[ConversationUpdateActivity]) -> None:
        """A channel or a team changed, or who is in it."""
        of, activity = caller(ctx.activity, self._with.directory), ctx.activity
        data = activity.channel_data
        kind = data.event_type if data else None
        about = data.channel.id if data and data.channel and data.channel.id else of.channel
        gone = {account.id for account in activity.members_removed or ()}
        self._presence.changed()
        if kind in CHANNELS:
            await self._say(of, [about], CHANNELS[kind])
        elif kind in TEAMS:
            await self._lost(of, TEAMS[kind])
        elif activity.recipient.id in gone:
            await self._lost(of, LEFT)
        else:
            await self._with.heard(of)

    async def _lost(self, of: Caller, sentence: str) -> None:
        """Every channel of the team, where it is the team that is meant."""
        known = self._with.references

        def forget(desk: Desk) -> list[str]:
            channels = [one.whose for one in known.of_team(desk, of.host, of.team)] if of.team else []
            return list(dict.fromkeys((of.channel, *channels)))

        await self._say(of, await self._with.inbound.act(forget), sentence)

    async def _say(self, of: Caller, channels: Iterable[str], sentence: str) -> None:
        """Once a day for each room; committed before Teams hears that we have it, so that it tells us again otherwise."""

        def raised(desk: Desk) -> None:
            for channel in channels:
                if sentence in GONE:
                    self._with.references.forget(desk, of.host, channel)
                found = room(self._with.directory, channel)
                if found:
                    said = sentence.format(purpose=found[1].purpose, authority=found[0].name)
                    alarms.raise_alarm(desk, found[0].id, f"teams:{channel}:{sentence[-20:]}:{desk.today.isoformat()}", said)
                    log.warning("teams: a room changed: %s", channel)

        await self._with.inbound.act(raised)
