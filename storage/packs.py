"""Keeping the pack editions that govern episodes."""

from datetime import date, datetime
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.records import insert_new
from storage.tables import PACKS

_kept: WeakKeyDictionary[sa.Engine, set[str]] = WeakKeyDictionary()


def keep(session: Session, *, hash: str, area: str, effective: date, format: int, text: str, now: datetime) -> None:
    """Keep an edition's text; one that is kept already stays as it is, and a process asks only until it knows."""
    bind = session.get_bind()
    kept = _kept.setdefault(bind.engine, set())
    if hash in kept:
        return
    row = {"hash": hash, "area": area, "effective": effective, "format": format, "text": text, "adopted_at": now}
    mine: set[str] = session.info.setdefault("packs", set())
    if insert_new(session, PACKS, [row]):
        mine.add(hash)
    elif hash not in mine:  # committed by another; what this transaction adds may yet be taken back
        kept.add(hash)


def text_of(session: Session, hash: str) -> str:
    """The text of an edition; raises NoResultFound when it was never kept."""
    text: str = session.scalars(sa.select(PACKS.c.text).where(PACKS.c.hash == hash)).one()
    return text


def of_area(session: Session, area: str) -> list[tuple[date, str]]:
    """The kept editions of an area as (effective date, hash), oldest first."""
    chosen = sa.select(PACKS.c.effective, PACKS.c.hash).where(PACKS.c.area == area)
    return [(effective, hash_) for effective, hash_ in session.execute(chosen.order_by(PACKS.c.effective, PACKS.c.adopted_at))]
