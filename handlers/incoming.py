"""What comes in from any platform: a typed command, a pressed button, a form sent in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """A typed command (`report`, `found HW-7F3K`, …) without `/missing`; `reference` of the thread it was typed in.

    `quoted`: the message it is about, kept with a report. `key`: what a platform calls this one delivery of it; the
    same key again changes nothing.
    """

    text: str
    by: str
    authority: str | None = None
    reference: str | None = None
    quoted: str = ""
    key: str | None = None


@dataclass(frozen=True)
class Pressed:
    """A pressed button: its verb, and the obligation with the version that the presser saw, or the episode. `to`: for whom its row is."""

    verb: str
    by: str
    obligation: str | None = None
    version: int = 0
    reference: str | None = None
    authority: str | None = None
    to: str | None = None


@dataclass(frozen=True)
class Submitted:
    """A form sent in: text values by field id, and the form's context."""

    form: str
    values: Mapping[str, str]
    by: str
    context: Mapping[str, str]
    authority: str | None = None
