"""The port, the same for every platform: what a post is once it is there, and what each way of failing means for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.loop import Loop
from bot.sandbox.platform import Screen
from bot.slack.platform import Slack
from bot.slack.presence import Presence as SlackPresence
from bot.slack.workspaces import Line, Workspaces
from bot.teams import app as sdk
from bot.teams.connector import Connector
from bot.teams.platform import Teams
from bot.teams.presence import Presence as TeamsPresence
from bot.teams.serving import known
from handlers.directory import Account, Person, Room
from handlers.errors import HandlerError, Later, Uncertain, Undeliverable
from handlers.outgoing import Body, Row
from handlers.ports import Parcel, Platform
from storage.ids import new_id
from storage.outbox import Post
from tests.bot.slack import wire as slack_wire
from tests.bot.teams import wire as teams_wire
from tests.bot.teams.driver import ROOM, TENANT
from tests.bot.teams.scene import access

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ROW = Row("briefing", "Write the briefing", "due", ("edt",), clauses=("BURY-57",), obligation="o" * 32, version=1, buttons=("acknowledge",))
BODY = Body("HW-7F3K", "HW-7F3K · due now", (ROW,), mentions=("dana",), fallback="Homeward: HW-7F3K needs you, due 21:00")


@dataclass
class Stage:
    """One platform: a room and an account of it, what reached it, and how to make it fail."""

    name: str
    platform: Platform
    room: Room
    team: str
    written: Callable[[], list[str]]
    fail: Callable[[str], None] | None = None
    presses: list[str] = field(default_factory=list)

    def parcel(self, body: Body = BODY, *, direct: bool = False, thread: str | None = None, **post: Any) -> Parcel:
        room = None if direct else self.room
        place = "direct" if direct else "thread" if thread else "room"
        made = Post(new_id(), "westbrook", "due", place, body.stored(), NOW, NOW, room=room.purpose if room else None)
        return Parcel(replace(made, **post), body, (self.person(),), room, thread)

    def person(self) -> Person:
        return Person("dana", "Dana Okoye", "edt_service", (), (Account(self.name, "U1", self.team),))


@pytest.fixture
def slack() -> Iterator[Stage]:
    with slack_wire.wire() as wire:
        platform = Slack(Workspaces.connect(Line(wire.url), [("T1", "xoxb-invented")]), SlackPresence())

        def fail(how: str) -> None:
            if how == "lost":
                wire.drop["chat.postMessage"] = 1
            elif how.isdecimal():
                wire.status["chat.postMessage"] = (int(how), {"Retry-After": "7"})
            else:
                wire.refuse["chat.postMessage"] = "channel_not_found"

        def written() -> list[str]:
            return [json.dumps(sent, ensure_ascii=False) for method in ("chat.postMessage", "chat.update") for sent in wire.of(method)]

        yield Stage("slack", platform, Room("slack", "C1", "coordination", team="T1"), "T1", written, fail)


@pytest.fixture
def teams(sqlite: Engine) -> Iterator[Stage]:
    with teams_wire.wire() as wire:
        made, references = Connector(sdk.build(access(wire)), Loop("teams")), known(sqlite)
        references.anywhere = wire.url

        def fail(how: str) -> None:
            wire.headers = {"Retry-After": "7"}
            wire.faults.append({"refused": "404"}.get(how, how))

        def written() -> list[str]:
            return [json.dumps(call.sent, ensure_ascii=False) for what in ("post", "edit") for call in wire.of(what)]

        platform = Teams(made, references, TeamsPresence(made), lambda: NOW)
        yield Stage("teams", platform, Room("teams", ROOM, "coordination", team=TENANT), TENANT, written, fail)
        made.close()


@pytest.fixture
def sandbox() -> Stage:
    return Stage("sandbox", Screen(lambda: NOW), Room("sandbox", "coordination", "coordination"), "", list)


@pytest.fixture(params=["slack", "teams", "sandbox"])
def stage(request: pytest.FixtureRequest) -> Stage:
    found: Stage = request.getfixturevalue(request.param)
    return found


def test_what_was_sent_has_a_reference_and_a_channel_by_which_it_is_edited_and_answered(stage: Stage) -> None:
    card = stage.parcel()
    sent = stage.platform.send(card)
    assert sent.reference
    assert sent.channel == stage.room.channel
    reply = stage.platform.send(stage.parcel(thread=sent.reference))
    assert reply.channel == sent.channel
    edited = stage.platform.update(replace(card, post=replace(card.post, channel=sent.channel, reference=sent.reference)))
    assert (edited.reference, edited.channel) == (sent.reference, sent.channel)


def test_a_direct_message_has_a_place_of_its_own_that_is_the_same_the_next_time(stage: Stage) -> None:
    one, two = (stage.platform.send(stage.parcel(direct=True)) for _ in range(2))
    assert one.channel == two.channel != stage.room.channel
    assert one.reference != two.reference


def test_a_post_says_what_is_owed_under_which_clause_with_its_buttons_and_a_notification_that_says_nothing_more(stage: Stage) -> None:
    stage.platform.send(stage.parcel())
    for text in stage.written():
        assert all(part in text for part in ("HW-7F3K · due now", "Write the briefing", "BURY-57", "I have it", "U1"))
        assert BODY.fallback in text


def test_an_edit_made_twice_is_one_edit(stage: Stage) -> None:
    card = stage.parcel()
    sent = stage.platform.send(card)
    there = replace(card, post=replace(card.post, channel=sent.channel, reference=sent.reference))
    assert stage.platform.update(there) == stage.platform.update(there)


def test_markup_in_a_name_or_a_word_is_shown_as_it_is(stage: Stage) -> None:
    body = replace(BODY, lines=("<!channel> <at>all</at>",))
    person = replace(stage.person(), name="<b>Dana</b> </at><@U2>")
    stage.platform.send(replace(stage.parcel(body), people=(person,)))
    marks = {"slack": ("<!channel>", "<@U2>"), "teams": ("<at>all</at>", "<b>Dana", "</at><")}
    for text in stage.written():
        assert not [mark for mark in marks[stage.name] if mark in text]


@pytest.mark.parametrize(
    ("how", "meant"), [("429", Later), ("500", Uncertain), ("503", Uncertain), ("lost", Uncertain), ("refused", Undeliverable)]
)
@pytest.mark.parametrize("stage", ["slack", "teams"], indirect=True)
def test_each_way_of_failing_has_its_meaning_and_nothing_is_repeated(stage: Stage, how: str, meant: type[HandlerError]) -> None:
    assert stage.fail
    stage.fail(how)
    with pytest.raises(HandlerError) as caught:
        stage.platform.send(stage.parcel())
    assert type(caught.value) is meant
    assert len(stage.written()) <= 1
    if isinstance(caught.value, Later):
        assert caught.value.seconds == 7


def test_a_look_up_claims_nothing_that_is_not_there(stage: Stage) -> None:
    found = stage.platform.look_up(stage.parcel())
    assert found is None or stage.name == "sandbox"  # between the outbox and its page nothing can be lost


@pytest.mark.parametrize("stage", ["slack", "teams"], indirect=True)
def test_somebody_whom_a_platform_does_not_know_is_undeliverable_there(stage: Stage) -> None:
    nobody = Person("leo", "Dr Leo Adair", "health", (), (Account("mail", "leo@example.org"),))
    with pytest.raises(Undeliverable):
        stage.platform.send(replace(stage.parcel(direct=True), people=(nobody,)))
