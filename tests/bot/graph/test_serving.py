"""What a bot that serves asks of Graph by itself: an event for a meeting, a letter, a row; in a process of its own."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from slack_sdk.signature import Clock

from bot import configuration
from bot.beside import Beside
from bot.graph.client import Access, Graph
from storage.creating import upgrade
from storage.engines import open_database
from tests.bot.graph.fake import Fake, Key, fake
from tests.bot.processes import Started
from tests.fakes import Duty

T = TypeVar("T")
HOMEWARD_YML = """
authorities: [{id: westbrook, name: Westbrook, pack: triborough}]
people:
  - {id: edt.one, name: Dana Okoye, agency: edt_service, roles: [{role: edt, authority: westbrook}]}
  - id: worker.one
    name: Ines Marlow
    agency: childrens_social_care
    accounts: [{platform: mail, address: ines.marlow@example.org}]
    roles: [{role: social_worker, authority: westbrook}]
  - id: police.one
    name: Sgt Ray Holm
    agency: police
    accounts: [{platform: mail, address: ray.holm@example.org}]
    roles: [{role: police, authority: westbrook}]
graph: {mailbox: homeward@example.org, calendar: homeward@example.org, tracker: {site: "s,1,2", list: L1}}
"""


def fixed(folder: Path) -> Duty:
    """A child was reported and a meeting fixed, by a bot that has ended since."""
    (folder / "homeward.yml").write_text(HOMEWARD_YML, encoding="utf-8")
    engine = open_database(f"sqlite:///{folder / 'homeward.sqlite'}")
    upgrade(engine)
    now = datetime.fromtimestamp(int(Clock().now()), UTC)
    duty = Duty(engine, configuration.directory(configuration.understand(HOMEWARD_YML, "homeward.yml")), now, {})
    duty.office.calendar = True
    duty.platforms.clear()
    duty.report("edt.one", case_reference="CASE-1")
    form = duty.form(duty.hear(f"meeting {duty.reference} strategy", "worker.one"))
    duty.submit(form, "worker.one", starts=(now + timedelta(days=1)).isoformat(), also="police")
    return duty


def seen(look: Callable[[], T | None]) -> T:
    """What comes, however busy the machine is; after some minutes it does not come any more."""
    for _ in range(3600):
        found = look()
        if found:
            return found
        threading.Event().wait(0.05)
    raise AssertionError("it did not come")


def test_a_bot_that_serves_keeps_calendar_letters_and_list_and_hears_the_calendars_answers(tmp_path: Path) -> None:
    duty = fixed(tmp_path)
    with fake() as wire:
        env = {"HOMEWARD_KEYS": base64.urlsafe_b64encode(b"k" * 32).decode(), "CLIENT_ID": "app", "TENANT_ID": "tenant"}
        env |= {"GRAPH_BASE_URL": wire.url, "IDENTITY_ENDPOINT": f"{wire.url}/key", "IDENTITY_HEADER": "invented"}
        bot = Started(tmp_path, "serve", "--port", "0", env=env)
        number, event = seen(lambda: next(iter(wire.events.items()), None))
        assert event["subject"] == f"Homeward: {duty.reference}"
        assert "ray.holm@example.org" in json.dumps(event["attendees"])
        letter = seen(lambda: next((one for one in wire.letters if "ray.holm@example.org" in json.dumps(one)), None))
        assert duty.reference in letter["Message"]["subject"]
        row = seen(lambda: next(iter(wire.rows.values()), None))
        assert row["Title"] == duty.reference

        seen(lambda: duty.case().episode.meetings[-1].link)
        assert bot.errors().count("Traceback") == 0
        assert bot.end() == 0

        answer = {"response": "accepted", "time": (duty.now + timedelta(seconds=1)).isoformat()}
        event["attendees"] = [{"emailAddress": {"address": "Ray.Holm@example.org"}, "status": answer}]
        look_at_the_calendar(duty, wire)
        [heard] = duty.case().episode.responses
        assert (heard.agency, heard.answer, heard.how) == ("police", "accepted", "calendar")
        assert duty.case().episode.meetings[-1].link == wire.link.format(number)
        assert len(wire.of("POST", "/events")) == 1
    duty.engine.dispose()


def look_at_the_calendar(duty: Duty, wire: Fake) -> None:
    """What the next process does, two minutes later."""
    found = Beside(Graph(Access("app", None, "tenant", wire.url, Key())), configuration.understand(HOMEWARD_YML, "homeward.yml").graph)
    assert found.graph
    found.graph.warm()
    duty.now += timedelta(minutes=3)
    next(beat for beat in found.beats(duty.desks_at(duty.now)) if beat.name == "calendar").run()
    found.close()
