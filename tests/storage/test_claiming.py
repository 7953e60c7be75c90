"""One post goes out once, whichever process dies or races another."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import sqlalchemy as sa
from sqlalchemy import Engine

from storage import outbox
from storage.db import reading, transaction
from storage.ids import new_id
from tests.storage import invented
from tests.storage.claiming import LEASE, claimed, delivered, texts
from tests.storage.invented import MINUTE, NOW


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
