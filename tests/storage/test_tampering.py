"""A journal that was tampered with: changed, dropped, moved and added entries are named."""

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from storage import journal
from storage.db import reading
from storage.sealing import Sealed, Vault
from storage.tables import CHAINS, JOURNAL
from tests.storage import invented
from tests.storage.tampering import change, drop, forge, move, short, tampered, written


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
