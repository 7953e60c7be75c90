"""Taking turns: of several transactions that do the same thing, each waits for the one before it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

_TAKE = sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(sa.bindparam("name"), 0)))


def take(session: Session, name: str) -> None:
    """Wait for the turn of this name, which ends with the transaction; on SQLite there is only ever one that writes."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_TAKE, {"name": name})
