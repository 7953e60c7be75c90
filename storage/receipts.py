"""Receipts: the answer once given, so that a redelivered press gets it again and changes nothing."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.errors import Repeated
from storage.records import insert_new, rows
from storage.tables import RECEIPTS

_SEEN = sa.select(RECEIPTS.c.answer).where(RECEIPTS.c.key == sa.bindparam("key"))


def seen(session: Session, key: str) -> dict[str, Any] | None:
    """The answer given to this key before, or None; keys and answers hold ids and references, never free text."""
    return next((answer for (answer,) in rows(session, _SEEN, {"key": key})), None)


def keep(session: Session, key: str, answer: dict[str, Any], now: datetime) -> None:
    """Keep the answer; raises Repeated when another transaction was first, and then everything in this one must be rolled back."""
    if not insert_new(session, RECEIPTS, [{"key": key, "at": now, "answer": answer}]):
        raise Repeated(f"{key} has been answered already.")


def forget(session: Session, before: datetime) -> int:
    """Drop receipts nobody will ask for again; gives how many those were."""
    return session.connection().execute(sa.delete(RECEIPTS).where(RECEIPTS.c.at < before)).rowcount
