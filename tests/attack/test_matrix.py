"""Every word, by every permission group, of the own and of another authority: on the port, on Slack's payloads and on Teams'."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

import pytest
from sqlalchemy import Engine

from bot import configuration
from bot.inbound import NOT_SAVED
from handlers import access, frontdesk
from handlers.approvals import ASKABLE
from handlers.desk import Desk
from handlers.errors import HandlerError
from handlers.outgoing import Answer, Said
from handlers.vocabulary import VERBS
from tests.attack.roster import ONE_OF_EACH, OTHER, OWN, homeward_yml, user
from tests.bot.slack import scene as slack_scene
from tests.bot.slack import wire as slack_wire
from tests.bot.teams import scene as teams_scene
from tests.bot.teams import wire as teams_wire
from tests.bot.teams.driver import buttons
from tests.fakes import Duty
from tests.moments import london

REFUSED, NOTHING = "Your roles here do not include", "There is no episode"
NO_ROLE = "You hold no role for this authority"
OF_NO_EPISODE = {
    word for word, verb in VERBS.items() if word in {"report", "list", "mine", "help", "who", "people", "back"} or not verb.of_episode
}


class Played(Protocol):
    """A platform on which somebody types; `reference` is of an episode of the own authority."""

    reference: str

    async def say(self, text: str, authority: str, group: str) -> str:
        """Everything that the person is shown."""


@dataclass
class Port:
    duty: Duty
    reference: str

    async def say(self, text: str, authority: str, group: str) -> str:
        with self.duty.desk() as desk:
            return shown(desk, text, f"{authority}.{group}")


def shown(desk: Desk, text: str, by: str) -> str:
    try:
        reply = frontdesk.hear(Said(text, by), desk)
    except HandlerError as refused:
        return str(refused)
    return reply.text if isinstance(reply, Answer) else repr(reply)


@dataclass
class OnSlack:
    scene: slack_scene.Scene
    reference: str

    async def say(self, text: str, authority: str, group: str) -> str:
        before = len(self.scene.wire.calls)
        answer = await self.scene.command(text, user(authority, group), "T1", "D1")
        return json.dumps([answer, *(call.sent for call in self.scene.wire.calls[before:])])


@dataclass
class OnTeams:
    scene: teams_scene.Scene
    reference: str

    async def say(self, text: str, authority: str, group: str) -> str:
        before = len(self.scene.wire.calls)
        who = user(authority, group)
        await self.scene.say(text, who, f"a:{who}")
        cards = [call.card for call in self.scene.wire.calls[before:]]
        asked = [button for card in cards if "Press the button" in json.dumps(card) for button in buttons(card)]
        cards += [await self.scene.open(button, who, f"a:{who}") for button in asked[:1]]
        return json.dumps(cards)


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


def wrong(word: str, group: str, own: str, other: str, reference: str) -> list[str]:
    """What a group was shown of a word that it should not have been, or not shown that it should."""
    found = []
    allowed = access.may(VERBS[word].permission, frozenset({ONE_OF_EACH[group][0]}))
    allowed |= word in ASKABLE and group in access.STAFF  # who may not decide may ask for it
    if (REFUSED in own) == allowed or NOT_SAVED in own + other:
        found.append(f"{group} {'may' if allowed else 'may not'} {word}, and was shown: {own[:200]}")
    if word not in OF_NO_EPISODE and not any(said in other for said in (REFUSED, NOTHING, NO_ROLE)):
        found.append(f"{group} of the other authority, {word}: {other[:200]}")
    if any(told in other for told in ("missing since", "See to", "Tell the police")):
        found.append(f"{group} of the other authority was told of it by {word}: {other[:200]}")
    return found


def pairs(whole: bool) -> Iterator[tuple[str, str]]:
    """Every word with every group; or, to be quick, with one group that changes from word to word, so that each has its turn."""
    groups = list(ONE_OF_EACH)
    for n, word in enumerate(VERBS):
        yield from ((word, group) for i, group in enumerate(groups) if whole or i == n % len(groups))


async def tried(played: Played, whole: bool) -> list[str]:
    found = []
    for word, group in pairs(whole):
        text = f"{word} {played.reference}"
        own = await played.say(text, OWN, group)
        other = await played.say(text, OTHER, group)
        found += wrong(word, group, own, other, played.reference)
    return found


async def test_every_word_by_every_group_on_the_port(sqlite: Engine) -> None:
    async with port(sqlite) as played:
        assert await tried(played, whole=True) == []


@pytest.mark.parametrize("platform", ["slack", "teams"])
async def test_every_word_on_a_platform(sqlite: Engine, platform: str) -> None:
    async with PLAYED[platform](sqlite) as played:
        assert await tried(played, whole=False) == []


@pytest.mark.soak
@pytest.mark.parametrize("platform", ["slack", "teams"])
async def test_every_word_by_every_group_on_a_platform(sqlite: Engine, platform: str) -> None:
    async with PLAYED[platform](sqlite) as played:
        assert await tried(played, whole=True) == []
