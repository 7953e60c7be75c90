"""A pack's first mistake in one sentence: the rule it stands in, the field, and the word that was probably meant."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from policies import pack, question, words
from policies.pack.words import Frozen

KINDS = frozenset({"all", "any", "not", "test", "decided", "moment", "after", "threshold", "several"})
EITHER_OR = frozenset({"bool_type", "bool_parsing"})
PLAIN = {
    "missing": "this field is missing",
    "string_pattern_mismatch": "write small letters, digits and hyphens only (the area with underscores), and begin with a letter",
    "date_from_datetime_parsing": "this is not a day; write 2026-09-01",
    "date_parsing": "this is not a day; write 2026-09-01",
    "date_type": "this is not a day; write 2026-09-01",
    "model_type": "fields in braces belong here, like {fact: age, under: 13}",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
}


def first(error: ValidationError, raw: dict[str, Any]) -> str:
    """The mistake to mend first; a word that does not belong comes before a word that is missing."""
    mistakes = error.errors()
    told = [m for m in mistakes if m["type"] not in EITHER_OR] or mistakes  # `missing:` takes a yes, a no or a condition
    mistake = next((m for m in told if m["type"] == "extra_forbidden"), told[0])
    return f"{_where(mistake, raw)}: {_what(mistake)}"


def _where(mistake: ErrorDetails, raw: dict[str, Any]) -> str:
    loc = mistake["loc"]
    place = [str(part) for n, part in enumerate(loc) if str(part) not in KINDS or str(loc[n - 1]) != str(part)]
    place = [part for part in place if part and not part[:1].isupper() and not part.startswith(("tagged-union", "[key]"))]
    if any(str(part).startswith("tagged-union") for part in loc) and place[-1] in KINDS:
        place.pop()  # which kind of condition it was taken for
    if len(loc) > 1 and isinstance(loc[1], int) and isinstance(raw.get(str(loc[0])), list):
        rule = raw[str(loc[0])][loc[1]]
        if isinstance(rule, dict) and rule.get("id"):
            field = ".".join(part for part in place[2:] if part not in KINDS)
            return f"rule '{rule['id']}'" + (f", {field}" if field else "")
    return ".".join(place)


def _what(mistake: ErrorDetails) -> str:
    if mistake["type"] == "extra_forbidden":
        word = str(mistake["loc"][-1])
        known = frozenset(pack.Pack.model_fields) if len(mistake["loc"]) == 1 else _fields()
        return f"'{word}' is not a field here{words.nearest(word, known - {word})}"
    if mistake["type"] in PLAIN:
        return PLAIN[mistake["type"]]
    return mistake["msg"].removeprefix("Value error, ")


@cache
def _fields() -> frozenset[str]:
    """Every field a pack can have anywhere."""
    models = [m for m in vars(pack).values() if isinstance(m, type) and issubclass(m, Frozen)]
    names = {name for model in models for name in model.model_fields}
    tests = {f.alias or name for name, f in question.Test.model_fields.items()}
    return frozenset(names | tests | {"all", "any", "not", "term"})
