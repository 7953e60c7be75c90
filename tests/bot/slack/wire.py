"""Slack's end of the wire: a server on loopback that takes calls, remembers them, and answers as it was told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.loopback import Handler, serving

BOT, BOT_USER = "B0HOMEWARD", "U0HOMEWARD"


@dataclass
class Call:
    """One request: the method of the Web API, or the path of a response address."""

    method: str
    sent: dict[str, Any]


@dataclass
class Wire:
    """`refuse` holds errors by method; `rooms` what conversations.info says; `hold` lets a method wait until it is set."""

    url: str
    calls: list[Call] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    status: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    drop: dict[str, int] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    hold: dict[str, threading.Event] = field(default_factory=dict)
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    uploads: list[str] = field(default_factory=list)
    clock: Iterator[int] = field(default_factory=lambda: count(1_780_000_000))

    def of(self, method: str) -> list[dict[str, Any]]:
        """What was sent to a method, in order."""
        return [call.sent for call in self.calls if call.method == method]

    def last_view(self) -> dict[str, Any]:
        """The view shown last, by any way there is."""
        shown = [call.sent["view"] for call in self.calls if call.method in {"views.open", "views.update", "views.publish"}]
        return dict(shown[-1])

    def answer(self, method: str, sent: dict[str, Any]) -> dict[str, Any]:
        if method in self.refuse:
            return {"ok": False, "error": self.refuse[method]}
        if method in self.answers:
            return {"ok": True, **self.answers[method]}
        return {"ok": True, **self._default(method, sent)}

    def _default(self, method: str, sent: dict[str, Any]) -> dict[str, Any]:
        if method == "chat.postMessage":
            ts = f"{next(self.clock)}.000100"
            self.messages.setdefault(sent["channel"], []).append({**sent, "ts": ts, "bot_id": BOT})
            return {"ts": ts, "channel": sent["channel"]}
        if method == "files.completeUploadExternal":
            names = [{"id": "F1", "name": self.of("files.getUploadURLExternal")[-1]["filename"]}]
            self.messages.setdefault(sent["channel_id"], []).append({"files": names, "ts": f"{next(self.clock)}.000100", "user": BOT_USER})
        channel = str(sent.get("channel"))
        usual: dict[str, dict[str, Any]] = {
            "auth.test": {"user_id": BOT_USER, "bot_id": BOT, "team_id": "T1"},
            "chat.update": {"ts": sent.get("ts"), "channel": channel},
            "conversations.open": {"channel": {"id": f"D{sent.get('users')}"}},
            "conversations.members": {"members": ["U1", "U2", "U3", BOT_USER]},
            "conversations.info": {"channel": {"id": channel, "is_member": True, "is_archived": False}},
            "conversations.history": {"messages": self.messages.get(channel, [])},
            "conversations.replies": {"messages": self.messages.get(channel, [])},
            "files.getUploadURLExternal": {"upload_url": f"{self.url}/upload", "file_id": "F1"},
            "files.completeUploadExternal": {"files": [{"id": "F1", "title": "file"}]},
            "views.open": {"view": {"id": "V1"}},
            "views.update": {"view": {"id": "V1"}},
        }
        return usual.get(method, {})


@contextmanager
def wire() -> Iterator[Wire]:
    """A server for the length of the block."""
    with serving(_Handler) as (server, address):
        server.wire = found = Wire(address)  # type: ignore[attr-defined]
        yield found


class _Handler(Handler):
    def take(self) -> None:
        found: Wire = self.server.wire  # type: ignore[attr-defined]
        raw = self.body().decode(errors="replace")  # a picture is no text
        method = urlsplit(self.path).path.removeprefix("/api/")
        if method == "/upload":
            found.uploads.append(raw)
            self.reply(200, {"ok": True})
            return
        sent = _sent(raw, self.headers.get("Content-Type", "")) | {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
        if method in found.hold:
            found.hold[method].wait(10)
        found.calls.append(Call(method, sent))
        status, extra = found.status.get(method, (200, {}))
        body = found.answer(method, sent) if status == 200 else {"ok": False, "error": "busy"}
        if found.drop.get(method, 0) > 0:
            found.drop[method] -= 1
            self.close_connection = True
            return
        self.reply(status, body, {**found.headers, **extra})


def _sent(raw: str, kind: str) -> dict[str, Any]:
    if "json" in kind:
        return dict(json.loads(raw or "{}"))
    values = {name: value[0] for name, value in parse_qs(raw).items()}
    return {name: json.loads(value) if value[:1] in "[{" else value for name, value in values.items()}
