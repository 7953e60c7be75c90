"""Writing a file of rows: whole or not at all, in the form that spreadsheets and the sector's tools read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path


def write(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a CSV beside the place and move it there when it is whole; gives how many rows it has."""
    part = file.with_name(f".{file.name}.part")
    count = 0
    try:
        with part.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\r\n")
            writer.writerow(header)
            for row in rows:
                writer.writerow(row)
                count += 1
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return count
