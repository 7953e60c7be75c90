"""No channel gets more than its platform takes, what is urgent goes first, edits wait for no post."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from handlers.delivery.pace import Limit, Meter, Pace
from storage import outbox
from storage.db import transaction
from tests.delivery.postroom import Postroom
from tests.delivery.unkind import Unkind

TEAMS = (Limit(7, 1), Limit(8, 2), Limit(60, 30), Limit(1800, 3600))


@given(st.lists(st.floats(0, 3), max_size=200))
def test_no_stretch_of_time_holds_more_than_its_limit(pauses: list[float]) -> None:
    meter, now, used = Meter(), 0.0, []
    for pause in pauses:
        now += pause
        if meter.wait("channel", TEAMS, now) == 0:
            meter.took("channel", TEAMS, now)
            used.append(now)
    for limit in TEAMS:
        assert all(sum(at <= t < at + limit.seconds for t in used) <= limit.count for at in used)


def test_the_wait_is_as_long_as_needed_and_no_longer() -> None:
    meter, now, sent = Meter(), 0.0, 0
    while now < 3600:
        wait = meter.wait("channel", TEAMS, now)
        if not wait:
            meter.took("channel", TEAMS, now)
            sent += 1
        now += wait
    assert sent == 1800


@pytest.mark.parametrize(
    ("limit", "among", "left"), [(Limit(8, 2), 4, Limit(2, 2)), (Limit(1, 1), 4, Limit(1, 4)), (Limit(3, 3), 2, Limit(1, 3))]
)
def test_processes_share_what_a_platform_allows(limit: Limit, among: int, left: Limit) -> None:
    assert limit.shared(among) == left


@pytest.fixture
def room(sqlite: Engine) -> Postroom:
    room = Postroom(sqlite, {}, paces={"slack": Pace(posts=(Limit(1, 1),), edits=(Limit(2, 10),))})
    room.platforms["slack"] = Unkind(lambda: room.now)
    return room


def seen(room: Postroom) -> list[tuple[str, float]]:
    platform = room.platforms["slack"]
    assert isinstance(platform, Unkind)
    start = platform.seen[0].at
    return [(m.parcel.body.headline, round((m.at - start).total_seconds())) for m in platform.seen]


def test_a_room_gets_one_post_a_second_and_other_rooms_do_not_wait_for_it(room: Postroom) -> None:
    room.queue(*(room.post(f"room {n}", urgent=False) for n in range(4)), room.post("to tom", to="tom"), room.post("to ines", to="ines"))
    room.forward(10)
    assert dict(seen(room)) == {"room 0": 0, "room 1": 1, "room 2": 2, "room 3": 3, "to tom": 0, "to ines": 0}


def test_what_is_urgent_goes_before_what_waited_longer(room: Postroom) -> None:
    room.queue(*(room.post(f"routine {n}", urgent=False) for n in range(100)))
    room.forward(3)
    room.queue(room.post("urgent"))
    room.forward(3)
    names = [name for name, _ in seen(room)]
    assert "urgent" in names[3:5]


def test_a_lane_of_thousands_holds_no_other_lane_up(room: Postroom) -> None:
    room.queue(*(room.post(f"routine {n}") for n in range(1500)), room.post("to tom", to="tom", urgent=False))
    room.forward(3)
    assert "to tom" in dict(seen(room))


def test_edits_have_a_pace_of_their_own(room: Postroom) -> None:
    cards = [room.card(f"card {n}") for n in range(4)]
    room.queue(*cards)
    room.forward(10)
    with transaction(room.engine) as session:
        for card in cards:
            outbox.edit(session, card.id, card.body | {"headline": "changed"})
    room.queue(room.post("new"))
    room.forward(2)
    names = [name for name, _ in seen(room)]
    assert (names.count("changed"), names[-1]) == (2, "new")
    room.forward(10)
    assert [name for name, _ in seen(room)].count("changed") == 4


def test_where_an_edit_counts_as_a_post_it_leaves_room_for_one_and_other_rooms_do_not_wait(sqlite: Engine) -> None:
    room = Postroom(sqlite, {}, paces={"slack": Pace(posts=(Limit(4, 10),), edits=(Limit(3, 10),), together=True)})
    room.platforms["slack"] = Unkind(lambda: room.now)
    cards = [room.card(f"card {n}") for n in range(4)]
    room.queue(*cards)
    room.forward(30)
    with transaction(room.engine) as session:
        for card in cards:
            outbox.edit(session, card.id, card.body | {"headline": "changed"})
    room.queue(*(room.post(f"to {who}", to=who) for who in ("tom", "ines")))
    room.forward(5)
    room.queue(room.post("new", urgent=False), room.post("newer", urgent=False))
    room.forward(2)
    names = [name for name, _ in seen(room)]
    assert (names.count("changed"), names.count("to tom"), names.count("to ines"), names[-1]) == (3, 1, 1, "new")
    room.forward(20)
    assert [name for name, _ in seen(room)].count("changed") == 4
