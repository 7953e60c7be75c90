"""SSD, table ssd_missing: every stretch that is missing or away, with its times and whether an interview was offered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from handlers.desk import Desk
from handlers.returns.annex_a import was_accepted, was_offered
from handlers.returns.lines import LeftOut, Line, cannot_be_named, lines
from policies.figures import MISSING
from policies.worktime import LONDON

HEADER = (
    "miss_table_id",
    "miss_person_id",
    "miss_missing_episode_start_date",
    "miss_missing_episode_type",
    "miss_missing_episode_end_date",
    "miss_missing_rhi_offered",
    "miss_missing_rhi_accepted",
)
LONGEST = 48  # characters of an id there
BEGINNING = datetime(1990, 1, 1, tzinfo=UTC)


def rows(desk: Desk, authority: str) -> tuple[list[tuple[str, ...]], list[LeftOut]]:
    """The whole table as it stands now, and what is not in it."""
    made: list[tuple[str, ...]] = []
    left_out: list[LeftOut] = []
    for line in lines(desk, authority, BEGINNING, desk.now):
        reason = _not_in_it(line)
        if reason:
            left_out.append(reason)
        else:
            made.append(_row(line))
    return made, left_out


def _not_in_it(line: Line) -> LeftOut | None:
    if not line.code:
        return LeftOut(line.name, "absent, and nobody recorded whether it was known where the child was")
    if len(line.who.case_reference or "") > LONGEST:
        return LeftOut(line.name, f"its case reference is longer than {LONGEST} characters, which is the most; correct it", fault=True)
    return cannot_be_named(line)


def _row(line: Line) -> tuple[str, ...]:
    """Times as the council's clocks showed them, as the case system keeps them."""
    return (
        line.episode.reference if line.nth == 1 else f"{line.episode.reference}-{line.nth}",
        line.who.case_reference or "",
        written(line.start),
        line.code,
        written(line.end),
        *interview(line),
    )


def interview(line: Line) -> Iterable[str]:
    """Offered and accepted: Y, N, NA where none is owed (away), blank when nobody has said yet."""
    if line.code != MISSING:
        return ("NA", "NA")
    if line.end is None:
        return ("", "")
    return (_yes_no(was_offered(line)), _yes_no(was_accepted(line)))


def _yes_no(said: object) -> str:
    return "" if said is None else "Y" if said else "N"


def written(at: datetime | None) -> str:
    """A moment as the file has it: local time, to the second."""
    return at.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M:%S") if at else ""
