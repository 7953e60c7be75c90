"""The data key of a child or an authority: made once, rewrapped when master keys change, destroyed to erase."""

import os
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.errors import Erased
from storage.records import insert_all, insert_new
from storage.sealing import Vault
from storage.tables import KEYS

_WRAPPED = sa.select(KEYS.c.wrapped).where(KEYS.c.owner == sa.bindparam("owner"))


def owner_of(authority: str, child_id: str | None) -> str:
    """Whose key seals something: the child's, or the authority's when no child is concerned."""
    return child_id or f"authority:{authority}"


def data_key(session: Session, vault: Vault, owner: str) -> bytes:
    """The owner's key, made the first time; raises Erased if it was destroyed, Sealed if no master key opens it."""
    row = _row(session, owner)
    if row is None:
        insert_new(session, KEYS, [{"owner": owner, "wrapped": vault.wrap(owner, os.urandom(32)), "key_id": vault.newest}])
        row = _row(session, owner)  # whoever made it first: another process may have been quicker
    return opened(vault, owner, None if row is None else row.wrapped)


def make(session: Session, vault: Vault, owner: str) -> bytes:
    """The first key of an owner who is new in this transaction, and so has none yet."""
    key = os.urandom(32)
    insert_all(session, KEYS, [{"owner": owner, "wrapped": vault.wrap(owner, key), "key_id": vault.newest}])
    return key


def opened(vault: Vault, owner: str, wrapped: bytes | None) -> bytes:
    """Unwrap what a query read from the keys."""
    if wrapped is None:
        raise Erased(f"The key of {owner} was destroyed.")
    return vault.unwrap(owner, wrapped)


def destroy(session: Session, owner: str, now: datetime) -> None:
    """Make everything sealed with the owner's key unreadable for good; the row stays, so that no new key takes its place."""
    gone = {"wrapped": None, "destroyed_at": now}
    if not session.connection().execute(sa.update(KEYS).where(KEYS.c.owner == owner).values(gone)).rowcount:
        session.execute(KEYS.insert(), {"owner": owner, "key_id": "", **gone})


def rewrap(session: Session, vault: Vault, at_most: int = 500) -> int:
    """Wrap with the newest master key some of what older ones wrapped; gives how many keys that were, 0 when all are."""
    old = (KEYS.c.key_id != vault.newest) & KEYS.c.wrapped.is_not(None)
    rows = session.execute(sa.select(KEYS.c.owner, KEYS.c.wrapped).where(old).order_by(KEYS.c.owner).limit(at_most).with_for_update()).all()
    changed = [{"who": owner, "again": vault.wrap(owner, vault.unwrap(owner, wrapped))} for owner, wrapped in rows]
    if changed:
        statement = sa.update(KEYS).where(KEYS.c.owner == sa.bindparam("who"))
        session.connection().execute(statement.values(wrapped=sa.bindparam("again"), key_id=vault.newest), changed)
    return len(changed)


def _row(session: Session, owner: str) -> sa.Row[bytes | None] | None:
    return session.execute(_WRAPPED, {"owner": owner}).first()
