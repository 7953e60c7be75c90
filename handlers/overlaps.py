"""A child is missing once at a time: two episodes that overlap are a slip, and the statutory return refuses them (rule 574)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers.errors import Refused
from policies.worktime import said
from storage.episodes import EpisodeRow


def not_before_the_last_ended(since: datetime | None, earlier: Sequence[EpisodeRow]) -> None:
    """Refuse a new episode that begins while an earlier one of the child lasted."""
    for row in earlier:
        ended = row.returned_at or row.found_at
        if since and ended and row.status != "void" and since < ended:
            told = (
                f"{_named(row)} of this child lasted until {said(ended)}, so this one cannot begin {said(since)}. Correct one of the two."
            )
            raise Refused(told, field="missing_since")


def apart(row: EpisodeRow, rows: Sequence[EpisodeRow], times: Mapping[str, datetime | None]) -> None:
    """Refuse corrected times that make an episode overlap one before it or the one after it; `rows` in the order they were notified."""
    place = next(n for n, other in enumerate(rows) if other.id == row.id)  # merged records number their episodes each for itself
    before, later = ([other for other in some if other.status != "void"] for some in (rows[:place], rows[place + 1 :]))
    not_before_the_last_ended(times.get("missing_since"), before)
    after = min(later, key=_began, default=None)
    if after is None:
        return
    if "found_at" in times and times["found_at"] is None:
        raise Refused(
            f"{_named(after)} of this child began {said(_began(after))}, after this one. Void it first if it was none.", field="reason"
        )
    for name in ("found_at", "returned_at"):
        at = times.get(name)
        if at and at > _began(after):
            raise Refused(
                f"{_named(after)} of this child began {said(_began(after))}, so this one ended before. Correct one of the two.",
                field=name,
            )


def at_once(one: EpisodeRow, other: EpisodeRow) -> bool:
    """Whether one child would have been missing twice at one moment."""
    first, second = sorted((one, other), key=_began)
    ended = first.returned_at or first.found_at
    return ended is None or _began(second) < ended


def _named(row: EpisodeRow) -> str:
    """A restricted one is not named: who is refused here may not know of it."""
    return "Another episode" if row.restricted else row.reference


def _began(row: EpisodeRow) -> datetime:
    return row.missing_since or row.notified_at
