"""A desk for a command: the office of homeward.yml and the database that is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.settings import Settings
    from handlers.desk import Actor, Desk, Office

T = TypeVar("T")


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
    office, _ = office_of(settings, authority)
    with existing(database or settings.database_url.get_secret_value(), alone=alone) as engine, transaction(engine) as session:
        yield Desk(session, datetime.now(UTC), office)
        if not keep:
            session.rollback()


def acting(authority: str, by: str, database: str | None, do: Callable[[Desk, Actor], T], *, keep: bool = True, alone: bool = False) -> T:
    """What somebody does at such a desk. Raises Unusable, with what a handler refuses."""
    from bot.errors import Unusable
    from handlers.desk import actor
    from handlers.errors import HandlerError

    try:
        with at_desk(authority, database, keep=keep, alone=alone) as desk:
            return do(desk, actor(desk, by, authority))
    except HandlerError as error:
        raise Unusable(str(error)) from None


def office_of(settings: Settings, authority: str | None) -> tuple[Office, str]:
    """(office of homeward.yml, id of the authority meant). Raises Unusable."""
    from bot import configuration, wiring
    from bot.errors import Unusable
    from policies import words

    configured = configuration.read(settings.homeward_config)
    known = [a.id for a in configured.authorities]
    if authority is None and len(known) != 1:
        raise Unusable(f"Say which authority with --authority: {', '.join(known)}.")
    meant = authority or known[0]
    if meant not in known:
        raise Unusable(f"'{meant}' is not an authority of {settings.homeward_config}{words.nearest(meant, known) or '.'}")
    return wiring.office_of(settings, configured), meant


@contextmanager
def existing(named: str, *, alone: bool = False) -> Iterator[Engine]:
    """The database that is there at the newest schema; `alone`: ours while this runs, if it is a file. Raises Unusable."""
    from bot.database import address_of, open_existing, sqlite_file
    from bot.errors import Unusable
    from bot.lock import held
    from storage.schema import is_current

    engine = open_existing(named)
    try:
        with held(sqlite_file(address_of(named)) if alone else None, "bot"):
            if not is_current(engine):
                raise Unusable("The database has another schema than this version; run `homeward db upgrade` first.")
            yield engine
    finally:
        engine.dispose()
