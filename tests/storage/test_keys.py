"""Data keys: one an owner, rewrapped when master keys change, gone when destroyed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from storage import children, journal, keys
from storage.db import reading, transaction
from storage.sealing import Erased, Sealed, Vault, new_key
from storage.tables import KEYS
from tests.storage import invented


def test_an_owner_keeps_one_key(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        first = keys.data_key(session, vault, "child1")
    with transaction(engine) as session:
        assert keys.data_key(session, vault, "child1") == first
        assert keys.data_key(session, vault, "child2") != first


def test_all_who_ask_first_at_once_get_the_same_key(engine: Engine, vault: Vault) -> None:
    def ask(_: int) -> bytes:
        with transaction(engine) as session:
            return keys.data_key(session, vault, "authority:bury")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1


def test_a_key_is_never_in_clear(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        key = keys.data_key(session, vault, "child1")
        assert key not in (session.scalars(sa.select(KEYS.c.wrapped)).one() or b"")


def test_after_rewrapping_the_newest_key_is_enough(engine: Engine) -> None:
    old, new = new_key(), new_key()
    before, both, after = Vault.from_text(old), Vault.from_text(f"{new},{old}"), Vault.from_text(new)
    with transaction(engine) as session:
        episode = invented.reported(session, before)
        journal.append(session, before, invented.entry("seen by a neighbour", of=episode))
    with transaction(engine) as session, pytest.raises(Sealed, match="not configured"):
        children.identity(session, after, episode.child_id)
    with transaction(engine) as session:
        assert children.identity(session, both, episode.child_id) == invented.ROBIN
        assert keys.rewrap(session, both) == 1
        assert keys.rewrap(session, both) == 0
        assert len(children.reindex(session, both)) == 1
    with reading(engine) as session:
        assert children.identity(session, after, episode.child_id) == invented.ROBIN
        assert journal.of_episode(session, after, episode.id)[0].payload == {"note": "seen by a neighbour"}
        assert children.with_case_reference(session, after, "bury", "CS-0042") == [episode.child_id]


def test_a_destroyed_key_is_never_made_again(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        keys.data_key(session, vault, "child1")
        keys.destroy(session, "child1", invented.NOW)
        keys.destroy(session, "child2", invented.NOW)
    with transaction(engine) as session:
        for owner in ("child1", "child2"):
            with pytest.raises(Erased, match=owner):
                keys.data_key(session, vault, owner)
        assert keys.rewrap(session, Vault.from_text(new_key())) == 0
