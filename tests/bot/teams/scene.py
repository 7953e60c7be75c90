"""A tenant played in one process: people type, press and fill in, every request signed; Teams' end is a server on loopback."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
from fastapi import FastAPI
from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides
from sqlalchemy import Engine

from bot import configuration
from bot.inbound import Inbound
from bot.limits import Limits
from bot.teams.app import Access
from bot.teams.serving import Serving, connect
from handlers.desk import Desk, Office
from storage.db import transaction
from storage.sealing import Vault, new_key
from tests.bot.played import START, Played
from tests.bot.teams.driver import MANAGEMENT, PARTNERS, ROOM, TENANT, Driver, buttons
from tests.bot.teams.wire import APP, Call, Wire, text_of

HOMEWARD_YML = f"""
authorities:
  - id: westbrook
    name: Westbrook
    pack: triborough
    rooms:
      - {{platform: teams, tenant: {TENANT}, channel: "{ROOM}", purpose: coordination}}
      - {{platform: teams, tenant: {TENANT}, channel: "{PARTNERS}", purpose: partners}}
      - {{platform: teams, tenant: {TENANT}, channel: "{MANAGEMENT}", purpose: management}}
people:
  - id: edt.one
    name: Dana Okoye
    agency: edt_service
    accounts: [{{platform: teams, tenant: {TENANT}, user: u1}}]
    roles: [{{role: edt, authority: westbrook}}]
  - id: worker.one
    name: Ines Marlow
    agency: childrens_social_care
    accounts: [{{platform: teams, tenant: {TENANT}, user: u2}}]
    roles: [{{role: social_worker, authority: westbrook}}]
  - id: manager.one
    name: Tom Arkwell
    agency: childrens_social_care
    accounts: [{{platform: teams, tenant: {TENANT}, user: u3}}]
    roles: [{{role: team_manager, authority: westbrook}}, {{role: service_manager, authority: westbrook}}]
  - id: coordinator.one
    name: Mia Fenwick
    agency: childrens_social_care
    accounts: [{{platform: teams, tenant: {TENANT}, user: u4}}]
    roles: [{{role: la_missing_coordinator, authority: westbrook}}]
  - id: police.one
    name: Sgt Ray <b>Holm</b>
    agency: police
    accounts: [{{platform: teams, tenant: {TENANT}, user: u90}}]
    roles: [{{role: police, authority: westbrook}}]
  - id: director.one
    name: Ruth Vance
    agency: corporate_council
    accounts: [{{platform: teams, tenant: {TENANT}, user: u6}}]
    roles: [{{role: director_childrens_services, authority: westbrook}}, {{role: head_of_service, authority: westbrook}}]
  - id: nurse.one
    name: Dr Leo Adair
    agency: health
    roles: [{{role: health_representative, authority: westbrook}}]
"""


@dataclass(kw_only=True)
class Scene(Played, Driver):
    """A scene of Teams."""

    name = "teams"
    serving: Serving
    wire: Wire

    async def report(self, user: str = "u1", **values: str) -> str:
        """Report a child by the message extension; gives the reference."""
        answer = await self.invoke("composeExtension/fetchTask", {"commandId": "report", "commandContext": "compose", "data": {}}, user)
        card = answer["task"]["value"]["card"]["content"]
        given = {"missing_since": "2026-02-01T21:00", "risk_level": "medium", "case_reference": f"CASE-{next(self.numbers)}", **values}
        while "HW-" not in text_of(card):
            card = await self.submit(card, given, user)
        return str(re.findall(r"HW-[0-9A-Z]{4}", text_of(card))[0])

    def told(self, user: str = "u1") -> str:
        """Everything said to somebody alone."""
        return "\n".join(text_of(call.card) for call in self.wire.of("post") if call.place == f"a:{user}")

    def button(self, verb: str, says: str = "") -> tuple[dict[str, Any], Call]:
        """The latest button of that verb in any message, about something that is called so; and the message."""
        for call in reversed(self.wire.calls):
            for button in buttons(call.card):
                if button["data"].get("verb") == verb and says in button.get("tooltip", ""):
                    return button, call
        raise AssertionError(f"no button {verb} {says}")


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
        serving = connect(access(wire), inbound)
        serving.conversation.references.anywhere = wire.url
        web = FastAPI()
        web.include_router(serving.router)
        async with serving.life(), httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://homeward.test") as http:
            holder.append(Scene(http, wire.url, engine=engine, office=office, serving=serving, wire=wire))
            yield holder[0]
            await serving.conversation.drain()
        serving.close()


@asynccontextmanager
async def another_process(of: Scene) -> AsyncIterator[Scene]:
    """A second bot over the same database, that remembers nothing of what the first one took."""
    serving, web = connect(access(of.wire), of.serving.conversation.inbound), FastAPI()
    web.include_router(serving.router)
    async with serving.life(), httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://other.test") as http:
        yield replace(of, http=http, serving=serving)
    serving.close()


def access(wire: Wire) -> Access:
    """Tokens in are checked against the keys of the wire; for tokens out there is nobody to ask."""
    cloud = with_overrides(PUBLIC, openid_metadata_url=f"{wire.url}/openidconfiguration")
    return Access(APP, None, TENANT, cloud=cloud, token=lambda _scope, _tenant: "eyJhbGciOiJub25lIn0.e30.")
