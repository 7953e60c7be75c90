"""A desk for a command: the office of homeward.yml and the database that is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.settings import Settings
    from handlers.desk import Desk, Office


@contextmanager
def at_desk(authority: str, database: str | None, *, keep: bool = True, alone: bool = True) -> Iterator[Desk]:
    """A desk at the present moment; what is done at it is rolled back unless it is to be kept. Raises Unusable.

    `alone`: a bot that runs on the same SQLite file is refused.
    """
    from datetime import UTC, datetime

    from bot.settings import read
    from handlers.desk import Desk
    from storage.db import transaction

    settings = read()
    office = _office(settings, authority)
    with existing(database or settings.database_url.get_secret_value(), alone=alone) as engine, transaction(engine) as session:
        yield Desk(session, datetime.now(UTC), office)
        if not keep:
            session.rollback()


def _office(settings: Settings, authority: str) -> Office:
    """The office of homeward.yml, which must know the authority."""
    from bot import configuration
    from bot.errors import Unusable
    from bot.wiring import office_of
    from policies import words

    configured = configuration.read(settings.homeward_config)
    known = [a.id for a in configured.authorities]
    if authority not in known:
        near = words.nearest(authority, known)
        raise Unusable(f"'{authority}' is not an authority of {settings.homeward_config}{near or '.'}")
    return office_of(settings, configured)


@contextmanager
def existing(named: str, *, alone: bool) -> Iterator[Engine]:
    """The database that is there at the newest schema; `alone`: ours while this runs, if it is a file. Raises Unusable."""
    from bot.database import address_of, open_existing, sqlite_file
    from bot.errors import Unusable
    from bot.lock import take
    from storage.schema import is_current

    file = sqlite_file(address_of(named))
    engine = open_existing(named)
    lock = take(file, "bot") if file and alone else None
    try:
        if not is_current(engine):
            raise Unusable("The database has another schema than this version; run `homeward db upgrade` first.")
        yield engine
    finally:
        engine.dispose()
        if lock:
            lock.release()
