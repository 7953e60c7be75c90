"""Writing a file of rows: whole or not at all, in the form that spreadsheets and the sector's tools read."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from unicodedata import category

RUNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # what a spreadsheet would run, the wide ones in some countries
NO_FILE = {"Cc": " ", "Cs": "?"}  # control characters and halves of a letter: no workbook with one opens


def write(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a CSV beside the place and move it there when it is whole; gives how many rows it has."""
    part = file.with_name(f".{file.name}.part")
    count = 0
    part.unlink(missing_ok=True)
    try:
        with open(part, "x", encoding="utf-8", newline="", opener=_for_its_owner) as out:
            writer = csv.writer(out, lineterminator="\r\n")
            writer.writerow(header)
            for row in rows:
                writer.writerow([_safe(value) for value in row])
                count += 1
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return count


def _safe(value: object) -> object:
    return harmless(value) if isinstance(value, str) else value


def harmless(text: str) -> str:
    """A text as every spreadsheet shows it and none runs it; what somebody typed is never a formula."""
    shown = text if text.isprintable() else "".join("?" if sign in "\ufffe\uffff" else NO_FILE.get(category(sign), sign) for sign in text)
    return f"'{shown}" if shown.lstrip().startswith(RUNS) else shown


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
