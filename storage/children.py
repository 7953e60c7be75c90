"""Children: a sealed identity, found again by keyed indexes, merged when two turn out to be one."""

import json
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import keys
from storage.ids import new_id
from storage.records import insert_all, rows, within
from storage.sealing import Vault, blind, blinds, normalise, seal, unseal
from storage.tables import CHILDREN, KEYS

Identity = Mapping[str, str | None]
_PLACE = ("children", "identity")
_opened_by = sa.select(CHILDREN.c.id, CHILDREN.c.identity, KEYS.c.wrapped).join(KEYS, KEYS.c.owner == CHILDREN.c.id)
_IDENTITIES = _opened_by.where(within(CHILDREN.c.id), CHILDREN.c.identity.is_not(None))
_of_authority = sa.select(sa.func.coalesce(CHILDREN.c.merged_into, CHILDREN.c.id)).where(CHILDREN.c.authority == sa.bindparam("authority"))
_BY_CASE = _of_authority.where(within(CHILDREN.c.case_index))
_BY_NAME = _of_authority.where(within(CHILDREN.c.name_index))
_BY_INITIALS = _of_authority.where(within(CHILDREN.c.initials_index))


def add(session: Session, vault: Vault, authority: str, identity: Identity, now: datetime) -> str:
    """Record a child; identity keys: case_reference, forename, surname, initials, date_of_birth (ISO), any of them absent."""
    child_id = new_id()
    row = {"id": child_id, "authority": authority, "created_at": now}
    insert_all(session, CHILDREN, [row | _sealed(keys.make(session, vault, child_id), vault, child_id, identity)])
    return child_id


def identity(session: Session, vault: Vault, child_id: str) -> dict[str, str]:
    """Who the child is; empty once erased."""
    return identities(session, vault, [child_id]).get(child_id, {})


def identities(session: Session, vault: Vault, ids: list[str]) -> dict[str, dict[str, str]]:
    """Who these children are, in one statement; those erased or unknown are left out."""
    rows = session.execute(_IDENTITIES, {"ids": ids})
    return {
        child_id: json.loads(unseal(keys.opened(vault, child_id, wrapped), *_PLACE, child_id, sealed)) for child_id, sealed, wrapped in rows
    }


def change_identity(session: Session, vault: Vault, child_id: str, identity: Identity) -> None:
    """Replace all that was known of who the child is; the indexes follow."""
    session.execute(
        sa.update(CHILDREN)
        .where(CHILDREN.c.id == child_id)
        .values(_sealed(keys.data_key(session, vault, child_id), vault, child_id, identity))
    )


def with_case_reference(session: Session, vault: Vault, authority: str, case_reference: str) -> list[str]:
    """The children of an authority with this case reference, however it is typed; a merged child is given as the one it became."""
    return _found(session, _BY_CASE, blinds(vault, "case", normalise(case_reference)), authority)


def with_name_and_birth(session: Session, vault: Vault, authority: str, surname: str, date_of_birth: str) -> list[str]:
    """The children of an authority with this surname and ISO date of birth."""
    return _found(session, _BY_NAME, blinds(vault, "name", _joined(surname, date_of_birth)), authority)


def with_initials_and_birth(session: Session, vault: Vault, authority: str, initials: str, date_of_birth: str) -> list[str]:
    """The children of an authority with these initials and ISO date of birth."""
    return _found(session, _BY_INITIALS, blinds(vault, "initials", _joined(initials, date_of_birth)), authority)


def survivor(session: Session, child_id: str) -> str:
    """The child this one was merged into, or itself."""
    one = sa.select(sa.func.coalesce(CHILDREN.c.merged_into, CHILDREN.c.id)).where(CHILDREN.c.id == child_id)
    found: str = session.scalars(one).one()
    return found


def merge(session: Session, child_id: str, into: str) -> None:
    """Make one child of two: the other's rows keep their own key and id, and count as this one's from now on."""
    moved = (CHILDREN.c.id == child_id) | (CHILDREN.c.merged_into == child_id)
    session.execute(sa.update(CHILDREN).where(moved).values(merged_into=survivor(session, into)))


def erase(session: Session, child_id: str, now: datetime) -> None:
    """Forget who the child was: every text sealed for it, here and in the journal, stays shut for good."""
    blank = {"identity": None, "case_index": None, "name_index": None, "initials_index": None}
    session.execute(sa.update(CHILDREN).where(CHILDREN.c.id == child_id).values(blank))
    keys.destroy(session, child_id, now)


def reindex(session: Session, vault: Vault, after: str = "", at_most: int = 500) -> list[str]:
    """Make the indexes of some children again with the newest master key, after `keys.rewrap`; gives their ids, page by page."""
    chosen = sa.select(CHILDREN.c.id).where(CHILDREN.c.identity.is_not(None), CHILDREN.c.id > after)
    ids = list(session.scalars(chosen.order_by(CHILDREN.c.id).limit(at_most).with_for_update()))
    changed = [{"who": child_id, **_indexes(vault, who)} for child_id, who in identities(session, vault, ids).items()]
    if changed:
        session.connection().execute(sa.update(CHILDREN).where(CHILDREN.c.id == sa.bindparam("who")), changed)
    return ids


def _sealed(data_key: bytes, vault: Vault, child_id: str, identity: Identity) -> dict[str, bytes | str | None]:
    known = {name: value for name, value in identity.items() if value}
    text = json.dumps(known, ensure_ascii=False)
    return {"identity": seal(data_key, *_PLACE, child_id, text), **_indexes(vault, known)}


def _indexes(vault: Vault, known: Identity) -> dict[str, str | None]:
    birth, surname = known.get("date_of_birth"), known.get("surname")
    initials = known.get("initials") or "".join((known.get(name) or "")[:1] for name in ("forename", "surname"))
    case = normalise(known.get("case_reference") or "")
    return {
        "case_index": blind(vault, "case", case) if case else None,
        "name_index": blind(vault, "name", _joined(surname, birth)) if surname and birth else None,
        "initials_index": blind(vault, "initials", _joined(initials, birth)) if initials and birth else None,
    }


def _joined(name: str, date_of_birth: str) -> str:
    return f"{normalise(name)}|{date_of_birth}"


def _found(session: Session, statement: sa.Executable, hashes: list[str], authority: str) -> list[str]:
    return sorted({child_id for (child_id,) in rows(session, statement, {"ids": hashes, "authority": authority})})
