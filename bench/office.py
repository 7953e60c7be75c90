"""An authority with somebody in every role, and a fresh SQLite file, to measure with."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from handlers.desk import Office
from handlers.directory import Account, Authority, Directory, Holding, Person, Room
from policies import words
from storage.creating import upgrade
from storage.engines import open_database
from storage.sealing import Vault

AUTHORITY = "bench"


def office(pack: str) -> Office:
    """One person a role, three rooms."""
    rooms = tuple(Room("null", purpose, purpose) for purpose in ("coordination", "partners", "management"))
    people = tuple(
        Person(role, words.label(role), words.agency_of(role), (Holding(role, AUTHORITY),), (Account("null", role),))
        for role in sorted(words.roles())
    )
    return Office(Directory((Authority(AUTHORITY, AUTHORITY, pack, rooms),), people), Vault([b"b" * 32]))


@contextmanager
def database(build: Path) -> Iterator[Engine]:
    """A migrated SQLite file beside the table's, removed afterwards; commits are durable (WAL, synchronous=FULL)."""
    with tempfile.TemporaryDirectory(dir=build) as folder:
        engine = open_database(f"sqlite:///{folder}/bench.db")
        upgrade(engine)
        yield engine
        engine.dispose()
