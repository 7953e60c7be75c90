"""`homeward packs adopt`: open episodes of an authority move to the edition in force."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.settings import Settings
    from handlers.desk import Desk, Office
    from handlers.verbs.adopt import Adopted

HELP = """Move the open episodes of an authority to the edition homeward.yml names, with a reason; print what changes.

New episodes follow that edition anyway; open ones stay with the edition they began under until this is done. Each gets one post.

Example: homeward packs adopt westbrook --by mia.coordinator --reason "Version 16 is in force since Monday"
"""


def adopt(
    authority: Annotated[str, typer.Argument(help="Its id in homeward.yml.")],
    by: Annotated[str, typer.Option(help="Who decides: a person of homeward.yml, a head of service, the coordinator or an administrator.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept in the journal of every episode.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would change.")] = False,
    database: Annotated[str | None, typer.Option(help="Address or SQLite file; DATABASE_URL when left out.")] = None,
) -> None:
    from bot.errors import Unusable
    from handlers.desk import actor
    from handlers.errors import HandlerError
    from handlers.verbs import adopt as verb

    try:
        with _desk(authority, database, keep=not dry_run) as desk:
            moved = verb.adopt(desk, actor(desk, by, authority), reason)
    except HandlerError as error:
        raise Unusable(str(error)) from None
    _say(moved, dry_run=dry_run)


@contextmanager
def _desk(authority: str, database: str | None, *, keep: bool) -> Iterator[Desk]:
    """A desk at the present moment; what is done at it is rolled back unless it is to be kept. Raises Unusable."""
    from datetime import UTC, datetime

    from bot.settings import read
    from handlers.desk import Desk
    from storage.db import transaction

    settings = read()
    office = _office(settings, authority)
    with _database(database or settings.database_url.get_secret_value()) as engine, transaction(engine) as session:
        yield Desk(session, datetime.now(UTC), office)
        if not keep:
            session.rollback()


def _office(settings: Settings, authority: str) -> Office:
    """The office of homeward.yml, which must know the authority."""
    from bot import configuration
    from bot.errors import Unusable
    from bot.wiring import vault
    from handlers.desk import Office
    from policies import words

    configured = configuration.read(settings.homeward_config)
    known = [a.id for a in configured.authorities]
    if authority not in known:
        near = words.nearest(authority, known)
        raise Unusable(f"'{authority}' is not an authority of {settings.homeward_config}{near or '.'}")
    return Office(configuration.directory(configured), vault(settings))


@contextmanager
def _database(named: str) -> Iterator[Engine]:
    """The database that is there, ours alone while this runs if it is a file."""
    from bot.database import address_of, open_existing, sqlite_file
    from bot.errors import Unusable
    from bot.lock import take
    from storage.schema import is_current

    file = sqlite_file(address_of(named))
    engine = open_existing(named)
    lock = take(file, "bot") if file else None
    try:
        if not is_current(engine):
            raise Unusable("The database has another schema than this version; run `homeward db upgrade` first.")
        yield engine
    finally:
        engine.dispose()
        if lock:
            lock.release()


def _say(moved: list[Adopted], *, dry_run: bool) -> None:
    for edition in dict.fromkeys((one.before, one.after, one.changes) for one in moved):
        before, after, changes = edition
        told = [one.reference for one in moved if (one.before, one.after, one.changes) == edition]
        typer.echo(f"{', '.join(told)}: {before} → {after}" + (" (nothing was changed yet)" if dry_run else ""))
        for line in changes or ("  The two editions ask the same.",):
            typer.echo(f"  {line.strip()}")
