"""What an open dialog remembers of itself: which form it is and what it is about, never anything that somebody typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

VERSION = 1  # of the inputs of forms: a dialog from another version is shown anew, with what was typed


@dataclass(frozen=True)
class Tag:
    """`times`: those whose meaning was shown already, by field."""

    form: str
    context: Mapping[str, str]
    authority: str | None = None
    times: Mapping[str, str] = field(default_factory=dict)
    version: int = VERSION

    def data(self) -> dict[str, Any]:
        """As what the button of the dialog sends back."""
        of = {"v": self.version, "f": self.form, "c": dict(self.context), "a": self.authority, "t": dict(self.times)}
        return {"form": of}


def tag(data: Mapping[str, Any]) -> Tag | None:
    """What was remembered; None for what no version of ours has written."""
    of = data.get("form")
    if not isinstance(of, Mapping) or not isinstance(of.get("f"), str) or not isinstance(of.get("v"), int):
        return None
    authority, context, times = of.get("a"), of.get("c"), of.get("t")
    if not (authority is None or isinstance(authority, str)) or not _texts(context) or not _texts(times):
        return None
    return Tag(of["f"], dict(context or {}), authority, dict(times or {}), of["v"])


def _texts(found: object) -> bool:
    return isinstance(found, Mapping) and all(isinstance(key, str) and isinstance(value, str) for key, value in found.items())
