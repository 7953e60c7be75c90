"""The journal: sealed, ordered, append-only."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from storage import journal
from storage.db import reading, transaction
from storage.sealing import Vault
from storage.tables import JOURNAL
from storage.verify import head, verify
from tests.storage import invented


def test_entries_come_back_opened_in_the_order_they_were_written(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        episode = invented.reported(session, vault)
        wanted = [invented.entry(f"note {n}", of=episode, on_behalf="a neighbour") for n in range(3)]
        ids = [journal.append(session, vault, wanted[0]), *journal.append_all(session, vault, wanted[1:])]
    with reading(engine) as session:
        entries = journal.of_episode(session, vault, episode.id)
        assert journal.of_child(session, vault, episode.child_id) == entries
        assert journal.of_authority(session, vault, "bury", after=1, limit=1) == entries[1:2]
    assert [(entry.id, entry.seq, entry.payload, entry.on_behalf) for entry in entries] == [
        (entry_id, n + 1, {"note": f"note {n}"}, "a neighbour") for n, entry_id in enumerate(ids)
    ]
    assert (entries[0].at, entries[0].recorded_at, entries[0].actor) == (wanted[0].at, wanted[0].recorded_at, "duty.edt")


def test_many_episodes_are_read_at_once(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        robin = invented.child(session, vault)
        one, two, quiet = (invented.episode(session, robin, number=n) for n in range(3))
        journal.append_all(
            session, vault, [invented.entry("first", of=one), invented.entry("second", of=two), invented.entry("third", of=one)]
        )
    with reading(engine) as session:
        entries = journal.of_episodes(session, vault, [one.id, two.id, quiet.id])
    assert {name: [entry.payload["note"] for entry in found] for name, found in entries.items()} == {
        one.id: ["first", "third"],
        two.id: ["second"],
        quiet.id: [],
    }


def test_no_column_shows_what_was_said_or_for_whom(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        journal.append(session, vault, invented.entry("seen near the bridge", on_behalf="Robin Example"))
        stored = repr(session.execute(sa.select(JOURNAL)).one())
    assert "bridge" not in stored
    assert "Robin" not in stored


def test_each_authority_has_a_chain_of_its_own(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        notes = [invented.entry(str(n), authority=authority) for n in range(2) for authority in ("rutland", "bury")]
        ids = journal.append_all(session, vault, notes)
        found = {one: journal.of_authority(session, vault, one, after=0, limit=9) for one in ("bury", "rutland")}
        assert verify(session) == []
    assert [(entry.seq, entry.id) for entry in found["rutland"]] == [(1, ids[0]), (2, ids[2])]
    assert [(entry.seq, entry.id) for entry in found["bury"]] == [(1, ids[1]), (2, ids[3])]


def test_nothing_written_is_nothing_wrong(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        assert journal.append_all(session, vault, []) == []
        assert verify(session) == []
        assert head(session, "bury") is None


def test_writers_at_once_leave_one_unbroken_chain(engine: Engine, vault: Vault) -> None:
    def write(n: int) -> None:
        with transaction(engine) as session:
            journal.append(session, vault, invented.entry(str(n)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with reading(engine) as session:
        entries = journal.of_authority(session, vault, "bury", after=0, limit=99)
        assert verify(session) == []
    assert [entry.seq for entry in entries] == list(range(1, 41))
    assert {entry.payload["note"] for entry in entries} == {str(n) for n in range(40)}


def test_what_is_rolled_back_leaves_no_gap(engine: Engine, vault: Vault) -> None:
    with suppress(ZeroDivisionError), transaction(engine) as session:
        journal.append(session, vault, invented.entry("never"))
        raise ZeroDivisionError
    with transaction(engine) as session:
        journal.append(session, vault, invented.entry("kept"))
        assert verify(session) == []


@pytest.mark.parametrize("statement", ["UPDATE journal SET actor = 'nobody'", "DELETE FROM journal"])
def test_an_entry_cannot_be_changed_or_removed(engine: Engine, vault: Vault, statement: str) -> None:
    with transaction(engine) as session:
        journal.append(session, vault, invented.entry("kept"))
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_journal_cannot_be_emptied(postgresql: Engine) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), postgresql.begin() as connection:
        connection.exec_driver_sql("TRUNCATE journal")


def test_an_entry_cannot_be_replaced(sqlite: Engine, vault: Vault) -> None:
    with transaction(sqlite) as session:
        journal.append(session, vault, invented.entry("kept"))
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), sqlite.begin() as connection:
        connection.exec_driver_sql("INSERT OR REPLACE INTO journal SELECT * FROM journal")
