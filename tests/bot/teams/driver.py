"""People in Teams: what they type, press and fill in, as the signed requests that Teams sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import jwt
from slack_sdk.signature import Clock

from tests.bot.teams.wire import APP, ISSUER, KEY, signing_key

TENANT, OTHER_TENANT = "7e000000-0000-0000-0000-0000000000aa", "7e000000-0000-0000-0000-0000000000bb"
ROOM, PARTNERS, MANAGEMENT = "19:coordination@thread.tacv2", "19:partners@thread.tacv2", "19:management@thread.tacv2"
TEAM = "19:team@thread.tacv2"
BOT = {"id": f"28:{APP}", "name": "Homeward"}
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


def token(address: str, *, expires: timedelta | None = None, key: Any = None, kid: str = KEY, **claims: Any) -> str:
    """What Teams signs; every part of it can be another."""
    now = moment() if expires is None else LONG_AGO
    body = {
        "iss": ISSUER,
        "aud": APP,
        "serviceurl": address,
        "iat": now,
        "nbf": now,
        "exp": now + (expires or timedelta(hours=1)),
        **claims,
    }
    body = {name: value for name, value in body.items() if value is not None}
    return jwt.encode(body, key or signing_key(), "RS256", headers={"kid": kid})


def moment() -> datetime:
    """The time of the wall, which tokens go by."""
    return datetime.fromtimestamp(int(Clock().now()), UTC)


def person(user: str) -> dict[str, Any]:
    """Somebody, by the object id that homeward.yml names."""
    return {"id": f"29:{user}", "aadObjectId": user, "name": f"Somebody {user}"}


@dataclass
class Driver:
    """`address`: where Teams is called back."""

    http: httpx.AsyncClient
    address: str
    numbers: count[int] = field(default_factory=lambda: count(1))
    clock: datetime = datetime(2026, 2, 1, 22, 15, tzinfo=UTC)

    async def settled(self) -> None:
        """Let what goes on after an answer end, where that can be known."""

    def activity(self, kind: str, user: str, channel: str, thread: str | None = None, tenant: str = TENANT, **more: Any) -> dict[str, Any]:
        """An activity as Teams makes it."""
        number = next(self.numbers)
        personal = not channel.startswith("19:")
        place = {"id": f"{channel};messageid={thread}" if thread else channel, "tenantId": tenant}
        place["conversationType"] = "personal" if personal else "channel"
        in_team = {} if personal else {"team": {"id": TEAM}, "channel": {"id": channel}, "teamsChannelId": channel}
        return {
            "type": kind,
            "id": str(1_770_000_000_000 + number),
            "timestamp": (self.clock + timedelta(seconds=number)).isoformat(),
            "channelId": "msteams",
            "serviceUrl": self.address,
            "from": person(user),
            "conversation": place,
            "recipient": BOT,
            "channelData": {"tenant": {"id": tenant}, **in_team},
            **more,
        }

    async def deliver(self, activity: dict[str, Any], authorization: str | None = None) -> httpx.Response:
        """Send an activity, signed."""
        said = authorization if authorization is not None else f"Bearer {token(self.address)}"
        answer = await self.http.post("/api/messages", json=activity, headers={"authorization": said})
        await self.settled()
        return answer

    async def say(self, text: str, user: str = "u1", channel: str = ROOM, thread: str | None = None, **more: Any) -> dict[str, Any]:
        """Type a message: after the bot's name in a channel, without it in the talk with the bot alone. Gives the activity."""
        named = channel.startswith("19:")
        mention = [{"type": "mention", "mentioned": BOT, "text": "<at>Homeward</at>"}]
        activity = self.activity(
            "message", user, channel, thread or (str(1_760_000_000_000 + next(self.numbers)) if named else None), **more
        )
        activity |= {"text": f"<at>Homeward</at>\xa0{text}" if named else text, "entities": mention if named else [], "textFormat": "plain"}
        assert (await self.deliver(activity)).status_code == 200
        return activity

    async def invoke(self, name: str, value: dict[str, Any], user: str = "u1", channel: str = ROOM, **more: Any) -> Any:
        """Press, open or send in something; gives what the response says."""
        answer = await self.deliver(self.activity("invoke", user, channel, name=name, value=value, **more))
        assert answer.status_code == 200, answer.text
        return answer.json() if answer.content else None

    async def press(self, button: dict[str, Any], message: str = "", user: str = "u1", channel: str = ROOM, **more: Any) -> Any:
        """Press a button that acts at once, of a message named as posts name it."""
        thread, _, reply = message.rpartition("/")
        action = {"type": "Action.Execute", "verb": button.get("verb", "press"), "data": button["data"]}
        more = {"replyToId": reply or None, "thread": thread or reply or None, **more}
        return await self.invoke("adaptiveCard/action", {"action": action}, user, channel, **more)

    async def open(self, button: dict[str, Any], user: str = "u1", channel: str = ROOM, **more: Any) -> Any:
        """Press a button that opens a dialog; gives its card."""
        answer = await self.invoke("task/fetch", {"data": button["data"], "context": {"theme": "default"}}, user, channel, **more)
        return answer["task"]["value"]["card"]["content"]

    async def submit(self, card: dict[str, Any], values: dict[str, str], user: str = "u1", channel: str = ROOM, **more: Any) -> Any:
        """Send in a dialog, filled as a person would: by field id, a time as `2026-02-01T21:00`; gives the card that comes."""
        answer = await self.invoke("task/submit", {"data": filled(card, values)}, user, channel, **more)
        return answer["task"]["value"]["card"]["content"]


def filled(card: dict[str, Any], values: dict[str, str]) -> dict[str, Any]:
    """What Teams sends of a dialog: the data of its button, and of each input the value given, else what it held."""
    send = next(element for element in card["body"] if element["type"] == "ActionSet")["actions"][0]
    found = dict(send["data"])
    for element in card["body"]:
        if element["type"].startswith("Input."):
            name, _, part = element["id"].removeprefix("in:").partition("|")
            given = values.get(name)
            if given is not None and part:
                day, _, time = given.rpartition("T") if ":" in given else (given, "", "")
                given = day if part == "day" else time
            value = given if given is not None else element.get("value")
            if value:
                found[element["id"]] = value
    return found


def buttons(card: Any) -> list[dict[str, Any]]:
    """Every button of a card."""
    if isinstance(card, list):
        return [button for part in card for button in buttons(part)]
    if not isinstance(card, dict):
        return []
    own = [card] if str(card.get("type", "")).startswith("Action.") else []
    return [*own, *(button for name in ("body", "items", "actions") for button in buttons(card.get(name)))]
