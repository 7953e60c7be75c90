"""Graph's end of the wire: takes a body only if Microsoft's own model reads every word of it and gives back the same."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from azure.core.credentials import AccessToken
from kiota_abstractions.serialization import AdditionalDataHolder, Parsable
from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory
from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter
from msgraph.generated.models.event import Event as GraphEvent
from msgraph.generated.models.field_value_set import FieldValueSet
from msgraph.generated.models.list_item import ListItem
from msgraph.generated.users.item.events.item.cancel.cancel_post_request_body import CancelPostRequestBody
from msgraph.generated.users.item.send_mail.send_mail_post_request_body import SendMailPostRequestBody

from tests.loopback import Handler, serving

LINK = "https://teams.example.org/{}"
PROPERTIES = "singleValueExtendedProperties"
FREE = (FieldValueSet,)  # its columns are whatever the list has


class Key:
    """A credential that remembers for whom it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        self.asked.append(scopes)
        return AccessToken("invented", 4_000_000_000)


@dataclass
class Fake:
    """`faults` are taken one by one: 429, 503 …, drop (before it is taken), lost (after), empty (taken, and answered with nothing)."""

    url: str
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    faults: deque[str] = field(default_factory=deque)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    letters: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    users: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    link: str = LINK
    strict: bool = False  # whether the second event of one transaction is refused, or given as the first one

    def of(self, method: str, ends: str) -> list[Any]:
        """What was asked of a place, in order."""
        return [body for how, path, body in self.calls if how == method and path.split("?")[0].endswith(ends)]

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        place, _, query = path.partition("?")
        parts = place.strip("/").split("/")
        if parts == ["key"]:  # as a machine of Azure is given one
            return 200, {"access_token": "invented", "expires_on": "4000000000", "resource": "x", "token_type": "Bearer"}
        if "events" in parts:
            return self._event(method, parts[parts.index("events") + 1 :], body, query)
        if parts[-1] == "sendMail":
            self.letters.append(read(SendMailPostRequestBody, body))
            return 202, None
        if "items" in parts:
            return self._row(method, parts[parts.index("items") + 1 :], body, parse_qs(query))
        if len(parts) > 1:
            return 403, {"error": {"code": "Authorization_RequestDenied", "message": "no"}}
        asked = parse_qs(query)["$filter"][0]
        return 200, {"value": [user for user in self.users if user["mail"].replace("'", "''") in asked]}

    def _event(self, method: str, rest: list[str], body: Any, query: str) -> tuple[int, Any]:
        if method == "GET" and not rest:
            asked = parse_qs(query).get("$filter", [""])[0]
            ours = [n for n, e in self.events.items() if all(f"'{p['value']}'" in asked for p in e[PROPERTIES])]
            return 200, {"value": [self._shown(n) for n in ours]}
        if method == "POST" and not rest:
            made = read(GraphEvent, body)
            there = next((n for n, e in self.events.items() if e["transactionId"] == made["transactionId"]), None)
            if there and self.strict:
                return 409, {"error": {"code": "ErrorDuplicateTransactionId", "message": "taken"}}
            number = there or f"E{len(self.events) + 1}"
            self.events.setdefault(number, {**made, "body": _as_exchange_keeps_it(made["body"]["content"], self.link.format(number))})
            return 201, self._shown(number)
        if rest[0] not in self.events:
            return 404, {"error": {"code": "ErrorItemNotFound", "message": "gone"}}
        if method == "PATCH":
            self.events[rest[0]] |= read(GraphEvent, body)
        elif rest[-1] == "cancel":
            read(CancelPostRequestBody, body)
            del self.events[rest[0]]
            return 202, None
        return 200, self._shown(rest[0])

    def _shown(self, number: str) -> dict[str, Any]:
        """An event as Graph gives it: extended properties come only when they are asked for."""
        kept = {name: value for name, value in self.events[number].items() if name != PROPERTIES}
        return {**kept, "id": number, "onlineMeeting": {"joinUrl": self.link.format(number)}}

    def _row(self, method: str, rest: list[str], body: Any, query: dict[str, list[str]]) -> tuple[int, Any]:
        if method == "GET" and "$filter" not in query:
            return 200, {"value": []}
        if method == "GET":
            title = query["$filter"][0].split("'")[1]
            return 200, {"value": [{"id": n, "fields": row} for n, row in self.rows.items() if row["Title"] == title]}
        if method == "POST":
            number = str(len(self.rows) + 1)
            self.rows[number] = read(ListItem, body)["fields"]
            return 201, {"id": number, "fields": self.rows[number]}
        if rest[0] not in self.rows:
            return 404, {"error": {"code": "itemNotFound", "message": "gone"}}
        self.rows[rest[0]] |= read(FieldValueSet, body)
        return 200, self.rows[rest[0]]


def read(model: Any, body: dict[str, Any]) -> dict[str, Any]:
    """The body as Microsoft's model has it; what it does not know, or gives back otherwise, is a fault of ours."""
    found = parsed(model, body)
    left_over(found)
    writer = JsonSerializationWriter()
    found.serialize(writer)
    again: dict[str, Any] = json.loads(writer.get_serialized_content())
    assert without_types(again) == without_types(body)
    return body


def parsed(model: Any, body: dict[str, Any]) -> Any:
    """The body as an object of the model."""
    return JsonParseNodeFactory().get_root_parse_node("application/json", json.dumps(body).encode()).get_object_value(model)


def left_over(found: Any) -> None:
    """Nothing, at any depth, that the model did not understand."""
    if isinstance(found, list):
        for part in found:
            left_over(part)
    if not isinstance(found, Parsable):
        return
    if isinstance(found, AdditionalDataHolder) and not isinstance(found, FREE):
        assert not {name for name in found.additional_data if not name.startswith("@odata")}, type(found)
    for name, part in vars(found).items():
        if name != "additional_data":
            left_over(part)


def without_types(found: Any) -> Any:
    """Without the names of types, which the SDK adds by itself."""
    if isinstance(found, list):
        return [without_types(part) for part in found]
    if isinstance(found, dict):
        return {name: without_types(part) for name, part in found.items() if not name.startswith("@odata")}
    return found


@contextmanager
def fake() -> Iterator[Fake]:
    """A server for the length of the block."""
    with serving(_Handler) as (server, address):
        server.fake = found = Fake(f"{address}/v1.0")  # type: ignore[attr-defined]
        yield found


def _as_exchange_keeps_it(text: str, link: str) -> dict[str, str]:
    """Text becomes HTML, wrapped, with the way to join below it."""
    lines = "<br>\r\n".join(escape(line).replace(" about ", "\r\nabout ") for line in text.split("\n"))
    joined = f'<div class="me-email-text"><p>________</p><a href="{link}">Join the meeting now</a></div>'
    return {"contentType": "html", "content": f'<html><body><div class="PlainText">{lines}</div>{joined}</body></html>'}


class _Handler(Handler):
    def take(self) -> None:
        found: Fake = self.server.fake  # type: ignore[attr-defined]
        raw = self.body()
        body = json.loads(raw) if raw else None
        path = unquote(urlsplit(self.path).path.removeprefix("/v1.0")) + "?" + urlsplit(self.path).query
        found.calls.append((self.command, path, body))
        found.headers.append({name.lower(): value for name, value in self.headers.items()})
        fault = found.faults.popleft() if found.faults else ""
        if fault == "drop":
            self.cut()
        elif fault.isdecimal():
            self.reply(int(fault), {"error": {"code": "Refused", "message": "no"}}, {"Retry-After": "7"} if fault == "429" else {})
        else:
            status, answer = found.answer(self.command, path, body)
            self.cut() if fault == "lost" else self.reply(status, {} if fault == "empty" else answer)
