"""What was recorded, in sentences: the fact of it apart from anybody's own words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from policies import words
from policies.worktime import said

FREE = ("narrative", "text", "note", "reason", "seen_by", "checks", "identity")  # somebody's own words
OWN_KINDS = frozenset({"string", "text", "list"})  # facts that are somebody's own words, too
SAFE = frozenset({"team", "locality", "interviewer_choice"})
UNSAID = "not stated"

SENTENCES: Mapping[str, str] = {
    "reported": "Reported: {category}, missing since {missing_since}",
    "imported": "Taken from the case system: {category}, from {missing_since}",
    "found": "Found {found_at}, back {returned_at}",
    "corrected": "Corrected: {rest}",
    "set": "Recorded: {facts}",
    "noted": "Note kept",
    "completed": "Done: {action}, {done_at}",
    "decided": "Decided on {action}: {outcome}",
    "interviewed": "Return interview: {step}, {done_at}",
    "held": "Held: {action}, {done_at}",
    "not_held": "Not held: {action}",
    "scheduled": "Fixed: {action} for {for}",
    "cancelled": "Called off: {action}",
    "responded": "{agency} answers for {action}: {answer}",
    "booked": "Calendar: {action} {step}",
    "acknowledged": "Has it in hand: {rule}",
    "waived": "Waived: {rule}, with a reason",
    "extended": "More time for {rule}, until {until}",
    "reclassified": "Now {category}, since {since}",
    "closed": "Closed",
    "voided": "Void: it was no episode",
    "undone": "Taken back: an earlier entry",
    "shown": "Shown privately: {what}",
}


def what_happened(kind: str, data: Mapping[str, Any]) -> str:
    """A happening in a sentence, without anybody's own words."""
    if kind not in SENTENCES:
        return words.label(kind).capitalize()
    known = {name: _plain(value) for name, value in data.items() if name not in FREE}
    known["rest"] = ", ".join(f"{words.label(name)} {value}" for name, value in known.items() if name != "rest")
    return SENTENCES[kind].format_map(_Blank(known))


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return UNSAID


def _plain(value: Any) -> str:
    match value:
        case None | "":
            said_so = UNSAID
        case bool():
            said_so = "yes" if value else "no"
        case datetime():
            said_so = when(value)
        case date():
            said_so = f"{value:%-d %B %Y}"
        case Mapping():
            shown = {name: inner for name, inner in value.items() if name != "date_of_birth" and not _own(name)}
            said_so = ", ".join(f"{words.label(name)}: {_plain(inner)}" for name, inner in shown.items()) or "nothing more"
        case list() | tuple():
            said_so = ", ".join(map(_plain, value))
        case _:
            said_so = words.label(str(value))
    return said_so


def _own(fact: str) -> bool:
    """Whether a fact is written freely, such as an address or whom the child is with."""
    known = words.facts().get(fact)
    return known is not None and known.type in OWN_KINDS and fact not in SAFE


def when(at: datetime | None) -> str:
    """A moment with its year."""
    return f"{said(at)} {at.year}" if at else "–"


def own_words(data: Mapping[str, Any]) -> str:
    """What somebody wrote, in one text."""
    facts = {words.label(name): value for name, value in (data.get("facts") or {}).items() if _own(name)}
    found = (*(data.get(name) for name in FREE), facts)
    texts = ["; ".join(f"{k}: {v}" for k, v in one.items() if v) if isinstance(one, Mapping) else str(one) for one in found if one]
    return " · ".join(text for text in texts if text)
