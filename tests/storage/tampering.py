"""Somebody with all rights at the database, and what is found after them."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from storage import chain, journal
from storage.db import reading, transaction
from storage.sealing import Vault
from storage.tables import JOURNAL
from storage.verify import Broken, verify
from tests.storage import invented

Tampering = Callable[[Connection], object]


def written(engine: Engine, vault: Vault) -> list[str]:
    """Seven entries; gives their ids, that of number n at place n."""
    with transaction(engine) as session:
        ids = journal.append_all(session, vault, [invented.entry(f"note {n}") for n in range(1, 8)])
    return ["", *ids]


def tampered(engine: Engine, tampering: Tampering) -> list[Broken]:
    """What is found after somebody with all rights has been at the database."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP TRIGGER journal_refuses ON journal")
        else:
            connection.exec_driver_sql("DROP TRIGGER journal_refuses_update")
            connection.exec_driver_sql("DROP TRIGGER journal_refuses_delete")
        tampering(connection)
    with reading(engine) as session:
        return verify(session, "bury")


def change(connection: Connection, seq: int, **values: object) -> None:
    connection.execute(sa.update(JOURNAL).where(JOURNAL.c.seq == seq).values(values))


def move(connection: Connection, seq: int, to: int) -> None:
    connection.execute(sa.update(JOURNAL).where(JOURNAL.c.seq == seq).values(seq=to))


def drop(connection: Connection, *seqs: int) -> None:
    connection.execute(sa.delete(JOURNAL).where(JOURNAL.c.seq.in_(seqs)))


def forge(connection: Connection, seq: int, after: int) -> bytes:
    """Insert an entry with a hash that is right in itself, as if written after another."""
    model = dict(connection.execute(sa.select(JOURNAL).where(JOURNAL.c.seq == after)).mappings().one())
    model |= {"id": f"{'f' * 31}{seq}", "seq": seq, "previous": model["hash"], "actor": "somebody.else"}
    model["hash"] = chain.hash_of(model["previous"], model)
    connection.execute(sa.insert(JOURNAL).values(model))
    return bytes(model["hash"])


def short(found: list[Broken]) -> list[tuple[str, int, str | None]]:
    return [(broken.problem, broken.seq, broken.id) for broken in found]
