"""The chain of the journal: what the hash of an entry is made of, so that nothing in it can change unseen."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

GENESIS = bytes(32)
_HASHED = ("id", "authority", "kind", "child_id", "episode_id", "at", "recorded_at", "actor", "sealed_by", "payload")


def hash_of(previous: bytes, row: Mapping[Any, Any]) -> bytes:
    """The hash of a row of the journal; its number is left out, because its place in the chain says it already."""
    digest = hashlib.sha256(previous)
    for name in _HASHED:
        digest.update(_canonical(row[name]))
    return digest.digest()


def _canonical(value: str | bytes | datetime | None) -> bytes:
    """Length first, so that no two rows have the same bytes."""
    if value is None:
        return b"-"
    if isinstance(value, datetime):
        value = value.astimezone(UTC).isoformat(timespec="microseconds")
    plain = value.encode() if isinstance(value, str) else value
    return b"+" + len(plain).to_bytes(8, "big") + plain
