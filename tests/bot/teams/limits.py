"""What a card may be for Teams: its elements are known ones, its inputs are named once, its buttons are few, and it is small."""

from __future__ import annotations

import json
from typing import Any

from microsoft_teams import cards
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

MOST_BUTTONS = 6
LARGEST = 28_000  # bytes
KINDS: dict[str, type[BaseModel]] = {
    model.model_fields["type"].default: model
    for model in vars(cards).values()
    if isinstance(model, type) and issubclass(model, BaseModel) and "type" in model.model_fields
}


def check_card(card: dict[str, Any]) -> None:
    """Raise AssertionError for what Teams would refuse or show badly."""
    assert card["type"] == "AdaptiveCard"
    assert card["version"] in {"1.4", "1.5"}
    assert len(json.dumps(card).encode()) < LARGEST
    ids: list[str] = []
    _check(card, ids)
    assert len(ids) == len(set(ids))


def _check(element: dict[str, Any], ids: list[str]) -> None:
    model = KINDS[element["type"]]
    assert set(element) <= {to_camel(name) for name in model.model_fields} | {"schema"}, element
    if element["type"].startswith("Input."):
        ids.append(element["id"])
        assert element.get("label")
        if element["type"] == "Input.ChoiceSet":
            assert element["choices"]
            assert element.get("value") in {None, *(choice["value"] for choice in element["choices"])}
    if element["type"] == "ActionSet":
        assert 0 < len(element["actions"]) <= MOST_BUTTONS
    if element["type"].startswith("Action."):
        assert element["title"]
    for name in ("body", "items", "actions", "inlines"):
        for part in element.get(name) or ():
            _check(part, ids)
