"""Episodes: found, changed by one at a time, looked at when their moment has come."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from storage import crossings, episodes, packs
from storage.crossings import Crossing
from storage.db import reading, transaction
from storage.errors import Stale
from storage.ids import new_id
from storage.sealing import Vault
from tests.storage import invented
from tests.storage.invented import MINUTE, NOW


def test_an_episode_is_found_by_its_reference_and_its_id(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        episode = invented.reported(session, vault)
    with reading(engine) as session:
        assert episodes.by_id(session, episode.id) == episode
        assert episodes.by_reference(session, f" {episode.reference.lower()} ") == episode
        assert episodes.by_reference(session, "HW-0000") is None
        assert episodes.by_id(session, "nobody") is None


def test_a_change_is_written_once_and_raises_the_version(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        before = invented.reported(session, vault)
        after = episodes.update(
            session, replace(before, status="returned", found_at=NOW, returned_at=NOW, risk_level="high", restricted=True)
        )
    assert after.version == before.version + 1
    with reading(engine) as session:
        assert episodes.by_id(session, before.id) == after


def test_a_change_of_what_somebody_else_changed_is_refused(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        before = invented.reported(session, vault)
        episodes.update(session, replace(before, risk_level="high"))
        episodes.update(session, replace(before, risk_level="low"))
        with pytest.raises(Stale, match="episodes"):
            session.flush()


def test_a_status_nobody_knows_is_refused(engine: Engine, vault: Vault) -> None:
    with pytest.raises(sa.exc.IntegrityError), transaction(engine) as session:
        episodes.update(session, replace(invented.reported(session, vault), status="lost"))


def test_closed_and_void_episodes_are_not_open(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        robin = invented.child(session, vault)
        rows = [invented.episode(session, robin, number=n) for n in range(5)]
        for row, status in zip(rows, ("open", "located", "returned", "closed", "void"), strict=True):
            if status != row.status:
                episodes.update(session, replace(row, status=status))
        assert [row.number for row in episodes.open_of(session, "bury")] == [0, 1, 2]
        assert episodes.open_of(session, "rutland") == []
        first = episodes.still_open(session, after="", limit=2)
        assert first + episodes.still_open(session, after=first[-1], limit=2) == [row.id for row in rows[:3]]
        assert [row.number for row in episodes.of_children(session, [robin, "nobody"])[robin]] == [0, 1, 2, 3, 4]


def test_only_episodes_whose_moment_has_come_are_looked_at(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        robin = invented.child(session, vault)
        assert episodes.next_change(session) is None
        moments = (NOW + MINUTE, NOW - MINUTE, NOW, None)
        later, longest, now, never = (invented.episode(session, robin, number=n, next_change_at=at) for n, at in enumerate(moments))
        assert episodes.to_look_at(session, NOW, limit=9) == [longest.id, now.id]
        assert episodes.to_look_at(session, NOW, limit=1) == [longest.id]
        assert episodes.next_change(session) == longest.next_change_at
        assert {later.id, never.id}.isdisjoint(episodes.to_look_at(session, NOW, limit=9))


def test_whoever_locks_a_child_second_sees_what_the_first_did(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        episode = invented.reported(session, vault)
    held, seen = Event(), []

    def second() -> None:
        held.wait()
        with transaction(engine) as session:
            seen.extend(episodes.lock(session, episode.child_id))

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(second)
        with transaction(engine) as session:
            (row,) = episodes.lock(session, episode.child_id)
            held.set()
            episodes.update(session, replace(row, risk_level="high"))
        waiting.result()
    assert [row.risk_level for row in seen] == ["high"]


def test_a_threshold_is_crossed_once_an_arming(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        episode = invented.reported(session, vault)
        first = Crossing(new_id(), episode.child_id, "third-in-28-days", 1, episode.id, NOW, 3)
        assert crossings.add(session, first)
        assert not crossings.add(session, replace(first, id=new_id(), count=4))
        again = replace(first, id=new_id(), arming=2, at=NOW + MINUTE)
        assert crossings.add(session, again)
        assert crossings.of_child(session, episode.child_id) == [first, again]


def test_a_pack_is_kept_as_it_was_first(engine: Engine) -> None:
    with transaction(engine) as session:
        for effective, text in ((NOW.date(), "first"), (NOW.date(), "second")):
            packs.keep(session, hash="h1", area="bury", effective=effective, format=1, text=text, now=NOW)
        assert packs.text_of(session, "h1") == "first"
        assert packs.of_area(session, "bury") == [(NOW.date(), "h1")]
        with pytest.raises(sa.exc.NoResultFound):
            packs.text_of(session, "h2")
