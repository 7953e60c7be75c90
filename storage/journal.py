"""The journal: everything done, sealed, chained by hash for each authority, never changed."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import keys
from storage.chain import GENESIS, hash_of
from storage.ids import new_id
from storage.records import grouped, insert_new, rows, within, write
from storage.sealing import Vault, seal, unseal
from storage.tables import CHAINS, JOURNAL, KEYS

_PLACE = ("journal", "payload")

_joined = CHAINS.outerjoin(KEYS, within(KEYS.c.owner))
_head_and_keys = sa.select(CHAINS.c.seq, CHAINS.c.hash, KEYS.c.owner, KEYS.c.wrapped).select_from(_joined)
_LOCK = _head_and_keys.where(CHAINS.c.authority == sa.bindparam("authority")).with_for_update(of=CHAINS)
# A parameter named like a column would be taken for a value of either table: these are called new_….
_ADD = JOURNAL.insert().values({column.name: sa.bindparam(f"new_{column.name}") for column in JOURNAL.c})
_of_chain = CHAINS.update().where(CHAINS.c.authority == sa.bindparam("new_authority"))
_MOVE = _of_chain.values(seq=sa.bindparam("new_seq"), hash=sa.bindparam("new_hash"))
_ADD_AND_MOVE = _ADD.add_cte(_MOVE.cte("head"))

_opened_by = sa.select(JOURNAL, KEYS.c.wrapped).outerjoin(KEYS, KEYS.c.owner == JOURNAL.c.sealed_by)
_ENTRIES = _opened_by.order_by(JOURNAL.c.authority, JOURNAL.c.seq)
_OF_EPISODES = _ENTRIES.where(within(JOURNAL.c.episode_id))


@dataclass(frozen=True)
class NewEntry:
    """Something done. Payload values are JSON. Payload and on_behalf are sealed; all the rest is in clear."""

    authority: str
    kind: str
    at: datetime
    recorded_at: datetime
    actor: str
    child_id: str | None = None
    episode_id: str | None = None
    on_behalf: str | None = None
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry(NewEntry):
    """An entry as read back; once the child's key was destroyed it is `erased`: payload empty, on_behalf None."""

    id: str = ""
    seq: int = 0
    erased: bool = False


def append(session: Session, vault: Vault, entry: NewEntry) -> str:
    """Add one entry and give its id; the authority's chain stays locked until the transaction ends, so append late."""
    return append_all(session, vault, [entry])[0]


def append_all(session: Session, vault: Vault, entries: Sequence[NewEntry]) -> list[str]:
    """Add entries in their order; gives their ids in the same order."""
    ids = {id(entry): new_id() for entry in entries}
    for authority, of_one in groupby(sorted(entries, key=attrgetter("authority")), key=attrgetter("authority")):
        _extend(session, vault, authority, [(ids[id(entry)], entry) for entry in of_one])
    return [ids[id(entry)] for entry in entries]


def as_read(entry: NewEntry, entry_id: str) -> Entry:
    """What was just appended, as reading it back would give it."""
    read = {
        "at": entry.at.astimezone(UTC),
        "recorded_at": entry.recorded_at.astimezone(UTC),
        "payload": json.loads(_text(entry))["payload"],
    }
    return Entry(**{**vars(entry), **read}, id=entry_id)


def of_episode(session: Session, vault: Vault, episode_id: str) -> list[Entry]:
    """An episode's entries, opened, in the order they were written."""
    return of_episodes(session, vault, [episode_id])[episode_id]


def of_episodes(session: Session, vault: Vault, ids: Sequence[str]) -> dict[str, list[Entry]]:
    """The entries of many episodes in one statement, by episode."""
    return grouped(_entries(session, vault, _OF_EPISODES, {"ids": ids}), "episode_id", ids)


def of_child(session: Session, vault: Vault, child_id: str) -> list[Entry]:
    """A child's entries of all episodes, opened, in the order they were written."""
    return _entries(session, vault, _ENTRIES.where(JOURNAL.c.child_id == child_id))


def of_authority(session: Session, vault: Vault, authority: str, after: int, limit: int) -> list[Entry]:
    """A page of an authority's journal: `limit` entries that follow number `after` (0 for the first page)."""
    return _entries(session, vault, _ENTRIES.where(JOURNAL.c.authority == authority, JOURNAL.c.seq > after).limit(limit))


def hashes(session: Session, ids: Sequence[str]) -> dict[str, bytes]:
    """The hash of each entry, by its id."""
    found: dict[str, bytes] = {}
    for start in range(0, len(ids), 1000):
        chosen = sa.select(JOURNAL.c.id, JOURNAL.c.hash).where(JOURNAL.c.id.in_(ids[start : start + 1000]))
        found |= {row.id: row.hash for row in session.execute(chosen)}
    return found


def _extend(session: Session, vault: Vault, authority: str, entries: Sequence[tuple[str, NewEntry]]) -> None:
    owners = {keys.owner_of(entry.authority, entry.child_id) for _, entry in entries}
    last, previous, known = _locked(session, vault, authority, owners)
    rows = []
    for seq, (entry_id, entry) in enumerate(entries, last + 1):
        row = _row(known[keys.owner_of(authority, entry.child_id)], entry_id, entry)
        row |= {"seq": seq, "previous": previous, "hash": hash_of(previous, row)}
        previous = row["hash"]
        rows.append(row)
    _write(session, rows)


def _locked(session: Session, vault: Vault, authority: str, owners: Collection[str]) -> tuple[int, bytes, dict[str, bytes]]:
    """Lock the head of a chain and read the owners' keys in the same round trip; what does not exist yet is made."""
    found = rows(session, _LOCK, {"authority": authority, "ids": owners})
    if not found:
        insert_new(session, CHAINS, [{"authority": authority, "seq": 0, "hash": GENESIS}])
        return _locked(session, vault, authority, owners)
    known = {owner: keys.opened(vault, owner, wrapped) for _, _, owner, wrapped in found if owner}
    made = {owner: keys.data_key(session, vault, owner) for owner in owners if owner not in known}
    seq, last, *_ = found[0]
    return seq, last, known | made


def _row(data_key: bytes, entry_id: str, entry: NewEntry) -> dict[str, Any]:
    return {
        "id": entry_id,
        "authority": entry.authority,
        "kind": entry.kind,
        "child_id": entry.child_id,
        "episode_id": entry.episode_id,
        "at": entry.at,
        "recorded_at": entry.recorded_at,
        "actor": entry.actor,
        "sealed_by": keys.owner_of(entry.authority, entry.child_id),
        "payload": seal(data_key, *_PLACE, entry_id, _text(entry)),
    }


def _text(entry: NewEntry) -> str:
    return json.dumps({"on_behalf": entry.on_behalf, "payload": entry.payload}, ensure_ascii=False, separators=(",", ":"))


def _write(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows and move the head; PostgreSQL does the last row and the head in one round trip."""
    values = [{f"new_{name}": value for name, value in row.items()} for row in rows]
    in_one = session.get_bind().dialect.name == "postgresql"
    if alone := values[:-1] if in_one else values:
        write(session, _ADD, alone)
    write(session, _ADD_AND_MOVE if in_one else _MOVE, [values[-1]])


def _entries(session: Session, vault: Vault, statement: sa.Executable, values: Mapping[str, Any] | None = None) -> list[Entry]:
    opened: dict[str, bytes | None] = {}
    return [_entry(vault, opened, row) for row in session.execute(statement, values)]


def _entry(vault: Vault, opened: dict[str, bytes | None], row: sa.Row[Any]) -> Entry:
    if row.sealed_by not in opened:
        opened[row.sealed_by] = None if row.wrapped is None else keys.opened(vault, row.sealed_by, row.wrapped)
    data_key = opened[row.sealed_by]
    inside = {"on_behalf": None, "payload": {}} if data_key is None else json.loads(unseal(data_key, *_PLACE, row.id, row.payload))
    return Entry(
        authority=row.authority,
        kind=row.kind,
        at=row.at,
        recorded_at=row.recorded_at,
        actor=row.actor,
        child_id=row.child_id,
        episode_id=row.episode_id,
        on_behalf=inside["on_behalf"],
        payload=inside["payload"],
        id=row.id,
        seq=row.seq,
        erased=data_key is None,
    )
