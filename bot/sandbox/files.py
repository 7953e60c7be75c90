"""The database file of a training room and the key beside it: its own, or none."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from sqlalchemy import Engine

from bot.errors import Unusable
from storage import outbox, settings
from storage.creating import upgrade
from storage.db import transaction
from storage.engines import open_database
from storage.sealing import Vault, new_key

MARK = "sandbox"  # the setting that says who made the database; its value names the master key
MOMENT = "sandbox.moment"


@dataclass(frozen=True)
class Files:
    """An open training database, upgraded, the keys to it, and where it is."""

    engine: Engine
    vault: Vault
    database: Path


def open_files(database: Path, now: datetime, told: Mapping[str, str] = MappingProxyType({})) -> Files:
    """Open the file, or make it, with a clock that stands at `now` and the settings it is `told`.

    Raises Unusable for a database of somebody else.
    """
    key_file = database.with_suffix(".key")
    made_with = made_here(database)
    if made_with and not key_file.exists():
        raise Unusable(f"{key_file} is missing, and {database} cannot be read without it; put it back, or start over without both.")
    vault = _vault(key_file)
    if made_with is None:
        _make(database, vault, now, told)
    elif made_with != vault.newest:
        raise Unusable(f"{key_file} does not fit {database}; put the right one back, or start over without both.")
    engine = open_database(f"sqlite:///{database}")
    upgrade(engine)
    with transaction(engine) as session:
        outbox.free_leases(session)  # what was under way when the last process ended is looked up again
    return Files(engine, vault, database)


def renew(files: Files, now: datetime, told: Mapping[str, str]) -> Files:
    """Start over: a new database takes the place of this one in a single step, under the same key."""
    files.engine.dispose()
    _make(files.database, files.vault, now, told)
    return open_files(files.database, now)


def made_here(database: Path) -> str | None:
    """Name of the key a sandbox made this file with; None when there is no file. Raises Unusable when something else made it."""
    if not database.exists():
        return None
    try:
        connection = sqlite3.connect(f"file:{quote(str(database))}?mode=ro", uri=True)
        try:
            found = connection.execute("SELECT value FROM settings WHERE name = ?", (MARK,)).fetchone()
        finally:
            connection.close()
    except sqlite3.Error:
        found = None
    if found is None:
        raise Unusable(f"{database} was not made by a sandbox, so it is left alone; name another file with --database.")
    return str(found[0])


def _make(database: Path, vault: Vault, now: datetime, told: Mapping[str, str]) -> None:
    """Under another name until it is whole, so that a process killed half-way leaves nothing that has to be explained."""
    unfinished = database.with_name(database.name + ".new")
    for left in (unfinished, *(unfinished.with_name(unfinished.name + end) for end in ("-wal", "-shm", "-journal"))):
        left.unlink(missing_ok=True)
    unfinished.touch(0o600)
    engine = open_database(f"sqlite:///{unfinished}")
    upgrade(engine)
    with transaction(engine) as session:
        settings.put(session, MARK, vault.newest)
        for name, value in {MOMENT: now.isoformat(), **told}.items():
            settings.put(session, name, value)
    engine.dispose()  # the last connection to close moves everything into the one file
    unfinished.rename(database)


def _vault(key_file: Path) -> Vault:
    if not key_file.exists():
        unfinished = key_file.with_name(key_file.name + ".new")
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(new_key() + "\n")
        unfinished.rename(key_file)
    try:
        return Vault.from_text(key_file.read_text(encoding="ascii"))
    except ValueError:
        raise Unusable(f"{key_file} does not hold a key; put the right one back, or start over without it and its database.") from None
