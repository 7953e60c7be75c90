"""A journal that was written anew, cut off or emptied: what the chain, its head and a kept anchor show."""

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from storage import journal
from storage.db import reading, transaction
from storage.journal import NewEntry
from storage.sealing import Vault
from storage.tables import CHAINS, JOURNAL
from storage.verify import anchored, head, heads, verify
from tests.storage import invented
from tests.storage.tampering import change, drop, forge, move, short, tampered, written


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
