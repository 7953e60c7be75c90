"""The outbox: claimed by one, in order, looked up when in doubt, edited to the end."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from storage import outbox
from storage.db import Session, reading, transaction
from storage.ids import new_id
from storage.outbox import Delivered, Post
from storage.sealing import Vault
from storage.tables import POSTS
from tests.storage import invented
from tests.storage.invented import MINUTE, NOW

LEASE = timedelta(minutes=5)


def claimed(session: Session, limit: int = 99) -> list[str]:
    return texts(outbox.claim(session, NOW, limit, LEASE))


def texts(posts: Sequence[Post]) -> list[str]:
    return [post.body["text"] for post in posts]


def delivered(post: Post, edition: int = 1) -> Delivered:
    return Delivered(post.id, f"m-{post.id}", NOW, edition, platform="slack", channel="C0001", attempt=post.attempt)


def the(session: Session, post: Post) -> Post:
    found = outbox.by_id(session, post.id)
    assert found is not None
    return found


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


@pytest.fixture
def thread(engine: Engine) -> list[Post]:
    """A card that was sent, and three replies that wait."""
    card = invented.post("card")
    replies = [invented.post(text, parent=card, queued_at=NOW + n * timedelta(seconds=1)) for n, text in enumerate(("one", "two", "three"))]
    with transaction(engine) as session:
        outbox.queue_all(session, [card, *replies])
        claimed(session)
        outbox.sent(session, delivered(card))
    return [card, *replies]


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


def test_a_delivery_is_recorded_with_where_it_went(engine: Engine) -> None:
    with transaction(engine) as session:
        posts = [invented.post(str(n)) for n in range(3)]
        outbox.queue_all(session, posts)
        claimed(session)
        assert outbox.sent_all(session, [delivered(post) for post in posts[:2]]) == 2
        assert outbox.sent_all(session, []) == 0
        first = outbox.by_message(session, "slack", "C0001", f"m-{posts[0].id}")
        assert outbox.by_message(session, "teams", "C0001", f"m-{posts[0].id}") is None
        assert texts(outbox.stuck(session, NOW + MINUTE)) == ["2"]
        assert outbox.stuck(session, NOW) == []
    assert first is not None
    assert (first.state, first.sent_edition, first.sent_at, first.lease_until) == ("sent", 1, NOW, None)


def test_an_edit_before_sending_goes_out_as_the_only_edition(engine: Engine) -> None:
    with transaction(engine) as session:
        post = invented.post("due 21:00")
        outbox.queue(session, post)
        outbox.edit(session, post.id, {"text": "due 22:00"})
        (only,) = outbox.claim(session, NOW, 9, LEASE)
        assert (only.body["text"], only.edition, only.reference) == ("due 22:00", 2, None)
        outbox.sent(session, delivered(only, edition=2))
        assert claimed(session) == []


def test_an_edit_after_sending_is_claimed_as_a_change_of_what_is_there(engine: Engine) -> None:
    with transaction(engine) as session:
        post = invented.post("due 21:00", urgent=True)
        outbox.queue(session, post)
        claimed(session)
        outbox.sent(session, delivered(post))
        outbox.edit(session, post.id, {"text": "done 20:58"})
        outbox.queue(session, invented.post("another", urgent=True))
        new, change = outbox.claim(session, NOW, 9, LEASE)
        assert texts([new, change]) == ["another", "done 20:58"]
        assert (change.reference, change.edition, change.sent_edition) == (f"m-{post.id}", 2, 1)
        later = replace(delivered(change, edition=2), at=NOW + MINUTE, platform=None, channel=None)
        outbox.sent(session, later)
        final = outbox.by_id(session, post.id)
        assert final is not None
        assert (final.state, final.sent_edition, final.sent_at, final.channel) == ("sent", 2, NOW, "C0001")


def test_an_edit_during_sending_goes_out_next(engine: Engine) -> None:
    with transaction(engine) as session:
        post = invented.post("due 21:00")
        outbox.queue(session, post)
        claimed(session)
        outbox.edit(session, post.id, {"text": "done 20:58"})
        assert claimed(session) == []
        outbox.sent(session, delivered(post, edition=1))
        (change,) = outbox.claim(session, NOW, 9, LEASE)
        assert (change.body["text"], change.reference) == ("done 20:58", f"m-{post.id}")


def test_a_card_being_edited_holds_no_reply_up(engine: Engine, thread: list[Post]) -> None:
    with transaction(engine) as session:
        outbox.edit(session, thread[0].id, {"text": "card, changed"})
        assert claimed(session) == ["card, changed", "one"]


def test_what_was_given_up_stays_so_when_edited(engine: Engine) -> None:
    with transaction(engine) as session:
        post = invented.post("gone")
        outbox.queue(session, post)
        outbox.withdraw(session, [post.id])
        outbox.edit(session, post.id, {"text": "changed"})
        assert claimed(session) == []


def test_after_a_crash_what_was_being_sent_is_looked_up(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        outbox.queue_all(session, [invented.post("one"), invented.post("two")])
        assert len(claimed(session, limit=1)) == 1
    with transaction(sqlite) as session:
        assert outbox.free_leases(session) == 1
        assert [(post.state, post.body["text"]) for post in outbox.claim(session, NOW, 9, LEASE)] == [
            ("uncertain", "one"),
            ("sending", "two"),
        ]


def test_a_lease_runs_on_the_clock_of_the_database(postgresql: Engine) -> None:
    with transaction(postgresql) as session:
        outbox.queue_all(session, [invented.post("alive"), invented.post("dead")])
        outbox.claim(session, NOW, 1, LEASE)
        outbox.claim(session, NOW, 1, timedelta(0))
    with transaction(postgresql) as session:
        assert outbox.free_leases(session) == 1
        assert outbox.free_leases(session) == 0
        assert [(post.state, post.body["text"]) for post in outbox.claim(session, NOW, 9, LEASE)] == [("uncertain", "dead")]


def test_a_lookup_whose_process_died_is_claimed_again(postgresql: Engine) -> None:
    with transaction(postgresql) as session:
        post = invented.post("which?")
        outbox.queue(session, post)
        outbox.doubt(session, [(one, NOW) for one in outbox.claim(session, NOW, 1, LEASE)])
        outbox.claim(session, NOW, 1, timedelta(0))
    with transaction(postgresql) as session:
        assert claimed(session) == ["which?"]
    with transaction(postgresql) as session:
        assert claimed(session) == []


def test_two_open_transactions_never_claim_one_post(postgresql: Engine) -> None:
    with transaction(postgresql) as session:
        outbox.queue_all(session, [invented.post(str(n)) for n in range(10)])
    with transaction(postgresql) as one, transaction(postgresql) as two:
        first = claimed(one, limit=5)
        assert len(first) == 5
        assert sorted(first + claimed(two, limit=9)) == [str(n) for n in range(10)]


def test_while_a_claim_is_open_nobody_gets_the_next_of_the_thread(postgresql: Engine) -> None:
    card = invented.post("card")
    with transaction(postgresql) as session:
        outbox.queue_all(session, [card, invented.post("one", parent=card), invented.post("two", parent=card)])
        claimed(session)
        outbox.sent(session, delivered(card))
    with transaction(postgresql) as one, transaction(postgresql) as two:
        assert claimed(one) == ["one"]
        assert claimed(two) == []


def test_racing_processes_deliver_every_post_once_and_threads_in_order(postgresql: Engine) -> None:
    cards = [invented.post(f"card {n}") for n in range(6)]
    replies = [invented.post(f"reply {n}.{k}", parent=card) for k in range(4) for n, card in enumerate(cards)]
    with transaction(postgresql) as session:
        outbox.queue_all(session, cards + replies)
    start, log = Barrier(4), []

    def deliver(_: int) -> None:
        start.wait()
        while True:
            with transaction(postgresql) as session:
                posts = outbox.claim(session, NOW, 3, LEASE)
            log.extend(posts)
            with transaction(postgresql) as session:
                outbox.sent_all(session, [delivered(post) for post in posts])
            with reading(postgresql) as session:
                if not outbox.stuck(session, NOW + MINUTE):
                    return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(deliver, range(4)))
    assert sorted(texts(log)) == sorted(texts(cards + replies))
    for n in range(6):
        assert [text for text in texts(log) if text.startswith(f"reply {n}.")] == [f"reply {n}.{k}" for k in range(4)]


def test_a_claim_reads_only_what_waits(engine: Engine) -> None:
    done = [replace(invented.post("done"), id=new_id(), state="sent", reference="m", sent_edition=1) for _ in range(2000)]
    with transaction(engine) as session:
        outbox.queue_all(session, [*done, invented.post("waiting")])
    with transaction(engine) as session:
        if engine.dialect.name == "postgresql":
            session.execute(sa.text("ANALYZE posts"))
        explain = "EXPLAIN " if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
        plan = session.execute(
            sa.text(f"{explain} SELECT id FROM posts WHERE state IN ('queued', 'uncertain') ORDER BY urgent DESC, queued_at, id")
        )
        assert "ix_posts_waiting" in " ".join(str(row) for row in plan)
        assert claimed(session) == ["waiting"]
