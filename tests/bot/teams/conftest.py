"""A tenant on the stage, and Teams' end of the wire."""

import ssl
from collections.abc import AsyncIterator, Iterator
from functools import cache

import pytest
from sqlalchemy import Engine

from tests.bot.teams.limits import check_card
from tests.bot.teams.scene import Scene, scene
from tests.bot.teams.wire import Wire, wire


@pytest.fixture(autouse=True, scope="session")
def certificates() -> Iterator[None]:
    """Read once: the SDK makes several clients for each of its applications, and none of them leaves this machine."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


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
