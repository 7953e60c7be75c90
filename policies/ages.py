"""How old a child is, as the vocabulary defines it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from policies.history import Child, Episode
from policies.worktime import LONDON


def age_on(born: Any, day: date) -> int | None:
    """Age in whole years on `day`; None when the birth date is not known."""
    birth = as_date(born)
    if birth is None:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def as_date(value: Any) -> date | None:
    """A date from a date, a datetime or ISO text."""
    if isinstance(value, datetime):
        return value.astimezone(LONDON).date()
    if isinstance(value, date) or value is None:
        return value
    return date.fromisoformat(str(value)[:10])


def age(child: Child, episode: Episode) -> int | None:
    """Age at missing_since, as the vocabulary defines it."""
    start = episode.missing_since
    return age_on(child.date_of_birth or episode.latest("date_of_birth"), start.astimezone(LONDON).date()) if start else None
