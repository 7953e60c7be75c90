"""What only shows something holds nobody up, and is written down all the same."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from bot.inbound import Inbound, NotSaved
from handlers.desk import Desk, Office
from handlers.frontdesk.hearing import only_shows
from storage import journal, settings
from storage.db import reading, transaction
from tests.delivery.postroom import town
from tests.fakes import KEYS, Duty
from tests.handlers.conftest import Opens, opens  # noqa: F401 - a fixture


@pytest.fixture
def inbound(engine: Engine) -> Iterator[Inbound]:
    with ThreadPoolExecutor(2) as threads:
        yield Inbound(engine, Office(town(), KEYS), threads, budget=20)


def written(engine: Engine, name: str) -> str | None:
    with reading(engine) as session:
        return settings.get(session, name)


def write(engine: Engine) -> None:
    with transaction(engine, patience=5) as session:
        settings.put(session, "other", "saved")


async def test_somebody_saves_while_a_list_is_worked_out(inbound: Inbound) -> None:
    def listing(desk: Desk) -> str:
        write(inbound.engine)  # in the middle of it
        desk.keep(lambda at: settings.put(at.session, "shown", "list"))
        return "the list"

    assert await inbound.act(listing, reads=True) == "the list"
    assert (written(inbound.engine, "other"), written(inbound.engine, "shown")) == ("saved", "list")


async def test_what_has_to_write_after_all_is_done_again_as_one_that_may(inbound: Inbound) -> None:
    await inbound.act(lambda desk: settings.put(desk.session, "stranger", "noted"), reads=True)
    assert written(inbound.engine, "stranger") == "noted"


async def test_what_cannot_be_written_down_is_not_shown(inbound: Inbound) -> None:
    def fails(_desk: Desk) -> None:
        raise NotSaved

    with pytest.raises(NotSaved):
        await inbound.act(lambda desk: desk.keep(fails), reads=True)


def test_which_commands_only_show() -> None:
    assert all(only_shows(typed) for typed in ("list", "/missing mine", "todo", "status HW-7F3K", "", "help", "nonsense"))
    assert not any(only_shows(typed) for typed in ("report", "note HW-7F3K x", "have HW-7F3K brief", "found HW-7F3K", "void HW-7F3K"))


def test_a_list_is_in_the_journal(opens: Opens) -> None:  # noqa: F811
    duty: Duty = opens(pack="triborough@2017-12-01")
    duty.report()
    duty.hear("list", "team_manager")
    with duty.desk() as desk:
        entries = journal.of_authority(desk.session, KEYS, "westbrook", 0, 99)
    assert ("team_manager", "list") in [(e.actor, e.payload.get("what")) for e in entries if e.kind == "shown"]
