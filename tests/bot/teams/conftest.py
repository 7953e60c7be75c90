"""A tenant on the stage, and Teams' end of the wire."""

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import Engine

from tests.bot.teams.limits import check_card
from tests.bot.teams.scene import Scene, scene
from tests.bot.teams.wire import Wire, wire


@pytest.fixture
def teams() -> Iterator[Wire]:
    with wire() as found:
        yield found
        for call in found.calls:
            if call.card:
                check_card(call.card)


@pytest.fixture
async def office(sqlite: Engine, teams: Wire) -> AsyncIterator[Scene]:
    async with scene(sqlite, teams) as found:
        yield found
