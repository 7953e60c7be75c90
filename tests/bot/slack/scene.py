"""A workspace played in one process: people type, press and fill in, every request signed; Slack's end is a server on loopback."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI
from slack_sdk.signature import Clock
from sqlalchemy import Engine

from bot import configuration
from bot.inbound import Inbound
from bot.limits import Limits
from bot.slack.serving import Access, Serving, connect
from bot.slack.workspaces import Line
from handlers.desk import Desk, Office
from handlers.ports import Parcel
from storage.db import transaction
from storage.sealing import Vault, new_key
from tests.bot.played import START, Played
from tests.bot.slack.driver import SECRET, Driver
from tests.bot.slack.wire import Wire

TOKEN = "xoxb-invented"
HOMEWARD_YML = """
authorities:
  - id: westbrook
    name: Westbrook
    pack: triborough
    rooms:
      - {platform: slack, team: T1, channel: C1, purpose: coordination}
      - {platform: slack, team: T1, channel: C2, purpose: partners}
      - {platform: slack, team: T1, channel: C3, purpose: management}
people:
  - id: edt.one
    name: Dana Okoye
    agency: edt_service
    accounts: [{platform: slack, team: T1, user: U1}]
    roles: [{role: edt, authority: westbrook}]
  - id: worker.one
    name: Ines Marlow
    agency: childrens_social_care
    accounts: [{platform: slack, team: T1, user: U2}]
    roles: [{role: social_worker, authority: westbrook}]
  - id: manager.one
    name: Tom Arkwell
    agency: childrens_social_care
    accounts: [{platform: slack, team: T1, user: U3}]
    roles: [{role: team_manager, authority: westbrook}, {role: service_manager, authority: westbrook}]
  - id: coordinator.one
    name: Mia Fenwick
    agency: childrens_social_care
    accounts: [{platform: slack, team: T1, user: U4}]
    roles: [{role: la_missing_coordinator, authority: westbrook}]
  - id: police.one
    name: Sgt Ray Holm
    agency: police
    accounts: [{platform: slack, team: T9, user: U90}]
    roles: [{role: police, authority: westbrook}]
  - id: director.one
    name: Ruth Vance
    agency: corporate_council
    accounts: [{platform: slack, team: T1, user: U6}]
    roles: [{role: director_childrens_services, authority: westbrook}, {role: head_of_service, authority: westbrook}]
  - id: nurse.one
    name: Dr Leo Adair
    agency: health
    roles: [{role: health_representative, authority: westbrook}]
slack: [{team: T1, token_env: SLACK_BOT_TOKEN}]
"""


@dataclass(kw_only=True)
class Scene(Played, Driver):
    """A scene of Slack."""

    name = "slack"
    serving: Serving
    wire: Wire
    worries: list[tuple[Parcel, str]] = field(default_factory=list)

    async def event(self, event: dict[str, Any], team: str = "T1", number: str = "Ev1") -> httpx.Response:
        """Deliver an event."""
        body = {"type": "event_callback", "team_id": team, "event_id": number, "event_time": int(Clock().now()), "event": event}
        answer = await self.post(json.dumps(body).encode(), kind="application/json")
        await self.settled()
        return answer

    async def report(self, **values: str) -> str:
        """Report a child; gives the reference."""
        await self.command("report")
        given = {"missing_since": "2026-02-01T21:00", "risk_level": "medium", "case_reference": f"CASE-{next(self.numbers)}", **values}
        answer = await self.submit(self.wire.last_view(), given)
        while answer.get("view", {}).get("callback_id") == "form:report":
            answer = await self.submit(answer["view"], given)
        text = json.dumps(answer)
        return text[text.index("HW-") :][:7]

    def told(self) -> str:
        """Everything said privately so far: answers, windows, ephemeral messages."""
        return json.dumps(
            [call.sent for call in self.wire.calls if call.method in {"/answer", "views.update", "views.open", "chat.postEphemeral"}]
        )

    def button(self, verb: str, says: str = "") -> dict[str, Any]:
        """The latest button of that verb in any message, about something that is called so."""
        posts = [call.sent for call in self.wire.calls if call.method in {"chat.postMessage", "chat.update"}]
        blocks = [block for post in reversed(posts) for block in post.get("blocks", []) if block["type"] == "actions"]
        buttons = [element for block in blocks for element in block["elements"]]
        return next(b for b in buttons if b["action_id"] == f"press:{verb}" and says in b["accessibility_label"])


@asynccontextmanager
async def scene(engine: Engine, wire: Wire, text: str = HOMEWARD_YML, budget: float = 20.0) -> AsyncIterator[Scene]:
    """The bot of one authority, with a clock that stands still; patient, where the test is not about patience."""
    directory = configuration.directory(configuration.understand(text, "homeward.yml"))
    office = Office(directory, Vault.from_text(new_key()))
    with transaction(engine) as session:
        Desk(session, START, office).pack_in_force(directory.authorities[0])
    with ThreadPoolExecutor(4) as threads:
        holder: list[Scene] = []
        inbound = Inbound(engine, office, threads, clock=lambda: holder[0].now, budget=budget, limits=Limits(burst=1e9))
        access = Access(Line(wire.url), [("T1", TOKEN)], SECRET)
        serving = connect(access, inbound, lambda parcel, name: holder[0].worries.append((parcel, name)))
        web = FastAPI()
        assert serving.router
        web.include_router(serving.router)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://homeward.test") as http:
            holder.append(Scene(http, f"{wire.url}/answer", engine=engine, office=office, serving=serving, wire=wire))
            yield holder[0]
            await serving.conversation.drain()
