"""Obligations, pings about them, receipts: what may exist once exists once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from storage import obligations, pings, receipts, settings
from storage.db import reading, transaction
from storage.errors import Repeated, Stale
from storage.ids import new_id
from storage.sealing import Vault
from tests.storage import invented
from tests.storage.invented import MINUTE, NOW


def test_obligations_come_back_in_the_order_they_arose(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        episode = invented.reported(session, vault)
        rows = [invented.obligation(episode.id, nth) for nth in (3, 1, 2)]
        obligations.insert(session, rows)
        obligations.insert(session, [])
    with reading(engine) as session:
        assert [row.nth for row in obligations.of_episode(session, episode.id)] == [1, 2, 3]
        assert obligations.by_id(session, rows[0].id) == rows[0]
        assert obligations.by_id(session, "nobody") is None
        assert obligations.of_episodes(session, [episode.id, "other"])["other"] == []


def test_many_are_changed_at_once(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        episode = invented.reported(session, vault)
        rows = [invented.obligation(episode.id, nth) for nth in range(20)]
        obligations.insert(session, rows)
        obligations.update(session, [replace(row, status="met", completed_at=NOW) for row in rows[:10]])
        found = obligations.of_episode(session, episode.id)
    assert [(row.status, row.version) for row in found] == [("met", 2)] * 10 + [("open", 1)] * 10


def test_if_one_of_many_was_changed_meanwhile_all_is_refused(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        episode = invented.reported(session, vault)
        rows = [invented.obligation(episode.id, nth) for nth in range(3)]
        obligations.insert(session, rows)
        obligations.update(session, [rows[1]])
        obligations.update(session, rows)
        with pytest.raises(Stale):
            session.flush()


def test_a_rule_has_one_obligation_for_each_anchor(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        episode = invented.reported(session, vault)
    with pytest.raises(sa.exc.IntegrityError), transaction(engine) as session:
        obligations.insert(session, [invented.obligation(episode.id), invented.obligation(episode.id)])


def test_late_is_open_and_past_due(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        episode = invented.reported(session, vault)
        dues = (NOW - MINUTE, NOW - 2 * MINUTE, NOW, None, NOW - 3 * MINUTE)
        rows = [invented.obligation(episode.id, nth, due) for nth, due in enumerate(dues)]
        obligations.insert(session, [*rows[:4], replace(rows[4], status="met")])
        assert obligations.count_late(session, NOW) == 2


def test_a_ping_goes_out_once(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        episode = invented.reported(session, vault)
        first = invented.ping(episode.id)
        assert pings.add(session, first)
        assert not pings.add(session, replace(first, id=new_id()))
    with transaction(engine) as session:
        others = [invented.ping(episode.id, rung="late"), invented.ping(episode.id, arming=2), invented.ping(episode.id)]
        assert pings.add_all(session, others) == {others[0].id, others[1].id}
        assert pings.of_episode(session, episode.id) == [first, *others[:2]]


def test_a_post_says_how_what_it_is_about_stands_now(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        episode = invented.reported(session, vault)
        owed = replace(invented.obligation(episode.id), status="met")
        obligations.insert(session, [owed])
        about = replace(invented.ping(episode.id), post_id="p1", obligation_id=owed.id)
        notice, other = replace(invented.ping(episode.id, rung="named"), post_id="p1"), invented.ping(episode.id, rung="late")
        pings.add_all(session, [about, notice, other])
        assert pings.asked_by(session, ["p1", "p2"]) == {"p1": {owed.id: "met", None: None}, "p2": {}}


def test_of_two_processes_one_records_a_ping(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        episode = invented.reported(session, vault)

    def act(_: int) -> int:
        with transaction(engine) as session:
            return len(pings.add_all(session, [invented.ping(episode.id, rung=str(rung)) for rung in range(10)]))

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(act, range(4))) == [0, 0, 0, 10]


def test_a_second_press_gets_the_first_answer(engine: Engine) -> None:
    with transaction(engine) as session:
        assert receipts.seen(session, "o1:complete:1") is None
        receipts.keep(session, "o1:complete:1", {"text": "Done 22:58"}, NOW)
    with transaction(engine) as session:
        assert receipts.seen(session, "o1:complete:1") == {"text": "Done 22:58"}
        with pytest.raises(Repeated, match="o1:complete:1"):
            receipts.keep(session, "o1:complete:1", {"text": "Done 23:01"}, NOW)


def test_old_receipts_are_forgotten(engine: Engine) -> None:
    with transaction(engine) as session:
        receipts.keep(session, "old", {}, NOW - timedelta(days=30))
        receipts.keep(session, "new", {}, NOW)
        assert receipts.forget(session, NOW - timedelta(days=7)) == 1
        assert receipts.seen(session, "old") is None
        assert receipts.seen(session, "new") == {}


def test_a_setting_keeps_its_last_value(engine: Engine) -> None:
    with transaction(engine) as session:
        assert settings.get(session, "clock") is None
        settings.put(session, "clock", "22:15")
        settings.put(session, "clock", "22:16")
        assert settings.get(session, "clock") == "22:16"
