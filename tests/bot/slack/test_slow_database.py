"""Saved within two seconds, or surely not."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from bot.inbound import Inbound, NotSaved
from handlers.desk import Desk
from storage import settings
from storage.db import reading, transaction
from tests.bot.slack.scene import Scene, scene
from tests.bot.slack.wire import Wire


@contextmanager
def held(engine: Engine) -> Iterator[threading.Event]:
    """Another process holds what everybody needs, until the event is set."""
    other = sa.create_engine(engine.url)
    begun, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with other.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN EXCLUSIVE")
            else:
                connection.exec_driver_sql("LOCK TABLE chains IN EXCLUSIVE MODE")
            begun.set()
            enough.wait(30)
            connection.rollback()

    thread = threading.Thread(target=hold)
    thread.start()
    begun.wait(10)
    try:
        yield enough
    finally:
        enough.set()
        thread.join()
        other.dispose()


def references(engine: Engine) -> set[str]:
    with reading(engine) as session:
        return set(session.scalars(sa.text("select reference from episodes")))


async def test_what_is_not_saved_in_time_is_said_and_never_saved_later(office: Scene) -> None:
    await office.command("report gone since 21:00")
    view = office.wire.last_view()
    office.hurry()
    with held(office.engine) as enough:
        began = asyncio.get_running_loop().time()
        answer = await office.submit(view, {"surname": "Example"})
        waited = asyncio.get_running_loop().time() - began
        enough.set()
    assert waited < 3
    assert "Not saved. Try again, or phone" in next(iter(answer["errors"].values()))
    assert references(office.engine) == set()
    assert "HW-" in json.dumps(await office.submit(view, {"surname": "Example"}))
    assert len(references(office.engine)) == 1


async def test_a_command_that_was_not_saved_gives_back_what_was_typed(office: Scene) -> None:
    reference = await office.report()
    office.hurry()
    with held(office.engine):
        answer = json.dumps(await office.command(f"note {reference} by the river"))
    assert "Not saved. Try again, or phone" in answer
    assert "by the river" in answer


async def test_a_press_that_was_not_saved_is_said(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    button = office.button("acknowledge", "police")
    office.hurry()
    with held(office.engine):
        await office.press(button)
    assert "Not saved. Try again, or phone" in office.told()


@pytest.mark.parametrize("patience", [0.4, 1.2])
async def test_fifty_at_once_while_the_database_is_slow_are_each_answered_and_every_saved_one_is_there(
    engine: Engine, slack: Wire, patience: float
) -> None:
    async with scene(engine, slack) as office:
        views = []
        for n in range(50):
            await office.command(f"report gone since 21:00, case LC-{n}")
            views.append(slack.last_view())
        office.hurry()
        took: list[float] = []

        async def send(view: dict[str, object]) -> str:
            began = asyncio.get_running_loop().time()
            answer = json.dumps(await office.submit(view, {}))
            took.append(asyncio.get_running_loop().time() - began)
            return answer

        with held(engine) as enough:
            sending = asyncio.gather(*(send(view) for view in views))
            await asyncio.wait({asyncio.ensure_future(asyncio.to_thread(enough.wait, patience))})
            enough.set()
            answers = await sending
        saved = {answer[answer.index("HW-") :][:7] for answer in answers if "is open" in answer}
        refused = [answer for answer in answers if "Not saved" in answer]
        assert len(saved) + len(refused) == 50
        assert references(engine) == saved
        assert max(took) < 3


async def test_a_commit_that_has_begun_is_waited_for_and_what_nobody_waits_for_does_not_begin(engine: Engine, slack: Wire) -> None:
    async with scene(engine, slack) as office:
        inbound = office.serving.conversation.inbound
        began, enough = threading.Event(), threading.Event()

        def slowly(desk: Desk) -> str:
            settings.put(desk.session, "slow", "written")
            began.set()
            enough.wait(10)
            return "done"

        quick = Inbound(inbound.engine, inbound.office, inbound.threads, inbound.clock, budget=0.2)
        with pytest.raises(NotSaved):
            await quick.act(slowly)
        enough.set()
        assert began.is_set()
        await asyncio.get_running_loop().run_in_executor(None, lambda: transaction(engine).__enter__().close())
        with reading(engine) as session:
            assert settings.get(session, "slow") is None
