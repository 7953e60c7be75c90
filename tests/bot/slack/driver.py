"""People in Slack: what they type, press and fill in, as the signed requests that Slack sends."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

import httpx
from slack_sdk.signature import Clock, SignatureVerifier

from tests.bot.slack.limits import check_answer

SECRET = "not-a-secret"
FORM = "application/x-www-form-urlencoded"
ROOM, PARTNERS, MANAGEMENT = "C1", "C2", "C3"


@dataclass
class Driver:
    """`answers`: where private answers are sent to."""

    http: httpx.AsyncClient
    answers: str
    numbers: count[int] = field(default_factory=lambda: count(1))

    async def trigger(self) -> str:
        """What opens a window."""
        return f"trigger.{next(self.numbers)}"

    async def settled(self) -> None:
        """Let what goes on after an answer end, where that can be known."""

    async def post(
        self, body: bytes, *, kind: str = FORM, at: float | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """A signed request."""
        stamp = str(int(at if at is not None else Clock().now()))
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or ""
        given = {"content-type": kind, "x-slack-request-timestamp": stamp, "x-slack-signature": signature, **(headers or {})}
        return await self.http.post("/slack/events", content=body, headers=given)

    async def command(
        self, text: str, user: str = "U1", team: str = "T1", channel: str = ROOM, trigger: str = "", command: str = "/missing"
    ) -> Any:
        """Type a command; gives what Slack is answered at once."""
        fields = {
            "command": command,
            "text": text,
            "user_id": user,
            "team_id": team,
            "channel_id": channel,
            "trigger_id": trigger or await self.trigger(),
            "response_url": self.answers,
        }
        return await self._answered(await self.post(urlencode(fields).encode()))

    async def interact(self, payload: dict[str, Any]) -> Any:
        """Send an interaction; gives what Slack is answered at once."""
        return await self._answered(await self.post(urlencode({"payload": json.dumps(payload)}).encode()))

    async def press(self, button: dict[str, Any], user: str = "U1", team: str = "T1", channel: str = ROOM, **more: Any) -> Any:
        """Press a button of a message."""
        payload = {
            "type": "block_actions",
            "user": {"id": user, "team_id": team},
            "team": {"id": team},
            "channel": {"id": channel},
            "container": {"type": "message", "channel_id": channel, "message_ts": "1.1"},
            "message": {"ts": "1.1"},
            "trigger_id": await self.trigger(),
            "response_url": self.answers,
            "actions": [{"type": "button", "action_ts": f"{next(self.numbers)}.0", **button}],
            **more,
        }
        return await self.interact(payload)

    async def submit(self, view: dict[str, Any], values: dict[str, str], user: str = "U1", team: str = "T1") -> Any:
        """Send in a view, filled as a person would: by field id, a time as `2026-02-01T21:00`."""
        sent = {**view, "id": "V1", "hash": "h", "state": {"values": state(view, values)}}
        payload = {"type": "view_submission", "user": {"id": user, "team_id": team}, "team": {"id": team}, "view": sent}
        return await self.interact(payload)

    async def _answered(self, answer: httpx.Response) -> Any:
        assert answer.status_code == 200, answer.text
        await self.settled()
        said = answer.json() if answer.text.startswith("{") else answer.text
        check_answer(said)
        return said


def state(view: dict[str, Any], values: dict[str, str]) -> dict[str, Any]:
    """What Slack sends of each input: the value given, else what it held."""
    found: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            found[block["block_id"]] = {element["action_id"]: _filled(block["block_id"], element, values)}
    return found


def _filled(block: str, element: dict[str, Any], values: dict[str, str]) -> dict[str, Any]:
    name, _, part = block.partition("|")
    given = values.get(name)
    match element["type"]:
        case "datepicker":
            return {"type": "datepicker", "selected_date": given[:10] if given else element.get("initial_date")}
        case "timepicker":
            return {"type": "timepicker", "selected_time": given[-5:] if given else element.get("initial_time")}
        case "plain_text_input":
            return {"type": "plain_text_input", "value": given if given is not None else element.get("initial_value")}
    chosen = {"value": given} if given else element.get("initial_option")
    assert part == ""
    return {"type": element["type"], "selected_option": chosen}
