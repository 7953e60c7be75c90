"""Reading an extract of ssd_missing from the case system: every row understood, or every mistake named, before anything is done."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from handlers.returns.ssd import HEADER
from policies.worktime import LONDON

SUPERSEDED = {"miss_missing_episode_start": HEADER[2], "miss_missing_episode_end": HEADER[4]}
NEEDED = HEADER[:4]
FORMS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")
SAID = frozenset({"Y", "N", "NA", ""})
TYPES = {"M": "M", "MISSING": "M", "A": "A", "ABSENT": "A", "AWAY": "A"}


class NotAnExtract(Exception):
    """The file cannot be read as ssd_missing at all; the text says what to do."""


@dataclass(frozen=True)
class Given:
    """One row of the extract; `line` is where it stands in the file. Times UTC, `end` None while it lasts."""

    line: int
    table_id: str
    person: str
    code: str
    start: datetime
    end: datetime | None
    offered: str
    accepted: str


@dataclass(frozen=True)
class Mistake:
    """A row that cannot be taken, and why."""

    line: int
    why: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}"


def read(file: Path, now: datetime) -> tuple[list[Given], list[Mistake]]:
    """(rows, mistakes), both in the order of the file. Raises NotAnExtract."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return _read(csv.DictReader(opened), now)
    except UnicodeDecodeError:
        raise NotAnExtract(f"{file} is not a UTF-8 text file; save it as CSV UTF-8.") from None
    except (OSError, csv.Error) as error:
        raise NotAnExtract(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}.") from None


def _read(table: csv.DictReader[str], now: datetime) -> tuple[list[Given], list[Mistake]]:
    columns = [SUPERSEDED.get(name.strip().lower(), name.strip().lower()) for name in table.fieldnames or []]
    absent = [name for name in NEEDED if name not in columns]
    if absent:
        raise NotAnExtract(
            f"This is not an extract of ssd_missing: it has no column {' and no '.join(absent)}. Its header is in docs/returns.md."
        )
    table.fieldnames = columns
    rows: list[Given] = []
    mistakes: list[Mistake] = []
    for values in table:
        if any(value and str(value).strip() for value in values.values()):
            made = _row(table.line_num, values, now)
            (rows if isinstance(made, Given) else mistakes).append(made)  # type: ignore[arg-type]
    return rows, [*mistakes, *_doubled(rows), *_overlapping(rows)]


def _row(line: int, values: dict[str, str | None], now: datetime) -> Given | Mistake:
    cells = {name: (value or "").strip() for name, value in values.items() if name in HEADER}
    try:
        start = _moment(cells[HEADER[2]], "start")
        end = _moment(cells.get(HEADER[4], ""), "end")
    except ValueError as error:
        return Mistake(line, str(error))
    code = TYPES.get(cells[HEADER[3]].upper())
    wrong = _wrong(cells, code, start, end, now)
    if wrong or start is None or code is None:
        return Mistake(line, wrong or "the start is missing")
    offered, accepted = (cells.get(name, "").upper() for name in HEADER[5:])
    return Given(line, cells[HEADER[0]], cells[HEADER[1]], code, start, end, offered, accepted)


def _wrong(cells: dict[str, str], code: str | None, start: datetime | None, end: datetime | None, now: datetime) -> str:
    checks = (
        (not cells[HEADER[0]], "it has no miss_table_id"),
        (not cells[HEADER[1]], "it has no miss_person_id"),
        (not "".join(cells[name] for name in HEADER[:2]).isprintable(), "its ids hold a sign that nobody can type"),
        (code is None, f"its type is '{cells[HEADER[3]][:20]}', and must be M or A"),
        (start is None, "it has no start"),
        (start is not None and start > now, "it starts in the future"),
        (end is not None and end > now, "it ends in the future"),
        (start is not None and end is not None and end < start, "it ends before it starts"),
        (not {cells.get(name, "").upper() for name in HEADER[5:]} <= SAID, "offered and accepted must be Y, N, NA or blank"),
    )
    return next((said for is_wrong, said in checks if is_wrong), "")


def _moment(text: str, what: str) -> datetime | None:
    """Local time, the first of the repeated hour; or with an offset. Raises ValueError in words."""
    if not text:
        return None
    for form in FORMS:
        try:
            return datetime.strptime(text.split(".", maxsplit=1)[0], form).replace(tzinfo=LONDON).astimezone(UTC)
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text).astimezone(UTC) if "+" in text or text.endswith("Z") else _not_a_time(text, what)
    except ValueError:
        return _not_a_time(text, what)


def _not_a_time(text: str, what: str) -> datetime:
    raise ValueError(f"its {what} is '{text[:30]}', which is no time; write 2026-03-31T21:30:00 or 31/03/2026 21:30")


def _doubled(rows: Sequence[Given]) -> Iterator[Mistake]:
    seen: dict[str, int] = {}
    for row in rows:
        if row.table_id in seen:
            yield Mistake(row.line, f"its miss_table_id stands in line {seen[row.table_id]} already")
        seen.setdefault(row.table_id, row.line)


def _overlapping(rows: Sequence[Given]) -> Iterator[Mistake]:
    for theirs in by_person(rows).values():
        for before, after in pairwise(theirs):
            if before.end is None or after.start < before.end:
                yield Mistake(after.line, f"it begins before line {before.line} of the same person has ended")


def by_person(rows: Iterable[Given]) -> dict[str, list[Given]]:
    """Rows of each person by start."""
    found: dict[str, list[Given]] = {}
    for row in sorted(rows, key=lambda one: (one.person, one.start, one.line)):
        found.setdefault(row.person, []).append(row)
    return found
