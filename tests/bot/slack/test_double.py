"""The bot as a process of its own against a Web API double, through a wire that breaks: every post is there exactly once."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import sqlalchemy as sa
from slack_sdk.signature import Clock

from storage.db import reading
from storage.engines import open_database
from storage.sealing import new_key
from tests.bot.processes import Started
from tests.bot.slack.double import ABSENT, PEOPLE, ROOMS, TOKEN, Double, Proxy, double, is_there, proxy
from tests.bot.slack.driver import SECRET, Driver
from tests.bot.slack.scene import HOMEWARD_YML
from tests.bot.slack.wire import Wire, wire

pytestmark = [pytest.mark.skipif(not is_there(), reason=ABSENT), pytest.mark.timeout(400)]
FAULTS = ("none", "lost", "429", "none", "503 after", "none", "503", "none", "reset", "none", "hang", "lost", "none", "none", "429", "lost")
WHO = {"U1": "dana", "U2": "ines", "U3": "tom", "U4": "mia", "U6": "admin", "U90": "ray"}
LONDON = ZoneInfo("Europe/London")
PAUSE = 0.2
QUIET = 240.0  # seconds in which everything has to be out


@dataclass(kw_only=True)
class Play(Driver):
    """The process, the double behind the proxy, and where private answers arrive."""

    double: Double
    proxy: Proxy
    private: Wire
    database: Path

    async def trigger(self) -> str:
        """One that the double has made: it opens one window, within three seconds."""
        answer = self.double.call("views.generateTriggerId", user_id=self.double.users["dana"])
        return str(answer["trigger_id"])

    async def until(self, what: str) -> str:
        """Wait for something to be said privately."""
        return str(await _until(lambda: next((text for call in self.private.calls if what in (text := json.dumps(call.sent))), None), what))

    async def view(self, callback: str) -> dict[str, Any]:
        """Wait for the window of that kind, and take it."""
        found = await _until(lambda: next((v for v in reversed(self.proxy.views) if v["callback_id"] == callback), None), callback)
        self.proxy.views.clear()
        return dict(found)

    def button(self, verb: str, says: str) -> dict[str, Any] | None:
        """A button that is there now."""
        blocks = [b for m in self.double.messages() for b in m.get("blocks") or [] if b["type"] == "actions"]
        buttons = [e for b in blocks for e in b["elements"] if e["action_id"] == f"press:{verb}"]
        return next((b for b in buttons if says in b["accessibility_label"]), None)

    def rows(self, statement: str) -> list[Any]:
        """What the database says."""
        engine = open_database(f"sqlite:///{self.database}")
        with reading(engine) as session:
            found = list(session.execute(sa.text(statement)).all())
        engine.dispose()
        return found

    def all_out(self) -> bool:
        """Whether nothing waits to be posted or edited."""
        return not self.rows("select id from posts where state in ('queued', 'sending', 'uncertain')")


async def _until(look: Callable[[], Any], what: str, patience: float = 30.0) -> Any:
    for _ in range(int(patience / PAUSE)):
        found = look()
        if found:
            return found
        await asyncio.get_running_loop().run_in_executor(None, threading.Event().wait, PAUSE)
    raise AssertionError(f"{what} did not come")


@pytest.fixture
async def play(tmp_path: Path) -> AsyncIterator[Play]:
    with ExitStack() as stack:
        there = stack.enter_context(double(tmp_path))
        between = stack.enter_context(proxy(there.url, hang=12))
        private = stack.enter_context(wire())
        started = Started(tmp_path, "serve", "--port", "0", env=_configured(tmp_path, there, between))
        stack.callback(started.end)
        async with httpx.AsyncClient(base_url=started.address, timeout=20) as http:
            made = Play(http, f"{private.url}/answer", double=there, proxy=between, private=private, database=tmp_path / "homeward.sqlite")
            yield made
        assert "Traceback" not in started.errors()


def _configured(folder: Path, there: Double, between: Proxy) -> dict[str, str]:
    """homeward.yml with the ids of the double, and the variables of the process."""
    names = {**{old: there.users[name] for old, name in WHO.items()}, "T1": there.team, "T9": there.team}
    names |= {f"C{n}": there.channels[room] for n, room in enumerate(ROOMS, start=1)}
    text = re.sub(r"\b[UTC][0-9]+\b", lambda found: names[found[0]], HOMEWARD_YML)
    nobody = text.replace("role: social_worker", "role: senior_practitioner")  # an empty role escalates at once
    (folder / "homeward.yml").write_text(nobody, encoding="utf-8")
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'homeward.sqlite'}",
        "HOMEWARD_KEYS": new_key(),
        "HOMEWARD_CONFIG": str(folder / "homeward.yml"),
        "SLACK_API_URL": between.url,
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
    }


async def test_an_episode_from_report_to_close_is_in_its_channels_once_whatever_the_wire_does(play: Play) -> None:
    who = {name: {"user": play.double.users[name], "team": play.double.team} for name in PEOPLE}
    room = play.double.channels["coordination"]
    play.proxy.faults.extend(FAULTS)

    await play.command("report gone", **who["dana"], channel=room)
    now = datetime.fromtimestamp(Clock().now(), LONDON)
    given = {"missing_since": f"{now - timedelta(days=4):%Y-%m-%dT%H:%M}", "risk_level": "medium", "surname": "Example"}
    saved = json.dumps(await play.submit(await play.view("form:report"), given, **who["dana"]))
    reference = saved[saved.index("HW-") :][:7]

    button = await _until(lambda: play.button("acknowledge", "strategy discussion"), "the duty's button", QUIET)
    await play.press(button, **who["tom"], channel=room)
    await play.until("you have it in hand")
    await play.press(button | {"action_id": "press:complete"}, **who["tom"], channel=room)
    assert "Done:" in json.dumps(await play.submit(await play.view("form:complete"), {}, **who["tom"]))

    await play.command(f"found {reference}", **who["dana"], channel=room)
    found = {"back_safe": "yes", "wellbeing": "yes", "seen_by": "police"}
    assert "found" in json.dumps(await play.submit(await play.view("form:found"), found, **who["dana"]))
    for step in ("offered", "accepted", "conducted", "recorded", "shared"):
        await play.command(f"interview {reference}", **who["tom"], channel=room)
        await play.submit(await play.view("form:interview"), {"step": step}, **who["tom"])
    await play.command(f"close {reference}", **who["tom"], channel=room)
    assert "response_action" in await play.submit(await play.view("form:close"), {"reason": "back and well"}, **who["tom"])

    await _until(play.all_out, "the last post", QUIET)
    out = {row.id for row in play.rows("select id from posts where reference is not null")}
    assert play.double.times() == dict.fromkeys(out, 1)
    assert {row.kind for row in play.rows("select distinct kind from pings")} >= {"due", "escalation"}
    assert {"none", "lost", "429", "503 after", "reset", "hang"} <= set(play.proxy.happened)
    assert play.rows("select id from posts where state = 'undeliverable'") == []
