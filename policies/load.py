"""YAML → Pack. An error is one sentence that names file, rule and fact; nothing half-loaded comes out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any

import yaml
from pydantic import ValidationError

from policies import consistency, plain_yaml, slips, words
from policies.pack import Pack
from policies.words import PackError

DEEPEST = 5  # terms within terms


def load(text: str, name: str, *, kept: bool = False) -> Pack:
    """The pack in `text`. Raises PackError, one sentence, naming `name` and the place.

    `kept`: it governs episodes already, so that a word of it that does nothing shuts nobody out.
    """
    if len(text) > plain_yaml.BIGGEST:
        msg = f"{name}: {len(text):,} characters are more than a protocol has ({plain_yaml.BIGGEST:,}); is this the right file?"
        raise PackError(msg)
    try:
        raw = plain_yaml.read(text, "use terms")
    except plain_yaml.NotPlain as error:
        raise PackError(f"{name}: {error}") from None
    except yaml.MarkedYAMLError as error:
        raise PackError(f"{name}: {_not_yaml(error)}") from None
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        raise PackError(f"{name}: this is not plain YAML: {_one_line(error)}") from None
    if not isinstance(raw, dict):
        msg = f"{name}: a pack is a list of fields with values; the file holds none"
        raise PackError(msg)
    raw = _with_terms(raw, name)
    try:
        pack = Pack.model_validate(raw)
    except ValidationError as error:
        raise PackError(f"{name}: {slips.first(error, raw)}") from None
    for problem in chain(consistency.problems(pack), () if kept else consistency.slips(pack)):
        raise PackError(f"{name}: {problem}")
    return pack


def _with_terms(raw: dict[str, Any], name: str) -> dict[str, Any]:
    """The pack with `{term: placed_here}` replaced by the condition that `terms` gives for it."""
    terms = raw.get("terms") or {}

    def filled(value: Any, depth: int = 0) -> Any:
        if isinstance(value, dict) and set(value) == {"term"}:
            if value["term"] not in terms or depth > DEEPEST:
                raise PackError(f"{name}: '{value['term']}' is not one of the pack's terms{words.nearest(str(value['term']), terms)}")
            return filled(terms[value["term"]], depth + 1)
        if isinstance(value, dict):
            return {key: filled(inner, depth) for key, inner in value.items()}
        return [filled(inner, depth) for inner in value] if isinstance(value, list) else value

    return {key: filled(value) for key, value in raw.items()}


@lru_cache(maxsize=64)
def digest(text: str) -> str:
    """What an edition is known by for ever: the SHA-256 of its text."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def shipped() -> dict[str, str]:
    """The texts of the packs that come with the bot, by edition (`bury@2024-06-21`)."""
    root = files("policies") / "packs"
    folders = (folder for folder in root.iterdir() if folder.is_dir())
    found = ((f"{folder.name}@{file.name.removesuffix('.yaml')}", file) for folder in folders for file in folder.iterdir())
    return {edition: file.read_text(encoding="utf-8") for edition, file in sorted(found) if file.name.endswith(".yaml")}


def edition(name: str, on: date | None = None) -> tuple[str, str]:
    """(edition, text) of a shipped pack, by edition or by area. Raises PackError when there is none."""
    found = in_force(shipped(), name, on)
    return found, shipped()[found]


def in_force(known: Iterable[str], name: str, on: date | None = None) -> str:
    """The edition meant by its own name, or by an area's: the latest of those in force `on` a day, when none was yet the first.

    Without a day, the latest of all. Raises PackError when there is none of that name.
    """
    known = sorted(known)
    fitting = [e for e in known if name in (e, e.split("@")[0])]
    if not fitting:
        near = words.nearest(name, {e.split("@")[0] for e in known} | set(known))
        msg = f"there is no pack '{name}'{near or '; homeward packs list shows them'}"
        raise PackError(msg)
    begun = [e for e in fitting if on is None or e.split("@")[1] <= on.isoformat()]
    return begun[-1] if begun else fitting[0]


@cache
def pack(name: str) -> Pack:
    """A shipped pack by edition or area."""
    found, text = edition(name)
    return load(text, found)


def _not_yaml(error: yaml.MarkedYAMLError) -> str:
    """Where a text stops being YAML, and what it usually is."""
    line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
    problem = error.problem or ""
    if "tab" in problem or "\\t" in problem:
        return f"{line}this is not plain YAML: a tab stands here; indent with spaces"
    if "mapping values" in problem:
        return f"{line}this is not plain YAML: a colon inside a text; put the text in quotes"
    if "did not find expected" in problem:
        return f"{line}this is not plain YAML: the line does not begin under its neighbours, or a bracket or quote before it is not closed"
    return f"{line}this is not plain YAML: {problem}"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
