"""A reported episode over Slack: signed request to durable commit and answer, beside a bare Bolt listener that writes as many rows."""

from __future__ import annotations

import asyncio
import json
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier

from bench.line import Line
from bench.timers import durable
from bot.inbound import Inbound
from bot.limits import Limits
from bot.sandbox import town
from bot.slack import workspaces
from bot.slack.serving import Access, connect
from bot.slack.tags import Tag
from handlers.desk import Desk, Office
from handlers.directory import Account, Directory
from policies.load import edition, load
from storage.creating import upgrade
from storage.db import transaction
from storage.engines import open_database
from storage.ids import new_id
from storage.sealing import Vault, new_key

Send = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
SECRET, PACK, AUTHORITY = "not-a-secret", "triborough", "westbrook"
WRITES = re.compile(r"(?:INSERT INTO|UPDATE) (\w+)")
WARM_UP, TIMES, BAR = 20, 200, 4.0


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one request."""

    cpu: float
    wall: float


def measure() -> list[Line]:
    """The first line of what it must stand, in processor time and in wall time."""
    ours, theirs, rows = asyncio.run(_measured())
    name = f"report over Slack beside a bare listener, {sum(rows.values())} rows"
    return [
        Line(f"{name}, CPU", ours.cpu, theirs.cpu, "ms", BAR),
        Line(f"{name}, wall", ours.wall, theirs.wall, "ms", BAR),
    ]


async def _measured() -> tuple[Cost, Cost, dict[str, int]]:
    """(ours, theirs, rows written by one report, by table). They take turns, so that a busy machine is as busy for both."""
    with tempfile.TemporaryDirectory(dir="build") as folder, ThreadPoolExecutor(4) as threads:
        engine = open_database(f"sqlite:///{folder}/ours.db")
        upgrade(engine)
        ours = _ours(engine, threads)
        first = await ours(_submission(0))
        assert "HW-" in str(first.body), first.body
        rows = await _written(engine, ours)
        theirs = _theirs(Path(folder), rows)
        turns = [(await _timed(ours, n), await _timed(theirs, n)) for n in range(1000, 1000 + WARM_UP + TIMES)][WARM_UP:]
        engine.dispose()
        return _median([mine for mine, _ in turns]), _median([peers for _, peers in turns]), rows


async def _timed(send: Send, number: int) -> Cost:
    request = _submission(number)
    began = time.process_time(), time.perf_counter()
    answer = await send(request)
    spent = Cost((time.process_time() - began[0]) * 1000, (time.perf_counter() - began[1]) * 1000)
    assert answer.status == 200
    return spent


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(cost.cpu for cost in costs), statistics.median(cost.wall for cost in costs))


def _ours(engine: sa.Engine, threads: ThreadPoolExecutor) -> Send:
    name, text = edition(PACK)
    made = town.directory(load(text, name), PACK)
    people = tuple(type(p)(p.id, p.name, p.agency, p.roles, (Account("slack", f"U{n}", "T1"),)) for n, p in enumerate(made.people))
    office = Office(Directory(made.authorities, people), Vault.from_text(new_key()))
    with transaction(engine) as session:
        Desk(session, datetime.now(UTC), office).pack_in_force(made.authorities[0])
    access = Access(workspaces.Line("http://127.0.0.1:9"), [("T1", "xoxb-invented")], SECRET)
    app = connect(access, Inbound(engine, office, threads, budget=30, limits=Limits(burst=1e9)), lambda _parcel, _name: None).app
    return app.async_dispatch


def _theirs(folder: Path, rows: dict[str, int]) -> Send:
    """What anybody would write: verify, insert with Core in one transaction, acknowledge; in a file whose commits are as durable."""
    engine = durable(f"sqlite:///{folder}/theirs.db")
    metadata = sa.MetaData()
    columns = ("kind", "about", "body", "at")
    tables = {
        n: sa.Table(n, metadata, sa.Column("id", sa.String, primary_key=True), *(sa.Column(c, sa.String) for c in columns)) for n in rows
    }
    metadata.create_all(engine)

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-invented", bot_id="B1", bot_user_id="U1")

    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=True)

    @app.view("form:report")
    async def reported(ack: AsyncAck, body: dict[str, Any]) -> None:
        text = json.dumps(body["view"]["state"])[:400]
        with engine.begin() as connection:
            for name, count in rows.items():
                values = [
                    {"id": new_id(), "kind": name, "about": AUTHORITY, "body": text, "at": "2026-02-01T21:00:00"} for _ in range(count)
                ]
                connection.execute(tables[name].insert(), values)
        await ack(response_action="clear")

    return app.async_dispatch


async def _written(engine: sa.Engine, send: Send) -> dict[str, int]:
    """How many rows one report inserts or changes, by table."""
    found: Counter[str] = Counter()

    def count(_connection: object, cursor: Any, statement: str, *_rest: object) -> None:
        if table := WRITES.match(statement):
            found[table[1]] += cursor.rowcount

    sa.event.listen(engine, "after_cursor_execute", count)
    await send(_submission(1))
    sa.event.remove(engine, "after_cursor_execute", count)
    return dict(found)


def _submission(n: int) -> AsyncBoltRequest:
    """The report form, filled in and signed."""
    typed = {"surname": "Example", "case_reference": f"LC-{n}", "narrative": "Left after tea and did not come back."}
    chosen = {"category": "missing", "risk_level": "medium", "police_told": "no"}
    state: dict[str, Any] = {name: {"value": {"type": "plain_text_input", "value": text}} for name, text in typed.items()}
    state |= {name: {"value": {"type": "static_select", "selected_option": {"value": value}}} for name, value in chosen.items()}
    state["missing_since|time"] = {"echo": {"type": "timepicker", "selected_time": "21:00"}}
    tag = Tag("report", {"nonce": new_id(), "authority": AUTHORITY}, AUTHORITY)
    view = {"type": "modal", "callback_id": "form:report", "private_metadata": tag.written(), "state": {"values": state}, "blocks": []}
    payload = {"type": "view_submission", "user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1"}, "view": view}
    body = urlencode({"payload": json.dumps(payload)})
    stamp = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or ""
    headers: dict[str, str | Sequence[str]] = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature,
    }
    return AsyncBoltRequest(body=body, headers=headers)
