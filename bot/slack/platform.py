"""The platform port: a post becomes a message, once; an edit changes it in place; a doubtful one is looked for by its own id."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.web import SlackResponse

from bot.slack import errors, files, render
from bot.slack.presence import Presence
from bot.slack.render import Message
from bot.slack.workspaces import Workspace, Workspaces
from handlers.delivery.pace import Limit, Pace
from handlers.directory import Person
from handlers.errors import Elsewhere, HandlerError, Later, Uncertain, Undeliverable
from handlers.outgoing import Sent, in_words
from handlers.ports import Parcel

log = logging.getLogger(__name__)
EVENT = "homeward_outbox"
SKEW = timedelta(minutes=5)  # between our clock and Slack's
PACE = Pace(posts=(Limit(3, 3.3),), edits=(Limit(45, 60),), all=(Limit(200, 60),))  # about one a second and channel; tier 3 edits
TOGETHER = 8  # people in one direct message, beside us
PAGE, PAGES = 200, 20  # messages of a channel that a look-up reads at most: 4,000

Worry = Callable[[Parcel, str], None]


@dataclass
class Slack:
    """Meets the port from threads. `worry` hears of a person who will not notice an urgent post."""

    workspaces: Workspaces
    presence: Presence
    worry: Worry = lambda _parcel, _sentence: None
    _directs: dict[tuple[str, str], str] = field(default_factory=dict)

    def send(self, parcel: Parcel) -> Sent:
        """Post it with its opaque id in the metadata, by which it can be found again."""
        workspace, channel, thread, missed = self._place(parcel)
        if parcel.file and parcel.body.enclosed:
            try:
                return self._hand_over(workspace, channel, files.shared(parcel, parcel.body.enclosed, parcel.file))
            except Undeliverable as refused:
                log.warning("post %s: goes without its file (%s)", parcel.post.id, refused)
        message = render.post(in_words(parcel.body), parcel.people, workspace.team)
        answer = self._post(workspace, channel, thread, parcel, message)
        self._heard(workspace, parcel)
        return Sent(str(answer["ts"]), _at(str(answer["ts"])), str(answer["channel"]), missed)

    def update(self, parcel: Parcel) -> Sent:
        """Change it in place. A message that somebody deleted is undeliverable while there is something to do in it, else let be."""
        workspace = self._workspace(parcel)
        channel = parcel.post.channel or self._place(parcel)[1]
        message = render.post(parcel.body, parcel.people, workspace.team)
        content: dict[str, Any] = {"channel": channel, "ts": parcel.post.reference, "text": message.text, "metadata": _metadata(parcel)}
        try:
            answer = self._call(workspace, "chat.update", json={**content, "blocks": list(message.blocks)})
        except Undeliverable as refused:
            if str(refused) not in errors.GONE or parcel.is_live:
                raise
            reference = parcel.post.reference or ""
            return Sent(reference, _at(reference), channel)
        return Sent(str(answer["ts"]), _at(str(answer["ts"])), str(answer["channel"]))

    def look_up(self, parcel: Parcel) -> Sent | None:
        """Look for its id among our own messages since it was written; None when it is not there at this moment."""
        workspace, channel, thread, missed = self._place(parcel)
        self._know(workspace)
        oldest = ((parcel.post.tried_at or parcel.post.queued_at) - SKEW).timestamp()
        asked: dict[str, Any] = {"channel": channel, "oldest": f"{oldest:.6f}", "include_all_metadata": "1", "limit": PAGE}
        method = "conversations.history"
        if thread:
            method, asked["ts"] = "conversations.replies", thread
        for _ in range(PAGES):
            answer = self._call(workspace, method, data=asked)
            messages: list[dict[str, Any]] = answer.get("messages") or []
            found = next((m for m in messages if _is(m, parcel, workspace)), None)
            if found is not None:
                return Sent(str(found["ts"]), _at(str(found["ts"])), channel, missed)
            asked["cursor"] = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not asked["cursor"]:
                return None
        return None

    def _hand_over(self, workspace: Workspace, channel: str, shared: Mapping[str, Any]) -> Sent:
        """Upload a file into the channel, under a name by which it can be found again."""
        try:
            answer = workspace.client.files_upload_v2(channel=channel, **shared)
        except Exception as error:  # noqa: BLE001 - every way a call can end has a meaning for the port
            raise _meaning("files_upload_v2", error) from None
        return Sent(str(answer["files"][0]["id"]), datetime.now(UTC), channel)

    def _post(self, workspace: Workspace, channel: str, thread: str | None, parcel: Parcel, message: Message) -> SlackResponse:
        content: dict[str, Any] = {"channel": channel, "text": message.text, "metadata": _metadata(parcel), "unfurl_links": False}
        if thread:
            content.update(thread_ts=thread, reply_broadcast=parcel.body.broadcast)
        try:
            return self._call(workspace, "chat.postMessage", json={**content, "blocks": list(message.blocks)})
        except Undeliverable as refused:
            if str(refused) not in errors.UNREAD:
                raise
            log.error("post %s: blocks were refused, its text goes alone", parcel.post.id)
            return self._call(workspace, "chat.postMessage", json=content)

    def _place(self, parcel: Parcel) -> tuple[Workspace, str, str | None, tuple[str, ...]]:
        """(workspace, channel, thread, who of those mentioned is not there): one direct message to all of them when nobody is."""
        workspace, room = self._workspace(parcel), parcel.room
        if room is None:
            return workspace, self._direct(workspace, parcel.people), None, ()
        called = {p.id: u for p in parcel.people if p.id in parcel.body.mentions and (u := p.account_on("slack", workspace.team))}
        if not called or parcel.post.place != "thread":
            return workspace, room.channel, parcel.thread, ()
        outside = self.presence.outside(workspace, room.channel, called.values())
        if outside < frozenset(called.values()):
            return workspace, room.channel, parcel.thread, tuple(person for person, user in called.items() if user in outside)
        if len(called) > TOGETHER:
            raise Elsewhere("more of them than one direct message takes")
        return workspace, self._open(workspace, ",".join(called.values())), None, ()

    def _workspace(self, parcel: Parcel) -> Workspace:
        """The room's, or the person's; whoever is of another team is spoken to from ours, as in a shared channel."""
        if parcel.room is None:
            teams = [a.team for p in parcel.people for a in p.accounts if a.platform == "slack"]
            return self.workspaces.home_of(teams) or self.workspaces.first()
        workspace = self.workspaces.of(parcel.room.team)
        if workspace is None:
            raise Undeliverable("no token for this workspace")
        return workspace

    def _direct(self, workspace: Workspace, people: tuple[Person, ...]) -> str:
        user = next((u for u in (p.account_on("slack", workspace.team) for p in people) if u), None)
        if user is None:
            raise Undeliverable("nobody here has an account")
        return self._open(workspace, user)

    def _open(self, workspace: Workspace, users: str) -> str:
        known = self._directs.get((workspace.team, users))
        if known is None:
            answer = self._call(workspace, "conversations.open", json={"users": users}, writes=False)
            known = self._directs[(workspace.team, users)] = str(answer["channel"]["id"])
        return known

    def _heard(self, workspace: Workspace, parcel: Parcel) -> None:
        """An urgent post to somebody whose notifications are off is sent, and somebody is asked to ring."""
        if not parcel.body.urgent:
            return
        for person in parcel.people:
            user = person.account_on("slack", workspace.team)
            until = self.presence.silent_until(workspace, user, time.time()) if user else None
            if until:
                self._tell_somebody(parcel, person.name)

    def _tell_somebody(self, parcel: Parcel, name: str) -> None:
        """The post is out, and stays recorded as out, whatever comes of this."""
        try:
            self.worry(parcel, name)
        except Exception as error:  # noqa: BLE001 - a fault here must not send the post again
            log.error("post %s: nobody could be asked to ring (%s)", parcel.post.id, type(error).__name__)

    def _know(self, workspace: Workspace) -> None:
        if workspace.user is None:
            answer = self._call(workspace, "auth.test", writes=False)
            workspace.user, workspace.bot = str(answer["user_id"]), str(answer["bot_id"]) if answer.get("bot_id") else None

    def _call(self, workspace: Workspace, method: str, *, writes: bool = True, **sent: Any) -> SlackResponse:
        try:
            return workspace.client.api_call(method, **sent)
        except Exception as error:  # noqa: BLE001 - every way a call can end has a meaning for the port
            raise _meaning(method, error) from None


def _meaning(method: str, error: Exception) -> HandlerError:
    meant: HandlerError = errors.meaning(error)
    # It is tried again, and the watch says in one sentence when nothing works; a refusal is news.
    level = logging.INFO if isinstance(meant, Later | Uncertain) else logging.WARNING
    log.log(level, "slack %s: %s", method, errors.code(error) or type(error).__name__)
    return meant


def _metadata(parcel: Parcel) -> dict[str, Any]:
    return {"event_type": EVENT, "event_payload": {"id": parcel.post.id}}


def _is(message: dict[str, Any], parcel: Parcel, workspace: Workspace) -> bool:
    """Ours, and this very post: another app may copy an id, but not post as us."""
    metadata = message.get("metadata") or {}
    ours = message.get("bot_id") == workspace.bot if workspace.bot else message.get("user") == workspace.user
    if files.holds(message, parcel):
        return ours or message.get("user") == workspace.user
    return ours and metadata.get("event_type") == EVENT and (metadata.get("event_payload") or {}).get("id") == parcel.post.id


def _at(reference: str) -> datetime:
    return datetime.fromtimestamp(float(reference), UTC)
