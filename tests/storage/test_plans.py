"""The questions that every cycle asks are answered from an index, on both databases, however much is stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from storage import episodes, obligations, outbox, pings
from storage.db import Session, transaction
from storage.ids import new_id
from storage.outbox import Post
from storage.sealing import Vault
from tests.storage import invented
from tests.storage.invented import NOW

ASKED = {
    "whose moment has come": lambda session: episodes.to_look_at(session, NOW, 50),
    "the same, the missing first": lambda session: episodes.missing_first(session, NOW, 50),
    "when something happens next": episodes.next_change,
    "lock the children": lambda session: episodes.lock_families(session, ["e1", "e2"]),
    "what an episode owes": lambda session: obligations.of_episodes(session, ["e1", "e2"]),
    "how much of it is open": lambda session: obligations.figures(session, ["e1", "e2"], NOW),
    "what was pinged": lambda session: pings.of_episodes(session, ["e1", "e2"]),
    "what posts carry": lambda session: pings.asked_by(session, ["p1", "p2"]),
    "cards by their keys": lambda session: outbox.by_keys(session, ["card:e1:coordination"]),
    "claim": lambda session: outbox.claim(session, NOW, 50, timedelta(minutes=2)),
    "claim a few of each lane": lambda session: outbox.claim(session, NOW, 50, timedelta(minutes=2), a_lane=3),
    "when to send next": outbox.next_send,
}
LARGE = frozenset({"episodes", "obligations", "pings", "posts", "journal", "children"})


@pytest.mark.parametrize("asked", ASKED)
def test_no_question_of_a_cycle_reads_a_whole_table(engine: Engine, vault: Vault, asked: str) -> None:
    with transaction(engine) as session:
        episode = invented.reported(session, vault)
        obligations.insert(session, [invented.obligation(episode.id, nth, NOW) for nth in range(3)])
        if "claim" in asked:
            outbox.queue_all(session, sent(2000))
        session.flush()
        with plans_of(session) as plans:
            ASKED[asked](session)
    assert plans
    for plan in plans:
        assert not [line for line in plan if _reads_all(line)], plan


def sent(count: int) -> list[Post]:
    """Posts that are out, each in the thread of the one before: how a claim is answered depends on how many there are."""
    first = replace(invented.post("done"), state="sent", reference="m", sent_edition=1)
    return [first, *(replace(first, id=new_id(), parent_id=first.id) for _ in range(count))]


def _reads_all(line: str) -> bool:
    """A scan of a large table by no index; of an index's own part (the partial one of what waits) it is no whole table."""
    found = next((table for table in LARGE if f"SCAN {table}" in line or f"Seq Scan on {table}" in line), None)
    return found is not None and "USING" not in line


@contextmanager
def plans_of(session: Session) -> Iterator[list[list[str]]]:
    """How the database answers each statement; PostgreSQL is forbidden to prefer a scan because little is stored."""
    connection, plans = session.connection(), []
    on_postgresql = connection.dialect.name == "postgresql"
    if on_postgresql:
        connection.exec_driver_sql("ANALYZE posts")
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")

    def explain(_connection: Connection, cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "WITH")):
            cursor.execute(f"{'EXPLAIN' if on_postgresql else 'EXPLAIN QUERY PLAN'} {statement}", parameters)
            plans.append([str(row[-1]) for row in cursor.fetchall()])

    sa.event.listen(connection, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        sa.event.remove(connection, "before_cursor_execute", explain)
