"""A platform on which somebody does a thing about an episode: the port itself, Slack's signed requests, Teams' signed activities."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Engine

from bot import configuration
from bot.slack import tags as slack_tags
from bot.teams import tags as teams_tags
from handlers.desk import Desk
from handlers.errors import HandlerError
from handlers.frontdesk import hearing, pressing, submitting
from handlers.incoming import Pressed, Said, Submitted
from handlers.outgoing import Answer, Reply
from tests.attack.roster import OWN, homeward_yml, user
from tests.bot.slack import scene as slack_scene
from tests.bot.slack import wire as slack_wire
from tests.bot.teams import scene as teams_scene
from tests.bot.teams import wire as teams_wire
from tests.bot.teams.driver import buttons
from tests.fakes import Duty
from tests.moments import london


@dataclass(frozen=True)
class Act:
    """`typed`: a word; `pressed`: a button by its verb; `opened`: a form by its id, out of 'more'; `sent`: a form, empty."""

    kind: str
    name: str


class Played(Protocol):
    """`reference` is of an episode of the own authority."""

    reference: str

    async def do(self, act: Act, authority: str, group: str) -> str:
        """Everything that the person is shown."""


def sent(act: Act, reference: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """The form that goes in, what is filled in, and the hidden context."""
    return ("more", {"form": act.name}, {"reference": reference}) if act.kind == "opened" else (act.name, {}, {"reference": reference})


@dataclass
class Port:
    duty: Duty
    reference: str

    async def do(self, act: Act, authority: str, group: str) -> str:
        with self.duty.desk() as desk:
            shown = shown_of(lambda: self._reply(act, f"{authority}.{group}", desk))
            desk.session.rollback()
        return shown

    def _reply(self, act: Act, by: str, desk: Desk) -> Reply:
        match act.kind:
            case "typed":
                return hearing.hear(Said(f"{act.name} {self.reference}", by), desk)
            case "pressed":
                return pressing.press(Pressed(act.name, by, None, 1, self.reference), desk)
        form, values, context = sent(act, self.reference)
        return submitting.submit(Submitted(form, values, by, context), desk)


def shown_of(act: Callable[[], Reply]) -> str:
    try:
        reply = act()
    except HandlerError as refused:
        return str(refused)
    return reply.text if isinstance(reply, Answer) else repr(reply)


@dataclass
class OnSlack:
    scene: slack_scene.Scene
    reference: str

    async def do(self, act: Act, authority: str, group: str) -> str:
        before, who = len(self.scene.wire.calls), user(authority, group)
        answer = await self._answer(act, who)
        return json.dumps([answer, *(call.sent for call in self.scene.wire.calls[before:])])

    async def _answer(self, act: Act, who: str) -> Any:
        match act.kind:
            case "typed":
                return await self.scene.command(f"{act.name} {self.reference}", who, "T1", "D1")
            case "pressed":
                value = json.dumps({"v": 1, "r": self.reference})
                return await self.scene.press({"action_id": f"press:{act.name}", "value": value}, who, "T1", "D1")
        form, values, context = sent(act, self.reference)
        chosen = {"element": {"type": "static_select", "action_id": "x"}, "type": "input"}
        blocks = [{**chosen, "block_id": name} for name in values or ("none",)]
        view = {
            "type": "modal",
            "callback_id": f"form:{form}",
            "private_metadata": slack_tags.Tag(form, context).written(),
            "blocks": blocks,
        }
        return await self.scene.submit(view, values, who)


@dataclass
class OnTeams:
    scene: teams_scene.Scene
    reference: str

    async def do(self, act: Act, authority: str, group: str) -> str:
        before, who = len(self.scene.wire.calls), user(authority, group)
        answer = await self._answer(act, who, f"a:{who}")
        cards = [call.card for call in self.scene.wire.calls[before:]]
        asked = [button for card in cards if "Press the button" in json.dumps(card) for button in buttons(card)]
        cards += [await self.scene.open(button, who, f"a:{who}") for button in asked[:1]]
        return json.dumps([answer, *cards])

    async def _answer(self, act: Act, who: str, place: str) -> Any:
        match act.kind:
            case "typed":
                return await self.scene.say(f"{act.name} {self.reference}", who, place)
            case "pressed":
                data = {"verb": act.name, "v": 1, "r": self.reference}
                if act.name in pressing.OPENS | {"link"}:
                    return await self.scene.open({"data": data}, who, place)
                return await self.scene.press({"verb": act.name, "data": data}, user=who, channel=place)
        form, values, context = sent(act, self.reference)
        return await self.scene.invoke("task/submit", {"data": _data(form, values, context)}, who, place)


def _data(form: str, values: dict[str, str], context: dict[str, str]) -> dict[str, Any]:
    return {**teams_tags.Tag(form, context).data(), **{f"in:{name}": value for name, value in values.items()}}


@asynccontextmanager
async def port(engine: Engine) -> AsyncIterator[Port]:
    directory = configuration.directory(configuration.understand(homeward_yml(), "homeward.yml"))
    duty = Duty(engine, directory, london("2026-02-02 10:00"), {})
    duty.report(f"{OWN}.worker", missing_since="09:00")
    yield Port(duty, duty.reference)


@asynccontextmanager
async def on_slack(engine: Engine) -> AsyncIterator[OnSlack]:
    with slack_wire.wire() as wire:
        async with slack_scene.scene(engine, wire, homeward_yml()) as scene:
            await scene.command("report", user(OWN, "worker"))
            answer = await scene.submit(wire.last_view(), {"missing_since": "2026-02-01T21:00"}, user(OWN, "worker"))
            while answer.get("view", {}).get("callback_id") == "form:report":
                answer = await scene.submit(answer["view"], {"missing_since": "2026-02-01T21:00"}, user(OWN, "worker"))
            text = json.dumps(answer)
            yield OnSlack(scene, text[text.index("HW-") :][:7])


@asynccontextmanager
async def on_teams(engine: Engine) -> AsyncIterator[OnTeams]:
    with teams_wire.wire() as wire:
        async with teams_scene.scene(engine, wire, homeward_yml()) as scene:
            yield OnTeams(scene, await scene.report(user(OWN, "worker")))


PLAYED: dict[str, Callable[[Engine], AbstractAsyncContextManager[Played]]] = {"port": port, "slack": on_slack, "teams": on_teams}
