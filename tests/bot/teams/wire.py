"""Teams' end of the wire: a server on loopback that takes calls, remembers them, answers as it was told, and shows its keys."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import unquote

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.loopback import Handler, serving

ISSUER, APP = "https://api.botframework.com", "0a0a0a0a-0000-0000-0000-00000000b07b"
KEY = "key-1"
UNENDORSED: dict[str, dict[str, Any]] = {
    "key-2": {"endorsements": ["webchat", "msteams.example"]},
    "key-3": {},
    "key-4": {"endorsements": None},
}


@cache
def signing_key() -> rsa.RSAPrivateKey:
    """The key that signs what comes from Teams, in these tests."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Call:
    """One request: `what` is post, edit, open or member; `place` the conversation, `message` the id that was answered."""

    what: str
    place: str
    sent: dict[str, Any]
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def card(self) -> dict[str, Any]:
        """The card in it."""
        return dict((self.sent.get("attachments") or [{"content": {}}])[0]["content"])


@dataclass
class Wire:
    """`faults` are taken one by one by posts and edits: 429, 412, 500 …, hang, drop (before it is taken), lost (after)."""

    url: str
    calls: list[Call] = field(default_factory=list)
    faults: deque[str] = field(default_factory=deque)
    refuse: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    slow: set[str] = field(default_factory=set)
    free: threading.Event = field(default_factory=threading.Event)
    numbers: Iterator[int] = field(default_factory=lambda: count(1_780_000_000_000))

    def of(self, what: str) -> list[Call]:
        """The calls of a kind that were taken, in order."""
        return [call for call in self.calls if call.what == what]

    def shown(self) -> dict[str, Call]:
        """What stands there now, by message: the last edition of each."""
        return {call.message: call for call in self.calls if call.what in {"post", "edit"}}


def text_of(card: Any) -> str:
    """Every word of a card, as somebody reads it."""
    if isinstance(card, list):
        return "\n".join(filter(None, map(text_of, card)))
    if not isinstance(card, dict):
        return ""
    if card.get("type") == "RichTextBlock":
        return "".join(run["text"] for run in card["inlines"])
    own = [str(card[name]) for name in ("text", "label", "title") if card.get(name)]
    return "\n".join([*own, *filter(None, (text_of(card.get(name)) for name in ("body", "items", "actions")))])


@contextmanager
def wire() -> Iterator[Wire]:
    """A server for the length of the block."""
    with serving(_Handler) as (server, address):
        server.wire = found = Wire(f"{address}/uk")  # type: ignore[attr-defined]
        try:
            yield found
        finally:
            found.free.set()


class _Handler(Handler):
    def take(self) -> None:
        if self.command == "GET":
            self._look()
        else:
            self._deliver()

    def _look(self) -> None:
        if self.path.endswith("/keys"):
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(signing_key().public_key()))
            found: Wire = self.server.wire  # type: ignore[attr-defined]
            found.calls.append(Call("keys", "", {}))
            mine = {**public, "kid": KEY, "use": "sig", "alg": "RS256"}
            others = [{**mine, "kid": kid, **said} for kid, said in UNENDORSED.items()]
            status = found.refuse.get("keys", 200)
            self.reply(status, {"keys": [{**mine, "endorsements": ["webchat", "msteams"]}, *others]} if status == 200 else {})
            return
        found = self.server.wire  # type: ignore[attr-defined]
        place, _, user = unquote(self.path).removeprefix("/uk/v3/conversations/").partition("/members/")
        found.calls.append(Call("member", place, {"user": user}))
        if user in found.slow:
            found.free.wait(20)
        status = 404 if user in found.absent else found.refuse.get("member", 200)
        self.reply(
            status, {"id": f"29:{user}", "aadObjectId": user} if status == 200 else {"error": {"code": "MemberNotFoundInConversation"}}
        )

    def _deliver(self) -> None:
        found: Wire = self.server.wire  # type: ignore[attr-defined]
        sent = json.loads(self.body() or b"{}")
        place, _, rest = unquote(self.path).removeprefix("/uk/v3/conversations").strip("/").partition("/activities")
        what = "open" if not place else "edit" if self.command == "PUT" else "post"
        fault = found.faults.popleft() if found.faults and what != "open" else ""
        if fault.isdecimal() or what in found.refuse:
            self.reply(int(fault or found.refuse[what]), {"error": {"code": "Refused"}}, found.headers)
            return
        if fault == "hang":
            found.free.wait(20)
        if fault in {"hang", "drop"}:
            self.cut()
            return
        message = rest.strip("/") or (f"a:{sent['members'][0]['id']}" if what == "open" else str(next(found.numbers)))
        found.calls.append(Call(what, place, sent, message, dict(self.headers)))
        if fault == "lost":
            self.cut()
        else:
            self.reply(500 if fault == "500 after" else 201, {"id": message})
