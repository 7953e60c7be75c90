"""A question that comes again is answered by the driver, and as SQLAlchemy answers it."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from storage import arrangements, children, episodes, receipts
from storage.db import transaction
from storage.records import rows, within
from storage.sealing import Vault
from storage.tables import CHILDREN, EPISODES, RECEIPTS
from tests.storage import invented
from tests.storage.invented import NOW

ASKED: dict[str, tuple[sa.Select[Any], dict[str, Any]]] = {
    "moments, yes and no, nothing": (sa.select(EPISODES).order_by(EPISODES.c.id), {}),
    "bytes": (sa.select(CHILDREN.c.identity, CHILDREN.c.created_at), {}),
    "JSON": (sa.select(RECEIPTS.c.answer), {}),
    "a moment given": (
        sa.select(EPISODES.c.id).where(EPISODES.c.notified_at <= sa.bindparam("now", type_=EPISODES.c.notified_at.type)),
        {"now": NOW.replace(year=2030)},
    ),
    "some ids and a fixed list": (
        sa.select(EPISODES.c.id).where(within(EPISODES.c.authority), EPISODES.c.status.in_(("open", "void"))),
        {"ids": ["bury", "x"]},
    ),
    "a set of ids": (sa.select(EPISODES.c.id).where(within(EPISODES.c.authority)), {"ids": {"bury"}}),
    "no ids": (sa.select(EPISODES.c.id).where(within(EPISODES.c.authority)), {"ids": []}),
    "how many at most": (sa.select(EPISODES.c.id).limit(sa.bindparam("at_most", type_=sa.Integer)), {"at_most": 1}),
}


@pytest.mark.parametrize("asked", ASKED)
def test_it_is_answered_the_same_the_first_time_and_later(engine: Engine, vault: Vault, asked: str) -> None:
    statement, values = ASKED[asked]
    with transaction(engine) as session:
        first, second = invented.reported(session, vault), invented.reported(session, vault)
        episodes.update(session, second)
        receipts.keep(session, "press:1", {"lines": ["HW is open."]}, NOW)
        assert first.reference != second.reference
        expected = [tuple(row) for row in session.execute(statement, values).all()]
        for _ in range(3):
            assert [tuple(row) for row in rows(session, statement, values)] == expected
        assert expected or asked == "no ids"


def test_the_same_question_with_other_numbers_of_ids(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        ids = [invented.reported(session, vault).id for _ in range(3)]
        for some in (ids, ids[:1], [], ids[1:]):
            assert {row.id for row in episodes.by_ids(session, some)} == set(some)


def test_what_waits_to_be_written_is_in_the_answer(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        row = invented.reported(session, vault)
        for version in (1, 2, 3):
            assert [found.version for found in episodes.by_ids(session, [row.id])] == [version]
            row = episodes.update(session, row)


def test_a_moment_without_a_zone_is_refused_each_time(sqlite: Engine) -> None:
    naive = datetime(2026, 2, 1, tzinfo=UTC).replace(tzinfo=None)
    with transaction(sqlite) as session:
        for _ in range(3):
            with pytest.raises((ValueError, sa.exc.StatementError), match="without a time zone"):
                arrangements.current(session, naive)


def test_whoever_watches_sees_every_statement(sqlite: Engine, vault: Vault) -> None:
    seen: list[str] = []
    with transaction(sqlite) as session:
        episodes.by_ids(session, [])
        episodes.by_ids(session, [])
    sa.event.listen(sqlite, "before_cursor_execute", lambda *told: seen.append(told[2].split()[0]))
    with transaction(sqlite) as session:
        child = children.add(session, vault, "bury", {}, NOW)
        assert episodes.of_child(session, child) == []
    assert seen == ["INSERT", "INSERT", "SELECT"]
