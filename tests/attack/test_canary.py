"""Canaries: a name, birth dates and free texts that nobody else has, through the journeys of each platform, then looked for everywhere."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from bot.metrics import page
from bot.pulse import Pulse
from handlers.delivery.under_way import UnderWay
from handlers.desk import Desk
from handlers.pages import sheet
from storage import backup
from storage.db import reading
from tests.attack import journeys
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


Given = list[tuple[str, Any]]  # what somebody was answered at once, behind what they typed


async def on_slack(scene: Any, wire: Any, typed: str, values: dict[str, str], by: str) -> Given:
    before = len(wire.calls)
    answer = await scene.command(typed, f"U{by}")
    given = [(typed, answer)]
    for _ in range(3):
        views = [answer["view"]] if "view" in (answer or {}) else [call.sent["view"] for call in wire.calls[before:] if "view" in call.sent]
        if not views or not views[-1].get("callback_id", "").startswith("form:"):
            break
        before = len(wire.calls)
        answer = await scene.submit(views[-1], journeys.slack_values(views[-1], values), f"U{by}")
        given.append((typed, answer))
    return given


async def on_teams(scene: Any, wire: Any, typed: str, values: dict[str, str], by: str) -> Given:
    before, who = len(wire.calls), f"u{by}"
    await scene.say(typed, who, f"a:{who}")
    asked = [b for call in wire.calls[before:] for b in buttons(call.card) if "Press the button" in json.dumps(call.card)]
    card = await scene.open(asked[0], who, f"a:{who}") if asked else {"body": []}
    given = [(typed, card)]
    for _ in range(3):
        if any(str(e.get("type", "")).startswith("Input.") for e in card["body"]):
            card = await scene.submit(card, journeys.teams_values(card, values), who, f"a:{who}")
            given.append((typed, card))
    return given


STAGES = {"slack": (slack, on_slack), "teams": (teams, on_teams)}


async def story(platform: str, scene: Any, wire: Any) -> tuple[str, Given]:
    """Reported, pinged for days, everything done that takes words, found, reopened, merged, voided; and looked at from all sides."""
    fill, answered = STAGES[platform][1], []

    async def told(steps: Iterable[journeys.Step]) -> None:
        for typed, values, by in steps:
            filled = {name: value.format(reference) if name == "reference" else value for name, value in values.items()}
            answered.extend(await fill(scene, wire, typed.format(reference), filled, by))

    given = {n: v for n, v in CANARIES.items() if n not in {"note", "reason", "seen_by", "place"}}
    reference: str = await scene.report(**given, police_told="yes")
    await scene.forward(hours=30)
    await told([journeys.step("note {}"), *journeys.WHILE_MISSING])
    await scene.forward(hours=14)
    await told([journeys.step("found {}", found_at="2026-02-03T03:00"), *journeys.ONCE_BACK])
    await scene.forward(hours=24)
    await told([journeys.step("reopen {}")])
    await told(journeys.step(typed, by) for typed in journeys.LOOKED_AT for by in (journeys.COORDINATOR, "90"))
    other = await scene.report(narrative=CANARIES["narrative"])
    await fill(scene, wire, f"merge {other}", {**journeys.WORDS, "into": reference, "what": "two", "agreed": "yes"}, journeys.COORDINATOR)
    await told([journeys.step("void {}", journeys.MANAGER)])
    await scene.forward(hours=30)
    return reference, answered


@pytest.mark.parametrize("platform", ["slack", "teams"])
async def test_a_canary_is_found_nowhere(sqlite: Engine, platform: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    caplog.set_level(logging.DEBUG, logger="handlers")
    async with STAGES[platform][0](sqlite) as (scene, wire):
        reference, answered = await story(platform, scene, wire)
        sent = [json.dumps(shown(call.card if platform == "teams" else call.sent), default=str) for call in wire.calls]
        assert sum(reference in text for text in sent) > 5, "the story was told"
        assert [found for text in sent if (found := leaks(text))] == []
        told = [(typed, leaks(json.dumps(shown(given)), journeys.READ.get(typed.split()[0], ()))) for typed, given in answered]
        assert [one for one in told if one[1]] == []
        with reading(sqlite) as session:
            kinds = set(session.scalars(sa.text("SELECT kind FROM journal")))
            assert kinds >= journeys.KINDS, "each journey was taken to its end"
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
