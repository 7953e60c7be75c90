"""YAML → Pack. An error is one sentence that names file, rule and fact; nothing half-loaded comes out."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.resources import files
from typing import Any

import yaml
from pydantic import ValidationError

from policies import words
from policies.pack import After, AtThreshold, Pack
from policies.pack.pack import unknown_clauses
from policies.words import PackError

DEEPEST = 5  # terms within terms
BIGGEST = 512_000  # characters; the largest protocol we have is a fifth of it
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Plain(_Loader):  # type: ignore[misc]
    """Plain YAML only: no anchors or aliases (a bomb is made of them), no tags, no key twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            msg = f"line {self.peek_event().start_mark.line + 1}: aliases (*name) are not allowed in a pack"
            raise PackError(msg)
        return super().compose_node(parent, index)


def _mapping(loader: Any, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=deep)
        if key in seen:
            msg = f"line {key_node.start_mark.line + 1}: '{key}' stands here a second time; keep one"
            raise PackError(msg)
        seen.add(key)
    return dict(yaml.SafeLoader.construct_mapping(loader, node, deep=True))


_Plain.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load(text: str, name: str) -> Pack:
    """The pack in `text`. Raises PackError, one sentence, naming `name` and the place."""
    if len(text) > BIGGEST:
        msg = f"{name}: {len(text):,} characters are more than a protocol has ({BIGGEST:,}); is this the right file?"
        raise PackError(msg)
    try:
        raw = yaml.load(text, _Plain)  # noqa: S506 - a safe loader, made stricter
    except PackError as error:
        raise PackError(f"{name}: {error}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise PackError(f"{name}: this is not plain YAML: {_one_line(error)}") from None
    if not isinstance(raw, dict):
        msg = f"{name}: a pack is a list of fields with values; the file holds none"
        raise PackError(msg)
    raw = _with_terms(raw, name)
    try:
        pack = Pack.model_validate(raw)
    except ValidationError as error:
        raise PackError(f"{name}: {_first(error, raw)}") from None
    for problem in _problems(pack):
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


def edition(name: str) -> tuple[str, str]:
    """(edition, text) of a shipped pack, by edition or by area (its latest). Raises PackError when there is none."""
    known = shipped()
    fitting = [e for e in known if name in (e, e.split("@")[0])]
    if not fitting:
        near = words.nearest(name, {e.split("@")[0] for e in known} | set(known))
        msg = f"there is no pack '{name}'{near or '; homeward packs list shows them'}"
        raise PackError(msg)
    return fitting[-1], known[fitting[-1]]


@cache
def pack(name: str) -> Pack:
    """A shipped pack by edition or area."""
    found, text = edition(name)
    return load(text, found)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _first(error: ValidationError, raw: dict[str, Any]) -> str:
    """The first mistake, with the rule it stands in by its id."""
    mistake = error.errors()[0]
    place = [str(part) for part in mistake["loc"] if not str(part)[0].isupper() and part not in ("all", "any", "not", "test")]
    where = ".".join(place)
    if len(mistake["loc"]) > 1 and isinstance(mistake["loc"][1], int):
        section, index = str(mistake["loc"][0]), mistake["loc"][1]
        rule = raw.get(section, [])[index] if isinstance(raw.get(section), list) else None
        if isinstance(rule, dict) and rule.get("id"):
            where = f"rule '{rule['id']}'" + (f", {'.'.join(place[2:])}" if place[2:] else "")
    message = mistake["msg"].removeprefix("Value error, ")
    if mistake["type"] == "extra_forbidden":
        message = f"'{mistake['loc'][-1]}' is not a field here{words.nearest(str(mistake['loc'][-1]), _FIELDS)}"
    return f"{where}: {message}"


_FIELDS = frozenset(
    [
        "id",
        "clauses",
        "says",
        "when",
        "action",
        "owner",
        "co_owners",
        "due",
        "clock",
        "basis",
        "opens",
        "anchor",
        "while_missing",
        "tell",
        "in_writing",
        "each",
        "escalate_to",
        "amber",
        "on_return",
        "unless",
        "repeat",
        "chair",
        "attendees",
        "extended_by",
        "waived_by",
        "form",
        "house",
        "note",
        "count",
        "window",
        "of",
        "min_duration",
        "reset_by",
    ]
)


def _problems(pack: Pack) -> Iterator[str]:
    """What no single rule can see: doubles, names of nothing, clauses that do not exist, cycles."""
    ids = [rule.id for rule in pack.rules()]
    yield from (f"rule '{i}': two rules have this id; give one of them another" for i in sorted({i for i in ids if ids.count(i) > 1}))
    yield from (f"clause '{c}' is not in the register{words.nearest(c, words.clauses())}" for c in sorted(unknown_clauses(pack)))
    thresholds = {t.id for t in pack.thresholds}
    for rule in (*pack.duties, *pack.notices):
        for name in (a.threshold for a in rule.anchors if isinstance(a, AtThreshold) and a.threshold not in thresholds):
            yield f"rule '{rule.id}': '{name}' is not a threshold of this pack{words.nearest(name, thresholds)}"
    for category, entry in pack.categories.items():
        for target in (entry.lapses_to, entry.suspected.becomes if entry.suspected else None):
            if target and target not in pack.categories:
                yield f"category '{category}': '{target}' is not a category of this pack{words.nearest(target, pack.categories)}"
    yield from _cycles(pack)


def _cycles(pack: Pack) -> Iterator[str]:
    graph: dict[str, set[str]] = {}
    for duty in pack.duties:
        for anchor in duty.anchors:
            if isinstance(anchor, After):
                own = {duty.action} if anchor.outcome else set()  # called by a decision about itself is no circle
                graph.setdefault(duty.action, set()).update(set(anchor.actions) - own)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield f"the anchors go round in a circle: {' → '.join(error.args[1])}; one of them needs another anchor"
