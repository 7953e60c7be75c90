"""A fact of the child as a field of a form, and what was typed there as the fact again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from handlers.fields import AHEAD, PAST, filled
from handlers.outgoing import Field
from handlers.sent_in import Values
from policies import words

TO_COME = frozenset({"absence_limit_at", "review_at"})
_KINDS = {"bool": "yesno", "datetime": "time", "date": "date"}
_WORDS = frozenset({"string", "list", "enum"})


def field(name: str, value: Any = None, *, required: bool = False) -> Field:
    """A field for one fact, holding what is known of it."""
    fact, label = words.facts()[name], words.label(name).capitalize()
    kind = _KINDS.get(fact.type, "choice" if fact.type.startswith("enum:") else "text")
    options = tuple((v, words.label(v)) for v in words.vocabulary()[fact.type[5:]]) if kind == "choice" else ()
    hint = {"time": AHEAD if name in TO_COME else PAST}.get(kind, fact.definition)
    hint += " With commas between." if fact.type == "list" else ""
    return Field(name, label, kind, options, required, shown(value), hint)


def shown(value: Any) -> str:
    """A value as its field holds it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return filled(value)
    if isinstance(value, date):
        return value.isoformat()
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")


def typed(v: Values, names: Iterable[str]) -> dict[str, Any]:
    """The facts that were given, each read as what it is."""
    found = {name: _read(v, name) for name in names if v.text(name)}
    return {name: value for name, value in found.items() if value is not None}


def in_words(v: Values) -> dict[str, Any]:
    """Facts that a report says in words: where, which agencies, who reports."""
    return typed(v, [name for name in v.named("") if name in words.facts() and words.facts()[name].type in _WORDS])


def _read(v: Values, name: str) -> Any:
    kind = words.facts()[name].type
    if kind == "bool":
        return v.yes(name)
    if kind == "datetime":
        return v.time(name, ahead=name in TO_COME)
    if kind == "date":
        return v.birth(name)
    if kind == "list":
        return ["_".join(part.lower().split()) for part in v.text(name).split(",") if part.strip()]
    return "_".join(v.text(name).lower().split()) if kind == "enum" else v.text(name)
