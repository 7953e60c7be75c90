"""A workspace on the stage, and Slack's end of the wire."""

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import Engine

from tests.bot.slack.limits import check_call
from tests.bot.slack.scene import Scene, scene
from tests.bot.slack.wire import Wire, wire


@pytest.fixture
def slack() -> Iterator[Wire]:
    with wire() as found:
        yield found
        for call in found.calls:
            check_call(call.method, call.sent)


@pytest.fixture
async def office(sqlite: Engine, slack: Wire) -> AsyncIterator[Scene]:
    async with scene(sqlite, slack) as found:
        yield found
