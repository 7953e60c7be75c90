"""What a scenario file says as what it is: facts of the vocabulary, moments of London's clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from bot.simulate.shape import keyed
from policies import words
from policies.worktime import LONDON

_TIMES = frozenset(
    {
        "at",
        "missing_since",
        "found_at",
        "returned_at",
        "done_at",
        "absence_limit_at",
        "since",
        "until",
        "for",
        "held_at",
        "from",
        "to",
        "by",
    }
)


def value_of(key: str, value: Any, do: str) -> Any:
    if key == "facts":
        return facts(value or {})
    if value is None or (key == "to" and do == "respond"):
        return value
    if key == "until" and do == "extend":
        return moment(_last_of(value))
    if key in _TIMES:
        return moment(value)
    return facts({key: value})[key] if key in words.facts() else value


def _last_of(value: Any) -> Any:
    """A day somebody has until: to its end."""
    day = date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-02-01") else value
    return datetime.combine(day, time(23, 59, 59)) if isinstance(day, date) and not isinstance(day, datetime) else value


def facts(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Facts with their own types: moments and days from text. Raises ValueError with the nearest known fact."""
    out = {}
    for name, value in keyed(raw, "facts").items():
        known = words.facts().get(name)
        if known is None:
            raise ValueError(f"'{name}' is not a fact this bot knows{words.nearest(name, words.facts())}")
        out[name] = moment(value) if known.type == "datetime" and value is not None else value
    return out


def moment(value: Any) -> datetime:
    """A moment in UTC; London's clocks when no offset is given, the first one in the repeated hour."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"'{value}' is not a time; write 2026-02-01T22:15") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(0))
    if not isinstance(value, datetime):
        raise ValueError(f"'{value}' is not a time; write 2026-02-01T22:15")  # noqa: TRY004
    return (value if value.tzinfo else value.replace(tzinfo=LONDON)).astimezone(UTC)
