"""Canaries: a name, birth dates and free texts that nobody else has, through the journeys of each platform, then looked for everywhere."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from bot.metrics import page
from bot.pulse import Pulse
from handlers import sheet
from handlers.delivery.under_way import UnderWay
from handlers.desk import Desk
from storage import backup
from storage.db import reading
from tests.attack.canaries import CANARIES, leaks, shown
from tests.bot.slack import scene as slack_scene
from tests.bot.slack import wire as slack_wire
from tests.bot.teams import scene as teams_scene
from tests.bot.teams import wire as teams_wire
from tests.bot.teams.driver import buttons


@asynccontextmanager
async def slack(engine: Engine) -> AsyncIterator[tuple[Any, Any]]:
    with slack_wire.wire() as wire:
        async with slack_scene.scene(engine, wire) as scene:
            yield scene, wire


@asynccontextmanager
async def teams(engine: Engine) -> AsyncIterator[tuple[Any, Any]]:
    with teams_wire.wire() as wire:
        async with teams_scene.scene(engine, wire) as scene:
            yield scene, wire


async def on_slack(scene: Any, wire: Any, typed: str, values: dict[str, str], by: str = "U2") -> None:
    await scene.command(typed, by)
    answer = await scene.submit(wire.last_view(), values, by)
    if answer and answer.get("view", {}).get("callback_id", "").startswith("form:"):
        await scene.submit(answer["view"], values, by)


async def on_teams(scene: Any, wire: Any, typed: str, values: dict[str, str], by: str = "u2") -> None:
    before = len(wire.calls)
    await scene.say(typed, by, f"a:{by}")
    asked = [b for call in wire.calls[before:] for b in buttons(call.card) if "Press the button" in json.dumps(call.card)]
    card = await scene.open(asked[0], by, f"a:{by}")
    for _ in range(2):
        if any(str(e.get("type", "")).startswith("Input.") for e in card["body"]):
            card = await scene.submit(card, values, by, f"a:{by}")


STAGES = {"slack": (slack, on_slack), "teams": (teams, on_teams)}


async def story(platform: str, scene: Any, wire: Any) -> str:
    """Reported, pinged for two days, found, reopened, waived, voided: words in every field that takes them."""
    fill = STAGES[platform][1]
    reference: str = await scene.report(
        **{n: v for n, v in CANARIES.items() if n not in {"note", "reason", "seen_by", "place"}}, police_told="yes"
    )
    await scene.forward(hours=30)
    reason, note = {"reason": CANARIES["reason"]}, {"note": CANARIES["note"], "text": CANARIES["note"], "on_behalf": CANARIES["on_behalf"]}
    await fill(scene, wire, f"note {reference}", note)
    await fill(scene, wire, f"found {reference}", {**note, "seen_by": CANARIES["seen_by"], "found_at": "2026-02-03T03:00"})
    await fill(scene, wire, f"reopen {reference}", reason)
    await fill(scene, wire, f"void {reference}", reason, "U3" if platform == "slack" else "u3")
    await scene.forward(hours=30)
    return reference


@pytest.mark.parametrize("platform", ["slack", "teams"])
async def test_a_canary_is_found_nowhere(sqlite: Engine, platform: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    caplog.set_level(logging.DEBUG, logger="handlers")
    async with STAGES[platform][0](sqlite) as (scene, wire):
        reference = await story(platform, scene, wire)
        sent = [json.dumps(shown(call.card if platform == "teams" else call.sent), default=str) for call in wire.calls]
        assert sum(reference in text for text in sent) > 5, "the story was told"
        assert [found for text in sent if (found := leaks(text))] == []
        with reading(sqlite) as session:
            kinds = set(session.scalars(sa.text("SELECT kind FROM journal")))
            assert kinds >= {"reported", "noted", "found", "corrected", "voided"}
            desk = Desk(session, datetime(2026, 2, 3, tzinfo=UTC), scene.office)
            assert leaks(page(desk, UnderWay(), Pulse()) + repr(sheet.sheet(desk, "westbrook"))) == []
    assert leaks(caplog.text) == []
    file = Path(str(sqlite.url.database))
    backup.backup(sqlite, tmp_path / "backup")
    for kept in (file, Path(f"{file}-wal"), tmp_path / "backup"):
        if kept.exists():
            assert leaks(kept.read_bytes().decode("utf-8", "replace")) == []


def test_the_search_would_find_one() -> None:
    assert leaks(json.dumps(shown({"title": "Zebedee-Quill", "blocks": [{"action_id": "x", "initial_value": "ZQXJ"}]}))) == [
        "Zebedee-Quill"
    ]
