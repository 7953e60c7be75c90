"""Sealing text for one place in the database, wrapping data keys, and indexes that tell nothing without a key."""

import base64
import binascii
import hashlib
import hmac
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import Erased, Sealed

__all__ = ["Erased", "Sealed", "Vault", "blind", "blinds", "key_id", "new_key", "normalise", "seal", "unseal"]

_VERSION = 1
_HEADER = 5  # the version, then four bytes that name the key
_NONCE = 12
_KEY = 32
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th"})


@dataclass(frozen=True)
class Vault:
    """The master keys, newest first: the newest wraps, all of them unwrap. Its repr shows none of them."""

    keys: Sequence[bytes] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.keys or any(len(key) != _KEY for key in self.keys):
            raise ValueError("Encryption keys are needed, of 32 bytes each.")

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read keys as HOMEWARD_KEYS holds them: base64url, separated by commas, newest first."""
        try:
            return cls(tuple(_decoded(part.strip()) for part in text.split(",") if part.strip()))
        except (ValueError, binascii.Error):
            raise ValueError("Encryption keys are comma-separated base64url, of 32 bytes each, newest first.") from None

    @property
    def newest(self) -> str:
        """The name of the key that wraps now."""
        return key_id(self.keys[0]).hex()

    def wrap(self, owner: str, data_key: bytes) -> bytes:
        """Seal an owner's data key with the newest master key."""
        return _shut(self.keys[0], ("keys", "wrapped", owner), data_key)

    def unwrap(self, owner: str, wrapped: bytes) -> bytes:
        """Open an owner's data key with whichever master key wrapped it; raises Sealed if none of ours did."""
        for key in self.keys:
            if key_id(key) == wrapped[1:_HEADER]:
                return _opened(key, ("keys", "wrapped", owner), wrapped)
        raise Sealed(f"The data key of {owner} was wrapped by a master key that is not configured.")


def new_key() -> str:
    """A fresh master key, as HOMEWARD_KEYS takes it."""
    return base64.urlsafe_b64encode(os.urandom(_KEY)).decode()


def seal(data_key: bytes, table: str, column: str, row_id: str, text: str) -> bytes:
    """Seal a text so that it opens only in this column of this row."""
    return _shut(data_key, (table, column, row_id), text.encode())


def unseal(data_key: bytes, table: str, column: str, row_id: str, sealed: bytes) -> str:
    """Open what `seal` closed; raises Sealed for another key, a moved value or changed bytes."""
    return _opened(data_key, (table, column, row_id), sealed).decode()


def blind(vault: Vault, purpose: str, text: str) -> str:
    """A keyed hash to store and look up; the purpose keeps one index from being compared with another."""
    return _blinded(vault.keys[0], purpose, text)


def blinds(vault: Vault, purpose: str, text: str) -> list[str]:
    """The hash under every master key, newest first: what to look up until all rows have the newest."""
    return [_blinded(key, purpose, text) for key in vault.keys]


def normalise(text: str) -> str:
    """What remains of a name or number when case, accents, spaces and punctuation do not count."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in plain if letter.isalnum())


def key_id(key: bytes) -> bytes:
    """Four bytes that name a key without telling anything about it."""
    return hashlib.sha256(b"homeward key id\0" + key).digest()[: _HEADER - 1]


def _shut(key: bytes, place: tuple[str, str, str], plain: bytes) -> bytes:
    header = bytes([_VERSION]) + key_id(key)
    nonce = os.urandom(_NONCE)
    return header + nonce + AESGCM(key).encrypt(nonce, plain, header + "\0".join(place).encode())


def _opened(key: bytes, place: tuple[str, str, str], sealed: bytes) -> bytes:
    header, nonce, rest = sealed[:_HEADER], sealed[_HEADER : _HEADER + _NONCE], sealed[_HEADER + _NONCE :]
    where = f"{place[0]}.{place[1]} of {place[2]}"
    if header[:1] != bytes([_VERSION]):
        raise Sealed(f"The value in {where} is not in a sealed form this version knows.")
    if header[1:] != key_id(key):
        raise Sealed(f"The value in {where} was sealed with another key.")
    try:
        return AESGCM(key).decrypt(nonce, rest, header + "\0".join(place).encode())
    except (InvalidTag, ValueError):
        raise Sealed(f"The value in {where} was changed, or was sealed for another place.") from None


@lru_cache(maxsize=64)
def _index_key(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), length=_KEY, salt=None, info=b"homeward index\0" + purpose.encode()).derive(key)


def _blinded(key: bytes, purpose: str, text: str) -> str:
    return hmac.digest(_index_key(key, purpose), text.encode(), "sha256").hex()


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
