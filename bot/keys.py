"""The encryption keys: from the environment, or from a file that only its owner may read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from bot.errors import Unusable
from bot.settings import Settings
from storage.sealing import Vault


def vault(settings: Settings) -> Vault:
    """The encryption keys, from the environment or from a file of theirs. Raises Unusable when there are none."""
    if settings.homeward_keys and settings.homeward_keys_file:
        raise Unusable("HOMEWARD_KEYS and HOMEWARD_KEYS_FILE are both set; keep one of them.")
    if settings.homeward_keys_file:
        return _vault(keys_in(settings.homeward_keys_file), f"The file {settings.homeward_keys_file}")
    if settings.homeward_keys is None:
        raise Unusable("HOMEWARD_KEYS is not set; docs/operations.md says how to make a key, and where to keep it.")
    return _vault(settings.homeward_keys.get_secret_value(), "HOMEWARD_KEYS")


def keys_in(file: Path) -> str:
    """The text of a file of keys, one a line or separated by commas. Raises Unusable when others than its owner may read it."""
    try:
        with file.open(encoding="utf-8") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            if stat.S_ISREG(mode) and mode & 0o077:
                raise Unusable(f"{file} can be read by others (mode {stat.S_IMODE(mode):o}): chmod 600 {file}.")
            return ",".join(opened.read(100_000).split())
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(
            f"{file}, which HOMEWARD_KEYS_FILE names, cannot be read ({getattr(error, 'strerror', None) or 'not text'})."
        ) from None


def _vault(text: str, where: str) -> Vault:
    try:
        return Vault.from_text(text)
    except ValueError as error:
        raise Unusable(f"{where} cannot be used: {error}") from None
