"""One episode, two platforms, real processes: reported on Slack, accepted on Teams, reminded on both, found on Teams, shown on both."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from slack_sdk.signature import Clock

from bot.inbound import NOT_SAVED, UNSURE
from policies.worktime import LONDON
from storage.sealing import new_key
from tests.bot.processes import Started
from tests.bot.slack import driver as slack
from tests.bot.slack import wire as slack_wire
from tests.bot.teams import driver as teams
from tests.bot.teams import wire as teams_wire
from tests.bot.teams.wire import Call, text_of

T = TypeVar("T")
HOMEWARD_YML = f"""
authorities:
  - id: westbrook
    name: Westbrook
    pack: triborough
    rooms:
      - {{platform: slack, team: T1, channel: C1, purpose: coordination}}
      - {{platform: slack, team: T1, channel: C3, purpose: management}}
      - {{platform: teams, tenant: {teams.TENANT}, channel: "{teams.ROOM}", purpose: coordination}}
      - {{platform: teams, tenant: {teams.TENANT}, channel: "{teams.PARTNERS}", purpose: partners}}
people:
  - id: edt.one
    name: Dana Okoye
    agency: edt_service
    accounts: [{{platform: slack, team: T1, user: U1}}]
    roles: [{{role: edt, authority: westbrook}}]
  - id: worker.one
    name: Ines Marlow
    agency: childrens_social_care
    accounts: [{{platform: teams, tenant: {teams.TENANT}, user: u2}}]
    roles: [{{role: social_worker, authority: westbrook}}]
  - id: manager.one
    name: Tom Arkwell
    agency: childrens_social_care
    accounts: [{{platform: slack, team: T1, user: U3}}]
    roles: [{{role: team_manager, authority: westbrook}}, {{role: head_of_service, authority: westbrook}}]
  - id: police.one
    name: Sgt Ray Holm
    agency: police
    accounts: [{{platform: teams, tenant: {teams.TENANT}, user: u90}}]
    roles: [{{role: police, authority: westbrook}}]
slack: [{{team: T1, token_env: SLACK_BOT_TOKEN}}]
"""


@dataclass
class Both:
    """The bot, and people on either platform; each platform's end is a server here."""

    bot: Started
    slack: slack.Driver
    slack_wire: slack_wire.Wire
    teams: teams.Driver
    teams_wire: teams_wire.Wire

    def on_slack(self, *says: str) -> dict[str, Any] | None:
        """The latest message on Slack that says all of this."""
        posts = [call.sent for call in self.slack_wire.calls if call.method in {"chat.postMessage", "chat.update"}]
        return next((post for post in reversed(posts) if all(part in json.dumps(post, ensure_ascii=False) for part in says)), None)

    def on_teams(self, *says: str) -> Call | None:
        """The latest message on Teams that says all of this."""
        posts = [call for call in self.teams_wire.calls if call.what in {"post", "edit"}]
        return next((call for call in reversed(posts) if all(part in json.dumps(call.sent, ensure_ascii=False) for part in says)), None)


class Local(teams.Driver):
    """Microsoft's tools on this machine sign nothing."""

    async def deliver(self, activity: dict[str, Any], authorization: str | None = None) -> httpx.Response:
        return await super().deliver(activity, "")


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    (tmp_path / "homeward.yml").write_text(HOMEWARD_YML, encoding="utf-8")
    with slack_wire.wire() as one, teams_wire.wire() as other:
        env = {"HOMEWARD_KEYS": new_key(), "HOMEWARD_TEAMS_LOCAL": "1", "SLACK_BOT_TOKEN": "xoxb-invented"}
        env |= {"SLACK_SIGNING_SECRET": slack.SECRET, "SLACK_API_URL": one.url}
        bot = Started(tmp_path, "serve", "--port", "0", env=env)
        async with httpx.AsyncClient(base_url=bot.address, timeout=60) as http:
            yield Both(bot, slack.Driver(http, f"{one.url}/answer"), one, Local(http, other.url), other)
        assert bot.end() == 0


def seen(look: Callable[[], T | None]) -> T:
    """What comes, however busy the machine is; after some minutes it does not come any more."""
    for _ in range(3600):
        found = look()
        if found is not None:
            return found
        threading.Event().wait(0.05)
    raise AssertionError("it did not come")


async def insisted(act: Callable[[], Awaitable[T]]) -> T:
    """Done again, as a person does it, while a busy machine says that nothing was saved."""
    for _ in range(20):
        answer = await act()
        if not unsaved(json.dumps(answer, ensure_ascii=False)):
            return answer
    raise AssertionError("it was never saved")


def unsaved(text: str) -> bool:
    return NOT_SAVED in text or UNSURE in text


async def typed_on_teams(both: Both, text: str, channel: str, *says: str) -> Call:
    """A word typed by the police officer, once more when it was not saved; gives the message that answers it."""
    for _ in range(20):
        before = len(both.teams_wire.calls)
        await both.teams.say(text, user="u90", channel=channel)
        answer = seen(partial(answering, both, before, *says))
        if not unsaved(text_of(answer.card)):
            return answer
    raise AssertionError("it was never saved")


def answering(both: Both, before: int, *says: str) -> Call | None:
    """Of the messages since, the one that says all of this, or that nothing was saved."""
    for call in both.teams_wire.calls[before:]:
        told = json.dumps(call.sent, ensure_ascii=False)
        if call.what == "post" and (all(part in told for part in says) or unsaved(told)):
            return call
    return None


async def form_on_slack(both: Both) -> dict[str, Any]:
    """The report form, as it opens for the duty worker."""
    for _ in range(20):
        before = len(both.slack_wire.calls)
        await both.slack.command("report")
        view = seen(partial(opened, both, before))
        if view.get("callback_id") == "form:report":
            return view
    raise AssertionError("it never opened")


def opened(both: Both, before: int) -> dict[str, Any] | None:
    """What a window shows since."""
    return next((call.sent["view"] for call in both.slack_wire.calls[before:] if call.method == "views.update"), None)


async def reported_on_slack(both: Both) -> str:
    """The report, by the duty worker; gives the reference."""
    view = await form_on_slack(both)
    since = datetime.fromtimestamp(Clock().now() - 4200, LONDON).strftime("%Y-%m-%dT%H:%M")
    given = {"missing_since": since, "risk_level": "medium", "case_reference": "CASE-1"}
    text = ""
    for _ in range(20):  # the second step; and on a busy machine "Not saved. Try again", which is what a person then does
        answer = await both.slack.submit(view, given)
        view, text = answer.get("view", view) if answer.get("view", {}).get("callback_id") == "form:report" else view, json.dumps(answer)
        if "HW-" in text:
            break
    return text[text.index("HW-") :][:7]


def threaded(both: Both, *says: str) -> dict[str, Any] | None:
    """The message on Slack in the thread of a card that says all of this; an edit of it does not say where it stands."""
    posts = both.slack_wire.of("chat.postMessage")
    return next((p for p in posts if p.get("thread_ts") and all(part in json.dumps(p, ensure_ascii=False) for part in says)), None)


def shown_as_found(both: Both, channel: str) -> Call | None:
    """The edit that shows the end on the card of a channel."""
    return next((call for call in both.teams_wire.of("edit") if call.place == channel and "· found" in text_of(call.card)), None)


async def test_the_story_of_one_episode_on_both(both: Both) -> None:
    for room in (teams.ROOM, teams.PARTNERS):  # that is how it learns where to write
        await both.teams.say("help", user="u90", channel=room)
    reference = await reported_on_slack(both)
    on_slack = seen(lambda: both.on_slack(reference, "not found yet"))
    on_teams = seen(lambda: answering(both, 0, reference, "not found yet", f'"id": "{teams.ROOM}"'))

    reminded_there = seen(lambda: answering(both, 0, reference, "<at>Ines Marlow</at>", "I have it"))
    seen(lambda: threaded(both, reference, "<@U1>", "I have it"))
    assert reminded_there.place == f"{teams.ROOM};messageid={on_teams.message}"
    assert "Ines" not in json.dumps(on_slack)

    home = await typed_on_teams(both, "mine", "a:u90", "Invitations that wait for your answer")
    accept = next(b for b in teams.buttons(home.card) if b["data"].get("verb") == "accept")
    accepted = await insisted(lambda: both.teams.press(accept, home.message, user="u90", channel="a:u90"))
    assert "police" in text_of(accepted["value"]).split("\n")[0].lower()

    offered = await typed_on_teams(both, f"found {reference}", teams.PARTNERS, "Press the button", f"found {reference}")
    form = await insisted(lambda: both.teams.open(teams.buttons(offered.card)[0], user="u90", channel=teams.PARTNERS))
    done = await insisted(lambda: both.teams.submit(form, {}, user="u90", channel=teams.PARTNERS))
    assert f"{reference}: found" in text_of(done)

    edited = seen(
        lambda: next((u for u in both.slack_wire.of("chat.update") if "· back · found" in json.dumps(u, ensure_ascii=False)), None)
    )
    assert reference in json.dumps(edited)
    for channel in (teams.ROOM, teams.PARTNERS):
        seen(partial(shown_as_found, both, channel))
    seen(lambda: threaded(both, reference, "found"))
    assert both.bot.errors().count("Traceback") == 0
