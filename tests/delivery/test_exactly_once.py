"""Every post is seen once, whatever the platform does, and a thread is read in its order."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from handlers.delivery import under_way
from handlers.enclosed import Enclosed, File
from handlers.errors import Later
from handlers.outgoing import Body, Sent
from handlers.ports import Parcel
from storage import outbox
from storage.db import transaction
from storage.errors import Unavailable
from storage.outbox import Post
from tests.delivery.postroom import Postroom
from tests.delivery.unkind import Mood, Unkind, moods, unsteady

MINUTE = 60
CHART = Body(None, "chart", enclosed=Enclosed("picture", "monthly_missing_report", "2026-01-01", "", "weeks.png", "9 children."))


@pytest.fixture
def room(engine: Engine) -> Postroom:
    """A post room that serves one platform; its moods are the test's."""
    room = Postroom(engine, {})
    room.platforms["slack"] = Unkind(lambda: room.now)
    return room


def slack(room: Postroom) -> Unkind:
    platform = room.platforms["slack"]
    assert isinstance(platform, Unkind)
    return platform


def seen(room: Postroom) -> list[str]:
    return [message.parcel.body.headline for message in slack(room).seen]


def test_an_answer_that_is_lost_is_looked_up_and_nothing_is_sent_again(room: Postroom) -> None:
    slack(room).mood = moods("dropped")
    post = room.post()
    room.queue(post)
    room.turn()
    assert room.stored(post).state == "uncertain"
    room.forward(MINUTE)
    assert seen(room) == ["due"]
    assert room.stored(post).state == "sent"
    assert slack(room).calls["send"] == 1


@pytest.mark.parametrize("mood", ["lost", "broken"])
def test_what_is_not_found_twice_is_sent_again_after_half_a_minute(room: Postroom, mood: Mood) -> None:
    slack(room).mood = moods(mood)
    room.queue(room.post())
    room.forward(29)
    assert seen(room) == []
    room.forward(10)
    assert seen(room) == ["due"]
    assert (slack(room).calls["send"], slack(room).calls["look_up"]) == (2, 2)


def test_what_turns_up_late_is_not_sent_again(room: Postroom) -> None:
    slack(room).mood = moods("late")
    room.queue(room.post())
    room.forward(10 * MINUTE)
    slack(room).settle()
    assert seen(room) == ["due"]


def test_what_the_platform_hides_at_first_is_found_when_looked_for_again(room: Postroom) -> None:
    slack(room).mood, slack(room).hidden = moods("dropped"), 1
    room.queue(room.post())
    room.forward(10 * MINUTE)
    assert seen(room) == ["due"]


def test_a_look_that_fails_is_repeated_and_proves_nothing(room: Postroom) -> None:
    troubles: list[Mood] = ["lost", "broken", "broken", "broken"]
    slack(room).mood = lambda call, _: troubles.pop(0) if call == "look_up" and troubles else "dropped" if call == "send" else "kind"
    room.queue(room.post())
    room.forward(10 * MINUTE)
    assert seen(room) == ["due"]
    assert slack(room).calls["send"] == 1


def test_a_renderer_that_raises_harms_only_its_own_post(room: Postroom) -> None:
    class Broken(Unkind):
        def send(self, parcel: Parcel) -> Sent:
            if parcel.body.headline == "bad":
                raise RuntimeError
            return super().send(parcel)

    room.platforms["slack"] = Broken(lambda: room.now)
    room.queue(room.post("bad"), room.post("good"))
    room.turn()
    assert seen(room) == ["good"]
    room.forward(MINUTE)
    assert seen(room) == ["good"]


def test_a_platform_that_asks_to_wait_is_left_alone_for_that_long(room: Postroom) -> None:
    slack(room).mood, slack(room).wait = moods("busy"), 600
    room.queue(room.post("first"), room.post("second"))
    room.forward(599)
    assert seen(room) == []
    assert slack(room).calls["send"] <= 2  # what had been claimed before it said so
    room.forward(5)
    assert seen(room) == ["first", "second"]


def test_one_channel_that_must_wait_holds_no_other_up(room: Postroom) -> None:
    slack(room).mood = lambda _call, parcel: "busy" if parcel.room else "kind"
    room.queue(*(room.post(f"room {n}") for n in range(80)), room.post("direct", to="ines"))
    room.forward(5)
    assert seen(room) == ["direct"]


def test_an_edit_without_an_answer_is_made_again(room: Postroom) -> None:
    slack(room).mood = moods("lost", "dropped", of="update")
    card = room.card()
    room.queue(card)
    room.turn()
    edit(room, card.id, "card, changed")
    room.forward(MINUTE)
    assert seen(room) == ["card, changed"]
    assert room.stored(card).state == "sent"


def edit(room: Postroom, post_id: str, text: str) -> None:
    with transaction(room.engine) as session:
        post = outbox.by_id(session, post_id)
        assert post is not None
        outbox.edit(session, post_id, post.body | {"headline": text})


def test_a_thread_waits_for_the_one_in_doubt(room: Postroom) -> None:
    card = room.card()
    room.queue(card)
    room.turn()
    slack(room).mood = moods("kind", "lost")
    replies = [replace(room.post(str(n), under=card), queued_at=room.now + timedelta(milliseconds=n)) for n in range(4)]
    room.queue(*replies)
    room.forward(20)
    assert seen(room) == ["card", "0"]
    room.forward(MINUTE)
    assert seen(room) == ["card", "0", "1", "2", "3"]


def test_what_could_not_be_recorded_is_recorded_later_and_not_sent_again(room: Postroom) -> None:
    post = room.post()
    room.queue(post)
    opened, desk = [0], room.desk

    def failing() -> object:
        opened[0] += 1
        if opened[0] in {2, 3}:
            raise OSError("database or disk is full")
        return desk()

    room.desk = failing  # type: ignore[method-assign, assignment]
    for _ in range(2):
        with pytest.raises(OSError, match="full"):
            room.turn()
    room.forward(10 * MINUTE)
    assert seen(room) == ["due"]
    assert room.stored(post).state == "sent"


def test_a_platform_that_hangs_holds_nobody_else_up_and_doubles_nothing(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as carriers:
        room = Postroom(engine, {}, carriers=carriers)
        room.platforms["slack"] = Unkind(lambda: room.now, moods("hang"))
        first = room.post("first", to="ines")
        room.queue(first)
        room.turn()
        room.queue(room.post("same lane", to="ines"), room.post("other lane", to="tom"))
        while "other lane" not in seen(room):
            room.turn()
        assert seen(room) == ["other lane"]
        room.elapsed += under_way.HUNG * under_way.LEASE + 1
        room.turn()
        assert room.stored(first).state == "uncertain"
        slack(room).gate.set()
        room.wait()
        while seen(room).count("same lane") == 0:
            room.forward(5)
            room.wait()
        room.forward(5 * MINUTE)
        room.wait()
        assert sorted(seen(room)) == ["first", "other lane", "same lane"]
        assert room.stored(first).state == "sent"


def test_nothing_is_handed_over_when_the_lease_may_be_over(engine: Engine) -> None:
    room = Postroom(engine, {})

    class Slow(Unkind):
        def send(self, parcel: Parcel) -> Sent:
            room.elapsed += under_way.FRESH * under_way.LEASE + 1
            return super().send(parcel)

    room.platforms["slack"] = Slow(lambda: room.now)
    room.queue(room.post("first"), room.post("second"))
    room.turn()
    assert seen(room) == ["first"]
    room.turn()
    assert seen(room) == ["first", "second"]


def test_whoever_lost_its_claim_changes_nothing_but_that_a_message_is_there(postgresql: Engine) -> None:
    room = Postroom(postgresql, {})
    post = room.post()
    room.queue(post)
    with transaction(postgresql) as session:
        (mine,) = outbox.claim(session, room.now, 1, timedelta(0))
        outbox.free_expired(session)
        (theirs,) = outbox.claim(session, room.now, 1, timedelta(minutes=1))
        outbox.requeue(session, [(mine, room.now)])
        outbox.undeliverable(session, mine)
        outbox.supersede(session, [mine])
        assert outbox.by_id(session, post.id) == theirs
        assert outbox.sent_all(session, [outbox.Delivered(post.id, "m1", room.now, 1, "slack", "C", mine.attempt)]) == 1
        outbox.requeue(session, [(theirs, room.now)])
        assert outbox.sent_all(session, [outbox.Delivered(post.id, "m2", room.now, 1, "slack", "C", theirs.attempt)]) == 0
        found = outbox.by_id(session, post.id)
    assert found is not None
    assert (found.state, found.reference) == ("sent", "m1")


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_each_post_is_seen_once_and_threads_are_in_order(room: Postroom, seed: int) -> None:
    slack(room).mood = unsteady(seed, 0.4, ("dropped", "lost", "late", "busy", "broken", "down"))
    slack(room).wait = 7
    cards = [room.card(f"card {n}") for n in range(8)]
    replies = {c.id: [replace(room.post(f"{n}", under=c), queued_at=room.now + timedelta(seconds=n)) for n in range(6)] for c in cards}
    room.queue(*cards, *(reply for of in replies.values() for reply in of), *(room.post(f"to {n}", to="ines") for n in range(8)))
    room.drain(90 * MINUTE)
    slack(room).settle()
    counts = Counter(message.post for message in slack(room).seen)
    print(f"seed {seed}: {len(counts)} posts, {sum(counts.values())} messages, calls {dict(slack(room).calls)}")
    assert len(counts) == 8 + 8 * 6 + 8
    assert set(counts.values()) == {1}
    references = {m.post: m.reference for m in slack(room).seen}
    threads = slack(room).threads()
    for card in cards:
        assert threads[references[card.id]] == [reply.id for reply in replies[card.id]]


def test_later_than_a_minute_is_not_waited_for_in_doubt(room: Postroom) -> None:
    """A post whose every try ends in doubt is tried again at least once a minute."""
    slack(room).mood = lambda *_: "lost"
    room.queue(room.post())
    room.forward(10 * MINUTE)
    assert slack(room).calls["look_up"] >= 9


def test_a_wait_of_the_whole_platform_holds_every_channel(room: Postroom) -> None:
    class Busy(Unkind):
        def send(self, parcel: Parcel) -> Sent:
            if not self.calls["send"]:
                self.calls["send"] += 1
                raise Later(60, everywhere=True)
            return super().send(parcel)

    room.platforms["slack"] = Busy(lambda: room.now)
    room.queue(room.post("first"))
    room.turn()
    room.queue(room.post("second", to="ines"), room.post("third", to="tom"))
    room.forward(59)
    assert seen(room) == []
    room.forward(10)
    assert sorted(seen(room)) == ["first", "second", "third"]


def test_a_file_is_made_when_its_post_is_sent_and_an_answer_that_is_lost_sends_it_no_second_time(room: Postroom) -> None:
    made: list[str] = []

    def encloses(_post: Post, enclosed: Enclosed) -> File:
        made.append(enclosed.name)
        return File(enclosed.name, "image/png", b"picture")

    room.under_way.encloses = encloses
    slack(room).mood = moods("dropped")
    room.queue(replace(room.post(), body=replace(CHART, lines=("above",)).stored()))
    room.forward(MINUTE)
    assert made == ["weeks.png"]
    [message] = slack(room).seen
    assert message.parcel.file
    assert message.parcel.file.content == b"picture"


def test_where_a_file_cannot_be_made_words_go_in_its_place(room: Postroom) -> None:
    def encloses(_post: Post, _enclosed: Enclosed) -> File:
        raise ModuleNotFoundError("matplotlib")

    room.under_way.encloses = encloses
    room.queue(replace(room.post(), body=CHART.stored()))
    room.turn()
    [message] = slack(room).seen
    assert (message.parcel.file, message.parcel.body.lines) == (None, ("9 children.",))


def test_while_the_database_is_away_a_file_waits(room: Postroom) -> None:
    troubles = [Unavailable("away")]

    def encloses(_post: Post, enclosed: Enclosed) -> File:
        if troubles:
            raise troubles.pop()
        return File(enclosed.name, "image/png", b"picture")

    room.under_way.encloses = encloses
    room.queue(replace(room.post(), body=CHART.stored()))
    room.turn()
    assert seen(room) == []
    room.forward(MINUTE)
    assert [message.parcel.file is not None for message in slack(room).seen] == [True]
