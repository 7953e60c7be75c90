"""A desk for a command that reads: one authority of homeward.yml, the database, the moment it is; the bot may be running."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handlers.desk import Desk

AUTHORITY = "Its id in homeward.yml; may be left out where there is only one."
DATABASE = "Address or SQLite file; DATABASE_URL when left out."
BY = "Who asks: a person of homeward.yml. It is kept in the journal."


@dataclass(frozen=True)
class Opened:
    """A desk, the authority it is for, and whoever asked."""

    desk: Desk
    authority: str
    by: str


@contextmanager
def opened(authority: str | None, database: str | None, by: str | None = None, *, only_reads: bool = False) -> Iterator[Opened]:
    """Everything a command needs, in one transaction; one that only reads keeps nobody from writing. Raises Unusable."""
    from datetime import UTC, datetime

    from bot.commands.desks import existing, office_of
    from bot.errors import Unusable
    from bot.settings import read
    from handlers.desk import Desk, actor
    from handlers.errors import HandlerError
    from storage.db import reading, transaction
    from storage.errors import Unavailable

    settings = read()
    office, known = office_of(settings, authority)
    if by is not None and office.directory.person(by) is None:
        raise Unusable(f"'{by}' is nobody in {settings.homeward_config}.")
    begin = reading if only_reads else transaction
    try:
        with existing(database or settings.database_url.get_secret_value()) as engine, begin(engine) as session:
            desk = Desk(session, datetime.now(UTC), office)
            if by is not None:
                actor(desk, by, known).check("export")
            yield Opened(desk, known, by or "command-line")
    except (HandlerError, Unavailable) as error:
        raise Unusable(str(error)) from None


def needed(*libraries: str, instead: str = "") -> None:
    """Raises Unusable for a library that is not there, before anything is asked of it or written down as shown."""
    from importlib.util import find_spec

    from bot.errors import Unusable

    missing = next((name for name in libraries if find_spec(name) is None), None)
    if missing:
        raise Unusable(f"{missing} is not installed: install homeward[reports]{instead}.")


def write_new(file: Path, content: bytes) -> None:
    """A file that only its owner may read. Raises Unusable when it exists already or cannot be written."""
    import os

    from bot.errors import Unusable

    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(content)
    except FileExistsError:
        raise Unusable(f"{file} exists already; name a new file with --out.") from None
    except OSError as error:
        raise Unusable(f"{file} cannot be written: {error.strerror or error}.") from None


def writable(file: Path) -> Path:
    """A place a file can be put. Raises Unusable."""
    from bot.errors import Unusable

    if file.is_dir() or not file.absolute().parent.is_dir():
        raise Unusable(f"{file} is not a file that can be written here.")
    return file
