"""What an open modal remembers and holds: its tag in the metadata, and what was filled in so far."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.slack import controls

VERSION = 1  # of the blocks of forms: a form from another version is shown anew, with what was typed


@dataclass(frozen=True)
class Tag:
    """What a modal remembers while it is open. `carried`: answers of its first step, never words."""

    form: str
    context: Mapping[str, str]
    authority: str | None = None
    carried: Mapping[str, str] = field(default_factory=dict)
    first: bool = False
    version: int = VERSION

    def written(self) -> str:
        """As private metadata."""
        tag = {"v": self.version, "f": self.form, "c": dict(self.context), "a": self.authority, "k": dict(self.carried), "1": self.first}
        return json.dumps(tag, separators=(",", ":"))


def tag(metadata: str) -> Tag | None:
    """The tag of a modal, None when it is none of ours."""
    try:
        found = json.loads(metadata)
        return Tag(found["f"], found["c"], found["a"], found["k"], found["1"], found["v"])
    except (ValueError, KeyError, TypeError):
        return None


def errors_in(view: Mapping[str, Any], errors: Mapping[str, str]) -> dict[str, str] | None:
    """Errors by block of an open view, None when one of them is about a field that is not in it."""
    present = input_blocks(view)
    placed = {controls.block_of(name, present): sentence for name, sentence in errors.items()}
    return None if None in placed else {str(block): sentence for block, sentence in placed.items()}


def at_the_top(view: Mapping[str, Any], sentence: str) -> dict[str, str] | None:
    """A sentence about the whole form, at its first field; None when it has none."""
    present = input_blocks(view)
    return {present[0]: sentence} if present else None


def input_blocks(view: Mapping[str, Any]) -> list[str]:
    """Ids of the blocks that can show an error."""
    return [str(block["block_id"]) for block in view.get("blocks", ()) if block.get("type") == "input"]


def values(view: Mapping[str, Any]) -> dict[str, str]:
    """Everything filled in so far, the first step included."""
    known = tag(view.get("private_metadata", "")) or Tag("", {})
    return {**known.carried, **controls.filled(view.get("state", {}).get("values", {}))}


def half_a_time(view: Mapping[str, Any]) -> dict[str, str]:
    """Days without a time: no moment, and nobody should guess one."""
    given = view.get("state", {}).get("values", {})
    days = [block.removesuffix(controls.DAY) for block in given if block.endswith(controls.DAY)]
    filled = controls.filled(given)
    return {f: "Give the time as well, or take the day away." for f in days if len(filled.get(f, "")) == len("2026-02-01")}
