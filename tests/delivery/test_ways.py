"""A post that cannot go its way goes another, and somebody is told."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from handlers.delivery.under_way import DOWN
from handlers.delivery.ways import Reach
from handlers.directory import Directory, Room
from handlers.outgoing import body
from handlers.ports import Parcel
from storage import outbox
from storage.db import transaction
from storage.outbox import Post
from tests.delivery.postroom import AUTHORITY, Postroom, someone, town
from tests.delivery.unkind import Mood, Unkind, unsteady

MINUTE = 60
BOTH = town(
    Room("slack", "C-coordination", "coordination"),
    Room("teams", "19:coordination", "coordination"),
    Room("slack", "C-management", "management"),
)


def ways(directory: Directory, post: Post, *serving: str) -> list[str]:
    reach = Reach(directory.authority(AUTHORITY), directory, serving)
    return [way.name for way in reach.ways(post, body(post.body))]


@pytest.fixture
def room(sqlite: Engine) -> Postroom:
    room = Postroom(sqlite, {}, directory=BOTH)
    for name in ("slack", "teams", "mail"):
        room.platforms[name] = Unkind(lambda: room.now, name=name)
    return room


def platform(room: Postroom, name: str) -> Unkind:
    found = room.platforms[name]
    assert isinstance(found, Unkind)
    return found


def where(room: Postroom) -> dict[str, list[str]]:
    """What each place shows, alarms left out."""
    shown: dict[str, list[str]] = {}
    for name in room.platforms:
        for message in platform(room, name).seen:
            if message.parcel.post.kind != "alarm":
                shown.setdefault(f"{name}:{message.channel}", []).append(message.parcel.body.headline)
    return shown


def test_a_room_post_may_go_to_its_rooms_then_to_those_mentioned_then_elsewhere_then_by_mail(room: Postroom) -> None:
    post = room.post(to="tom", under=room.card())
    assert ways(BOTH, post, "slack", "teams", "mail") == [
        "slack:C-coordination",
        "teams:19:coordination",
        "slack:@tom",
        "mail:@tom",
        "slack:C-management",
    ]


def test_a_direct_message_goes_by_mail_before_a_room_hears(room: Postroom) -> None:
    assert ways(BOTH, room.post(to="tom"), "slack", "mail") == ["slack:@tom", "mail:@tom", "slack:C-management"]


def test_a_post_for_nobody_in_particular_reaches_the_keepers_by_mail_when_no_room_takes_it(room: Postroom) -> None:
    assert ways(BOTH, room.card(), "slack", "mail") == ["slack:C-coordination", "slack:C-management", "mail:@mia"]


def test_what_partners_are_to_see_is_never_put_where_they_are_not_meant_to_look(room: Postroom) -> None:
    assert ways(BOTH, replace(room.post(), room="partners"), "slack") == ["slack:C-coordination"]


def refuses(room: Postroom, *names: str) -> None:
    """The channels or people, on Slack, that refuse from now on."""

    def mood(_call: str, parcel: Parcel) -> Mood:
        channel = parcel.room.channel if parcel.room else parcel.people[0].id
        return "refused" if channel in names else "kind"

    platform(room, "slack").mood = mood


def test_a_room_that_refuses_is_replaced_and_the_management_room_is_told_once(room: Postroom) -> None:
    refuses(room, "C-coordination")
    room.queue(room.post("one"), room.post("two"))
    room.forward(5)
    assert where(room) == {"teams:19:coordination": ["one", "two"]}
    assert [a.split(" are")[0] for a in room.alarms()] == ["Posts for the coordination room on slack"]


def test_a_reply_whose_thread_is_elsewhere_stands_alone(room: Postroom) -> None:
    card = room.card()
    room.queue(card, room.post("first", under=card))
    room.forward(2)
    refuses(room, "C-coordination")
    room.queue(room.post("second", under=card))
    room.forward(5)
    assert [m.thread for m in platform(room, "slack").seen if m.parcel.post.kind == "due"] == [room.stored(card).reference]
    assert [m.thread for m in platform(room, "teams").seen] == [None]


def test_everybody_a_refused_post_mentioned_gets_a_message(sqlite: Engine) -> None:
    room = Postroom(
        sqlite, {}, directory=town(Room("slack", "C-coordination", "coordination"), Room("slack", "C-management", "management"))
    )
    room.platforms["slack"] = Unkind(lambda: room.now)
    refuses(room, "C-coordination")
    post = room.post("late")
    room.queue(replace(post, body=post.body | {"mentions": ["ines", "tom"]}))
    room.forward(5)
    assert where(room) == {"slack:@ines": ["late"], "slack:@tom": ["late"]}


def test_whoever_cannot_be_reached_at_all_is_to_be_rung(sqlite: Engine) -> None:
    people = (someone("ray", "police", "teams"), someone("mia", "la_missing_coordinator", "slack"))
    room = Postroom(sqlite, {}, directory=town(Room("slack", "C-coordination", "coordination"), people=people))
    room.platforms["slack"] = Unkind(lambda: room.now)
    post = replace(room.post(to="ray"), addressee="police")
    room.queue(post)
    room.forward(5)
    assert room.stored(post).state == "undeliverable"
    assert room.alarms() == ["HW-7F3K: police could not be reached. Please ring them."]
    assert [m.parcel.body.rows[0].says for m in platform(room, "slack").seen] == room.alarms()


def test_a_card_that_somebody_deleted_is_posted_again(room: Postroom) -> None:
    card = room.card()
    card = replace(card, body=card.body | {"buttons": ["status"]})
    room.queue(card)
    room.forward(2)
    platform(room, "slack").seen.clear()
    edit(room, card, "card, changed")
    room.forward(2)
    assert where(room) == {"slack:C-coordination": ["card, changed"]}


def edit(room: Postroom, post: Post, text: str) -> None:
    with transaction(room.engine) as session:
        outbox.edit(session, post.id, post.body | {"headline": text})


def test_with_a_platform_down_pings_go_by_mail_where_there_is_an_address(room: Postroom) -> None:
    platform(room, "slack").mood = lambda *_: "down"
    room.queue(room.post("for tom", to="tom"), room.post("for ines", to="ines"), room.card(), room.post("routine", to="tom", urgent=False))
    room.forward(DOWN - 20)
    assert where(room) == {}
    room.forward(60)
    assert where(room) == {"mail:@tom": ["for tom"]}
    room.forward(20 * MINUTE)
    assert where(room)["mail:@tom"] == ["for tom", "routine"]
    platform(room, "slack").mood = lambda *_: "kind"
    room.forward(2 * MINUTE)
    shown = where(room)
    assert sorted(shown) == ["mail:@tom", "slack:@ines", "slack:C-coordination"]
    assert [len(texts) for texts in shown.values()] == [1, 1, 2]


def test_with_a_platform_down_what_waits_in_a_thread_goes_by_mail_too(room: Postroom) -> None:
    """A child reported meanwhile: the card cannot be posted, and nobody waits for it to hear that they must act."""
    platform(room, "slack").mood = lambda *_: "down"
    platform(room, "teams").mood = lambda *_: "down"
    card = room.card()
    room.queue(card, room.post("for ines", to="ines", under=card), room.post("for tom", to="tom", under=card))
    room.forward(5 * MINUTE)
    assert where(room) == {"mail:@tom": ["for tom"]}
    platform(room, "slack").mood = lambda *_: "kind"
    room.forward(2 * MINUTE)
    assert where(room) == {"mail:@tom": ["for tom"], "slack:C-coordination": ["card", "for ines"]}


def test_a_platform_that_answers_nobody_for_an_hour_is_down_too(room: Postroom) -> None:
    platform(room, "slack").mood = lambda *_: "lost"
    room.queue(room.post("for tom", to="tom"), room.post("for ines", to="ines"))
    room.forward(60 * MINUTE)
    assert where(room) == {"mail:@tom": ["for tom"]}
    platform(room, "slack").mood = lambda *_: "kind"
    room.forward(5 * MINUTE)
    assert where(room) == {"mail:@tom": ["for tom"], "slack:@ines": ["for ines"]}


@pytest.mark.parametrize("first", ["slack", "mail"])
def test_with_mail_down_as_well_a_post_waits_for_whichever_works_first(room: Postroom, first: str) -> None:
    for name in ("slack", "mail"):
        platform(room, name).mood = lambda *_: "down"
    post = room.post("for tom", to="tom")
    room.queue(post)
    room.forward(30 * MINUTE)
    assert (where(room), room.stored(post).reference) == ({}, None)
    platform(room, first).mood = lambda *_: "kind"
    room.forward(10 * MINUTE)
    assert where(room) == {f"{first}:@tom": ["for tom"]}
    assert not [alarm for alarm in room.alarms() if "could not be reached" in alarm]


def test_a_short_trouble_sends_no_mail(room: Postroom) -> None:
    platform(room, "slack").mood = lambda *_: "down"
    room.queue(room.post("for tom", to="tom"))
    room.forward(60)
    platform(room, "slack").mood = lambda *_: "kind"
    room.forward(60)
    assert where(room) == {"slack:@tom": ["for tom"]}


def outside(_call: str, parcel: Parcel) -> Mood:
    """Of those a post mentions nobody is in its room."""
    return "elsewhere" if parcel.room and parcel.body.mentions else "kind"


def mentioning(room: Postroom, *people: str) -> Post:
    post = room.post("late", under=room.card())
    return replace(post, parent_id=None, addressee="team_manager", body=post.body | {"mentions": list(people)})


def test_whom_a_room_does_not_reach_is_told_alone_each_once(room: Postroom) -> None:
    platform(room, "slack").mood = outside
    post = mentioning(room, "ines", "tom", "mia")
    room.queue(post)
    room.forward(5)
    assert where(room) == {"slack:@ines": ["late"], "slack:@tom": ["late"], "slack:@mia": ["late"]}
    assert [[p.id for p in m.parcel.people] for m in platform(room, "slack").seen] == [["ines"], ["tom"], ["mia"]]
    assert (room.stored(post).place, room.stored(post).person, room.alarms()) == ("direct", "ines", [])


def test_each_is_told_once_also_when_nobody_knows_what_arrived(room: Postroom) -> None:
    del room.platforms["mail"]  # else they are told by two ways rather than late
    kind, trouble = outside, unsteady(2, 0.5, ("dropped", "lost", "late", "busy", "broken"))
    platform(room, "slack").mood = lambda call, parcel: kind(call, parcel) if kind(call, parcel) != "kind" else trouble(call, parcel)
    room.queue(*(mentioning(room, "ines", "tom", "mia") for _ in range(3)))
    room.drain(60 * MINUTE)
    platform(room, "slack").settle()
    assert {place: len(texts) for place, texts in where(room).items()} == {"slack:@ines": 3, "slack:@tom": 3, "slack:@mia": 3}


def test_one_of_them_who_refuses_is_told_by_mail_and_keeps_nobody_else_from_it(room: Postroom) -> None:
    platform(room, "slack").mood = lambda call, parcel: "refused" if parcel.post.person == "tom" else outside(call, parcel)
    room.queue(mentioning(room, "tom", "mia"))
    room.forward(5)
    assert where(room) == {"slack:@mia": ["late"], "mail:@tom": ["late"]}


def test_whom_a_room_reaches_only_in_part_the_others_are_told_alone(room: Postroom) -> None:
    """Ines is in it; Tom is not; Ray has no account there, and Leo reads letters only."""
    room.office = replace(
        room.office, directory=replace(BOTH, people=(*BOTH.people, someone("leo", "health", "mail"), someone("al", "health")))
    )
    platform(room, "slack").missed = ("tom",)
    post = mentioning(room, "ines", "tom", "ray", "leo", "al")
    room.queue(post)
    room.forward(5)
    assert where(room) == {"slack:C-coordination": ["late"], "slack:@tom": ["late"], "teams:@ray": ["late"], "mail:@leo": ["late"]}
    edit(room, post, "done")
    room.forward(5)
    assert len(where(room)) == 4  # an edit tells nobody anew
    assert room.alarms() == []


def test_what_was_edited_while_it_was_carried_is_said_to_everybody_as_it_is_now(room: Postroom) -> None:
    post = mentioning(room, "ines", "tom")

    def edits(call: str, parcel: Parcel) -> Mood:
        if parcel.room:
            edit(room, post, "late, and moved")
        return outside(call, parcel)

    platform(room, "slack").mood = edits
    room.queue(post)
    room.forward(5)
    assert where(room) == {"slack:@ines": ["late, and moved"], "slack:@tom": ["late, and moved"]}


def test_whom_nothing_reaches_is_named_to_whoever_can_ring(room: Postroom) -> None:
    platform(room, "slack").mood = lambda call, parcel: "refused" if parcel.post.person == "ines" else outside(call, parcel)
    room.queue(replace(mentioning(room, "mia", "ines"), addressee=None))
    room.office = replace(
        room.office, directory=replace(BOTH, authorities=(replace(BOTH.authorities[0], rooms=BOTH.authorities[0].rooms[:1]),))
    )
    room.forward(5)
    assert "HW-7F3K: Ines could not be reached. Please ring them." in room.alarms()
