"""The journal: sealed, ordered, append-only, and honest about tampering."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from storage import chain, journal
from storage.db import reading, transaction
from storage.journal import NewEntry
from storage.sealing import Sealed, Vault
from storage.tables import CHAINS, JOURNAL
from storage.verify import Broken, anchored, head, heads, verify
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


Tampering = Callable[[Connection], object]


def written(engine: Engine, vault: Vault) -> list[str]:
    """Seven entries; gives their ids, that of number n at place n."""
    with transaction(engine) as session:
        ids = journal.append_all(session, vault, [invented.entry(f"note {n}") for n in range(1, 8)])
    return ["", *ids]


def tampered(engine: Engine, tampering: Tampering) -> list[Broken]:
    """What is found after somebody with all rights has been at the database."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP TRIGGER journal_refuses ON journal")
        else:
            connection.exec_driver_sql("DROP TRIGGER journal_refuses_update")
            connection.exec_driver_sql("DROP TRIGGER journal_refuses_delete")
        tampering(connection)
    with reading(engine) as session:
        return verify(session, "bury")


def change(connection: Connection, seq: int, **values: object) -> None:
    connection.execute(sa.update(JOURNAL).where(JOURNAL.c.seq == seq).values(values))


def move(connection: Connection, seq: int, to: int) -> None:
    connection.execute(sa.update(JOURNAL).where(JOURNAL.c.seq == seq).values(seq=to))


def drop(connection: Connection, *seqs: int) -> None:
    connection.execute(sa.delete(JOURNAL).where(JOURNAL.c.seq.in_(seqs)))


def forge(connection: Connection, seq: int, after: int) -> bytes:
    """Insert an entry with a hash that is right in itself, as if written after another."""
    model = dict(connection.execute(sa.select(JOURNAL).where(JOURNAL.c.seq == after)).mappings().one())
    model |= {"id": f"{'f' * 31}{seq}", "seq": seq, "previous": model["hash"], "actor": "somebody.else"}
    model["hash"] = chain.hash_of(model["previous"], model)
    connection.execute(sa.insert(JOURNAL).values(model))
    return bytes(model["hash"])


def short(found: list[Broken]) -> list[tuple[str, int, str | None]]:
    return [(broken.problem, broken.seq, broken.id) for broken in found]


@pytest.mark.parametrize(
    "values",
    [
        {"payload": b"other"},
        {"actor": "somebody.else"},
        {"at": invented.NOW - invented.MINUTE},
        {"recorded_at": invented.NOW},
        {"kind": "report"},
        {"child_id": "c1"},
        {"episode_id": "e1"},
        {"sealed_by": "c1"},
        {"previous": bytes(32)},
        {"hash": bytes(32)},
    ],
    ids=lambda values: next(iter(values)),
)
@pytest.mark.parametrize("seq", [1, 4, 7])
def test_a_changed_entry_is_named(sqlite: Engine, vault: Vault, seq: int, values: dict[str, object]) -> None:
    ids = written(sqlite, vault)
    if seq == 1 and "previous" in values:
        values = {"previous": b"\1" * 32}
    found = tampered(sqlite, lambda connection: change(connection, seq, **values))
    assert short(found) == [("changed", seq, ids[seq])]
    assert found[0].sentence == f"bury: Entry {seq} ({ids[seq]}) was changed after it was written."


def test_one_flipped_bit_of_a_sealed_payload_is_found(engine: Engine, vault: Vault) -> None:
    ids = written(engine, vault)

    def flip(connection: Connection) -> None:
        payload = connection.scalars(sa.select(JOURNAL.c.payload).where(JOURNAL.c.seq == 3)).one()
        change(connection, 3, payload=payload[:-1] + bytes([payload[-1] ^ 1]))

    assert short(tampered(engine, flip)) == [("changed", 3, ids[3])]
    with reading(engine) as session, pytest.raises(Sealed):
        journal.of_authority(session, vault, "bury", after=2, limit=1)


def test_a_payload_moved_to_another_entry_does_not_open(engine: Engine, vault: Vault) -> None:
    ids = written(engine, vault)
    payload = sa.select(JOURNAL.alias("other").c.payload).where(sa.text("other.seq = 2")).scalar_subquery()
    assert short(tampered(engine, lambda connection: change(connection, 5, payload=payload))) == [("changed", 5, ids[5])]
    with reading(engine) as session, pytest.raises(Sealed):
        journal.of_authority(session, vault, "bury", after=4, limit=1)


def test_a_dropped_entry_is_missing(engine: Engine, vault: Vault) -> None:
    written(engine, vault)
    found = tampered(engine, lambda connection: drop(connection, 4))
    assert short(found) == [("missing", 4, None)]
    assert found[0].sentence == "bury: Entry 4 is missing."


@pytest.mark.parametrize("gone", [(1, 2), (3, 4, 5), (6, 7)])
def test_dropped_entries_are_missing_together(sqlite: Engine, vault: Vault, gone: tuple[int, ...]) -> None:
    written(sqlite, vault)
    found = tampered(sqlite, lambda connection: drop(connection, *gone))
    assert [broken.sentence for broken in found] == [f"bury: Entries {gone[0]} to {gone[-1]} are missing."]


def test_a_gap_closed_by_moving_the_rest_down_is_seen(sqlite: Engine, vault: Vault) -> None:
    ids = written(sqlite, vault)

    def close(connection: Connection) -> None:
        drop(connection, 5)
        move(connection, 6, 5)
        move(connection, 7, 6)

    assert short(tampered(sqlite, close)) == [("missing", 5, None), ("reordered", 5, ids[6]), ("reordered", 6, ids[7])]


def test_a_gap_closed_with_the_head_moved_too_is_seen(sqlite: Engine, vault: Vault) -> None:
    ids = written(sqlite, vault)

    def close(connection: Connection) -> None:
        drop(connection, 5)
        move(connection, 6, 5)
        move(connection, 7, 6)
        connection.execute(sa.update(CHAINS).values(seq=6))

    found = tampered(sqlite, close)
    assert short(found) == [("unlinked", 4, ids[4])]
    assert f"is not the one entry 5 ({ids[6]}) was written after" in found[0].sentence


def test_swapped_entries_are_both_named(engine: Engine, vault: Vault) -> None:
    ids = written(engine, vault)

    def swap(connection: Connection) -> None:
        move(connection, 3, 99)
        move(connection, 6, 3)
        move(connection, 99, 6)

    found = tampered(engine, swap)
    assert short(found) == [("reordered", 3, ids[6]), ("reordered", 6, ids[3])]
    assert found[0].sentence == f"bury: Entry 3 ({ids[6]}) was written as number 6."


def test_a_rotation_names_every_entry_that_moved(sqlite: Engine, vault: Vault) -> None:
    ids = written(sqlite, vault)

    def rotate(connection: Connection) -> None:
        for seq, to in ((2, 99), (3, 2), (4, 3), (99, 4)):
            move(connection, seq, to)

    assert short(tampered(sqlite, rotate)) == [("reordered", 2, ids[3]), ("reordered", 3, ids[4]), ("reordered", 4, ids[2])]


def test_an_entry_slipped_in_is_named_and_so_is_all_it_pushed_up(engine: Engine, vault: Vault) -> None:
    ids = written(engine, vault)

    def insert(connection: Connection) -> None:
        move(connection, 7, 8)
        move(connection, 6, 7)
        forge(connection, 6, after=5)

    found = tampered(engine, insert)
    assert short(found) == [("inserted", 6, f"{'f' * 31}6"), ("reordered", 7, ids[6]), ("reordered", 8, ids[7])]


def test_an_entry_added_behind_the_head_is_named(engine: Engine, vault: Vault) -> None:
    written(engine, vault)
    assert short(tampered(engine, lambda connection: forge(connection, 8, after=7))) == [("inserted", 8, f"{'f' * 31}8")]


def test_an_entry_rewritten_with_a_right_hash_does_not_fit(sqlite: Engine, vault: Vault) -> None:
    written(sqlite, vault)

    def rewrite(connection: Connection) -> None:
        drop(connection, 4)
        forge(connection, 4, after=3)

    assert short(tampered(sqlite, rewrite)) == [("unlinked", 4, f"{'f' * 31}4")]


def test_a_last_entry_rewritten_does_not_fit_the_head(sqlite: Engine, vault: Vault) -> None:
    written(sqlite, vault)

    def rewrite(connection: Connection) -> None:
        drop(connection, 7)
        forge(connection, 7, after=6)

    found = tampered(sqlite, rewrite)
    assert short(found) == [("unlinked", 7, f"{'f' * 31}7")]
    assert "the head of the journal names" in found[0].sentence


def test_a_removed_head_is_noticed(sqlite: Engine, vault: Vault) -> None:
    written(sqlite, vault)
    found = tampered(sqlite, lambda connection: connection.execute(sa.delete(CHAINS)))
    assert [broken.sentence for broken in found] == ["The head of bury's journal is missing: entries after number 7 may be missing, too."]


def test_a_journal_emptied_altogether_is_missing_whole(sqlite: Engine, vault: Vault) -> None:
    written(sqlite, vault)
    found = tampered(sqlite, lambda connection: connection.execute(sa.delete(JOURNAL)))
    assert [broken.sentence for broken in found] == ["bury: Entries 1 to 7 are missing."]


def test_a_first_entry_cut_off_and_renumbered_is_missing(sqlite: Engine, vault: Vault) -> None:
    written(sqlite, vault)

    def cut(connection: Connection) -> None:
        drop(connection, 1)
        for seq in range(2, 8):
            move(connection, seq, seq - 1)
        connection.execute(sa.update(CHAINS).values(seq=6))

    assert short(tampered(sqlite, cut)) == [("missing", 1, None)]


def test_several_wrongs_are_all_found(sqlite: Engine, vault: Vault) -> None:
    ids = written(sqlite, vault)

    def ruin(connection: Connection) -> None:
        change(connection, 2, actor="somebody.else")
        drop(connection, 4)
        move(connection, 5, 99)
        move(connection, 6, 5)
        move(connection, 99, 6)

    assert short(tampered(sqlite, ruin)) == [
        ("changed", 2, ids[2]),
        ("missing", 4, None),
        ("reordered", 5, ids[6]),
        ("reordered", 6, ids[5]),
    ]


def test_a_kept_head_shows_that_a_whole_chain_was_written_anew(sqlite: Engine, vault: Vault) -> None:
    written(sqlite, vault)
    with reading(sqlite) as session:
        kept = head(session, "bury")

    def rewrite(connection: Connection) -> None:
        drop(connection, 7)
        forged = forge(connection, 7, after=6)
        connection.execute(sa.update(CHAINS).values(hash=forged))

    assert tampered(sqlite, rewrite) == []
    with reading(sqlite) as session:
        assert head(session, "bury") != kept


def test_an_anchor_kept_elsewhere_shows_a_journal_emptied_chains_and_all_and_one_written_anew(sqlite: Engine, vault: Vault) -> None:
    with transaction(sqlite) as session:
        for number in range(3):
            journal.append(session, vault, NewEntry("bury", f"k{number}", invented.NOW, invented.NOW, "a"))
        anchors = heads(session, "2026-02-01")
        assert anchored(session, anchors) == []
        journal.append(session, vault, NewEntry("bury", "later", invented.NOW, invented.NOW, "a"))
        assert anchored(session, anchors) == [], "what came later changes nothing"
    with sqlite.begin() as connection:
        for verb in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER journal_refuses_{verb}")
        connection.exec_driver_sql("DELETE FROM journal")
        connection.exec_driver_sql("DELETE FROM chains")
    with transaction(sqlite) as session:
        assert verify(session) == [], "by itself it looks as if nothing had ever been written"
        assert "emptied or cut short" in anchored(session, anchors)[0].sentence
        for number in range(3):
            journal.append(session, vault, NewEntry("bury", f"other{number}", invented.NOW, invented.NOW, "a"))
        assert verify(session) == []
        assert "written anew" in anchored(session, anchors)[0].sentence
