"""The words a pack may use, kind by kind, with what each means: for whoever writes one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from policies import phrasing, words


def meanings(kind: str) -> dict[str, str] | None:
    """Every word of a kind with its meaning; None when there is no such kind."""
    return _KINDS[kind]() if kind in _KINDS else None


def _of(part: str) -> Callable[[], dict[str, str]]:
    return lambda: {word: _meaning(entry) for word, entry in words.vocabulary()[part].items()}


def _meaning(entry: Any) -> str:
    """An entry of the vocabulary is its meaning, or holds it."""
    if isinstance(entry, str):
        return entry
    kind = f"{entry['type']}: " if "type" in entry else ""
    return f"{kind}{entry.get('definition') or entry.get('content') or ''}"


_KINDS: dict[str, Callable[[], dict[str, str]]] = {
    "roles": _of("roles"),
    "agencies": _of("agencies"),
    "actions": _of("actions"),
    "categories": _of("episode_categories"),
    "care_statuses": _of("care_statuses"),
    "risk_levels": _of("risk_levels"),
    "facts": lambda: {name: f"{fact.type}: {fact.definition}" for name, fact in words.facts().items()},
    "moments": lambda: dict(phrasing.MOMENTS),
    "forms": _of("forms"),
    "reports": _of("reports"),
}
KINDS = tuple(_KINDS)
