"""Plain YAML and no more: no key twice, no aliases (a bomb is made of them), no tags; whatever a person writes is read so."""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import date
from types import NoneType
from typing import Any

import yaml

BIGGEST = 512_000  # characters; the largest protocol we have is a fifth of it
DEEPEST = 50
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")  # and what turns the direction of a line
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class NotPlain(ValueError):
    """What is in the way, with its line."""


class _Plain(_Loader):  # type: ignore[misc]
    """Tags are refused by the safe loader, aliases before."""


def _mapping(loader: Any, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - yaml calls it so
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str | int | float | bool | date | NoneType):
            raise NotPlain(f"line {key_node.start_mark.line + 1}: this is not plain YAML: a field's name is a word")
        if key in seen:
            raise NotPlain(f"line {key_node.start_mark.line + 1}: '{key}' stands here a second time; keep one")
        seen.add(key)
    return dict(yaml.SafeLoader.construct_mapping(loader, node, deep=True))


_Plain.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(text: str, instead: str = "write it out") -> Any:
    """The values in a text. Raises NotPlain, or what yaml raises; `instead` of an alias, do that."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else "?"
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            raise NotPlain(f"line {line}: aliases (*name) are not allowed here; {instead}")
        if isinstance(event, yaml.ScalarEvent) and UNSEEN.search(event.value):
            raise NotPlain(f"line {line}: a character stands here that nobody can see; type it anew")
        if depth > DEEPEST:
            raise NotPlain(f"line {line}: this is not plain YAML: more than {DEEPEST} lists or fields within each other")
    return yaml.load(text, _Plain)  # noqa: S506 - a safe loader, made stricter
