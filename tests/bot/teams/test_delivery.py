"""Every way Teams can answer, and what comes of each post of the outbox: there once, or again under the same short id."""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.loop import Loop
from bot.teams import app as sdk
from bot.teams import connector
from bot.teams.connector import Connector
from bot.teams.platform import Teams, mark
from bot.teams.presence import Presence
from bot.teams.serving import known
from handlers.directory import Room
from storage import outbox
from storage.outbox import Post
from tests.bot.teams.driver import ROOM, TENANT
from tests.bot.teams.scene import access
from tests.bot.teams.wire import Wire, text_of
from tests.delivery.postroom import Postroom, town

MINUTE = 60


@pytest.fixture
def room(sqlite: Engine, teams: Wire, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postroom]:
    """A post room that serves Teams alone, over a wire that breaks."""
    monkeypatch.setattr(sdk, "PATIENCE", 0.3)
    references = known(sqlite)
    references.anywhere = teams.url
    made = Connector(sdk.build(access(teams)), Loop("teams"))
    found = Postroom(sqlite, {}, directory=town(Room("teams", ROOM, "coordination", team=TENANT)))
    found.platforms["teams"] = Teams(made, references, Presence(made), lambda: found.now)
    yield found
    made.close()


def there(teams: Wire) -> Counter[str]:
    """How often each short id can be read."""
    return Counter(text_of(call.card).rsplit("Message ", 1)[1] for call in teams.of("post"))


def queued(room: Postroom, *faults: str, teams: Wire) -> Post:
    teams.faults.extend(faults)
    post = room.post()
    room.queue(post)
    return post


@pytest.mark.parametrize(
    "faults", [("429",), ("412",), ("401", "401"), ("412", "429", "412"), ("drop",), ("500",), ("503", "503"), ("408",), ("hang",)]
)
def test_what_was_not_taken_arrives_once(room: Postroom, teams: Wire, faults: tuple[str, ...]) -> None:
    post = queued(room, *faults, teams=teams)
    room.drain(5 * MINUTE)
    assert there(teams) == {mark(post.id): 1}
    assert room.stored(post).state == "sent"


@pytest.mark.parametrize("fault", ["lost", "500 after"])
def test_what_was_taken_without_an_answer_comes_again_under_the_same_short_id(room: Postroom, teams: Wire, fault: str) -> None:
    post = queued(room, fault, teams=teams)
    room.forward(20)
    assert there(teams) == {mark(post.id): 1}  # nobody hurries to send it twice
    room.drain(5 * MINUTE)
    assert there(teams) == {mark(post.id): 2}
    assert room.stored(post).reference == teams.of("post")[-1].message


def test_a_wait_that_is_asked_for_is_kept(room: Postroom, teams: Wire) -> None:
    teams.headers = {"Retry-After": "90"}
    queued(room, "429", teams=teams)
    room.forward(80)
    assert teams.of("post") == []
    room.forward(20)
    assert len(teams.of("post")) == 1


@pytest.mark.parametrize("status", ["400", "403", "404", "413"])
def test_what_is_refused_is_given_up_once_and_somebody_is_asked_to_ring(room: Postroom, teams: Wire, status: str) -> None:
    post = queued(room, status, teams=teams)
    room.forward(MINUTE)
    assert mark(post.id) not in there(teams)
    assert room.stored(post).state == "undeliverable"


def test_an_edit_that_is_lost_is_made_again_and_changes_nothing_twice(room: Postroom, teams: Wire) -> None:
    post = queued(room, teams=teams)
    room.turn()
    with room.desk() as desk:
        outbox.edit(desk.session, post.id, room.post("over").body)
    teams.faults.append("lost")
    room.drain(5 * MINUTE)
    assert len(teams.of("post")) == 1
    assert {call.message for call in teams.of("edit")} == {teams.of("post")[0].message}
    assert room.stored(post).sent_edition == room.stored(post).edition


def test_many_posts_over_a_wire_that_breaks_are_all_there(room: Postroom, teams: Wire) -> None:
    posts = [room.post(f"post {n}") for n in range(12)]
    teams.faults.extend(["500", "", "drop", "429", "", "lost", "412", "", "", "503", "lost", ""])
    room.queue(*posts)
    room.drain(30 * MINUTE)
    counted = there(teams)
    assert set(counted) == {mark(post.id) for post in posts}
    assert sum(counted.values()) == len(posts) + 2
    assert connector.WHOLE < 30
