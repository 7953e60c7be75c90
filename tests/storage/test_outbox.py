"""The outbox: claimed by one, in order, looked up when in doubt, withdrawn when nobody needs it."""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import Engine

from storage import outbox
from storage.db import reading, transaction
from storage.outbox import Post
from storage.sealing import Vault
from storage.tables import POSTS
from tests.storage import invented
from tests.storage.claiming import LEASE, claimed, delivered, texts, the
from tests.storage.invented import MINUTE, NOW


def test_a_post_comes_back_as_it_was_queued(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        post = replace(
            invented.post("card", key="card:1"),
            episode_id=invented.reported(session, vault).id,
            room="coordination",
            addressee="edt",
            person="duty.edt",
            body={"rows": [{"obligation": "o1", "late": None}], "text": "Bête"},
        )
        assert outbox.queue(session, post)
    with reading(engine) as session:
        assert outbox.by_id(session, post.id) == post
        assert outbox.by_key(session, "card:1") == post
        assert outbox.of_episode(session, post.episode_id or "") == [post]
        assert outbox.by_id(session, "nothing") is None


def test_a_key_is_queued_once(engine: Engine) -> None:
    with transaction(engine) as session:
        first, again, free = invented.post("one", key="card:1"), invented.post("two", key="card:1"), invented.post("three")
        assert outbox.queue(session, first)
        assert outbox.queue_all(session, [again, free]) == {free.id}
        assert outbox.queue_all(session, []) == set()
        assert texts([outbox.by_key(session, "card:1") or free]) == ["one"]


def test_urgent_posts_come_first_then_the_oldest(engine: Engine) -> None:
    with transaction(engine) as session:
        outbox.queue_all(
            session,
            [
                invented.post("second", queued_at=NOW - MINUTE),
                invented.post("third"),
                invented.post("first", urgent=True),
                invented.post("later", send_after=NOW + MINUTE),
            ],
        )
        assert outbox.next_send(session) == NOW
        assert claimed(session, limit=2) == ["first", "second"]
        assert claimed(session) == ["third"]
        assert claimed(session) == []
        assert outbox.next_send(session) == NOW + MINUTE


def test_a_reply_waits_for_its_parent(engine: Engine) -> None:
    with transaction(engine) as session:
        card = invented.post("card")
        outbox.queue_all(session, [card, invented.post("reply", parent=card, urgent=True)])
        assert claimed(session) == ["card"]
        assert claimed(session) == []
        outbox.sent(session, delivered(card))
        assert claimed(session) == ["reply"]


def test_a_parent_given_up_holds_no_reply(engine: Engine) -> None:
    with transaction(engine) as session:
        card = invented.post("card")
        outbox.queue_all(session, [card, invented.post("reply", parent=card)])
        claimed(session)
        outbox.undeliverable(session, the(session, card))
        assert claimed(session) == ["reply"]


def test_a_thread_is_sent_in_order(engine: Engine, thread: list[Post]) -> None:
    with transaction(engine) as session:
        for reply in thread[1:]:
            assert claimed(session) == texts([reply])
            assert claimed(session) == []
            outbox.sent(session, delivered(reply))


def test_a_reply_in_doubt_or_tried_before_keeps_its_place(engine: Engine, thread: list[Post]) -> None:
    later = NOW + 10 * MINUTE
    with transaction(engine) as session:
        assert claimed(session) == ["one"]
        outbox.doubt(session, [(the(session, thread[1]), later)])
        assert claimed(session) == []
        outbox.requeue(session, [(the(session, thread[1]), later)])
        assert claimed(session) == []
        (again,) = outbox.claim(session, later, 9, LEASE)
        assert (again.id, again.attempt) == (thread[1].id, 2)


def test_a_reply_that_waits_for_the_morning_holds_nobody_up(engine: Engine, thread: list[Post]) -> None:
    with transaction(engine) as session:
        session.execute(sa.update(POSTS).where(POSTS.c.id == thread[1].id).values(send_after=NOW + 10 * MINUTE))
        assert claimed(session) == ["two"]


def test_a_withdrawn_reply_holds_nobody_up(engine: Engine, thread: list[Post]) -> None:
    with transaction(engine) as session:
        assert outbox.withdraw(session, [thread[1].id]) == [thread[1].id]
        assert claimed(session) == ["two"]


def test_only_what_was_surely_not_sent_is_withdrawn_for_good(engine: Engine) -> None:
    with transaction(engine) as session:
        waiting, doubtful, out = invented.post("waiting"), invented.post("doubtful"), invented.post("out")
        outbox.queue_all(session, [waiting, doubtful, out])
        taken = outbox.claim(session, NOW, 9, LEASE)
        claims = [post for name in ("waiting", "doubtful", "out") for post in taken if post.body["text"] == name]
        outbox.doubt(session, [(claims[1], NOW)])
        outbox.sent(session, delivered(claims[2]))
        assert outbox.withdraw(session, [waiting.id, doubtful.id, out.id]) == []
        outbox.supersede(session, [claims[0], claims[2]])
        outbox.requeue(session, [(claims[0], NOW)])
        assert claimed(session) == ["doubtful"]


def test_a_post_in_doubt_is_claimed_to_be_looked_up(engine: Engine) -> None:
    with transaction(engine) as session:
        post = invented.post("which?")
        outbox.queue(session, post)
        (fresh,) = outbox.claim(session, NOW, 9, LEASE)
        outbox.doubt(session, [(fresh, NOW + MINUTE)])
        assert claimed(session) == []
        (again,) = outbox.claim(session, NOW + MINUTE, 9, LEASE)
        assert (fresh.state, again.state) == ("sending", "uncertain")
        outbox.sent(session, delivered(post))
        assert claimed(session) == []
