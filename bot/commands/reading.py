"""A pack as pages to read, in the order a case goes."""

from __future__ import annotations

from collections.abc import Iterator

from policies import words
from policies.pack import After, AtThreshold, Duty, Pack

FROM = {"missing_since": "missing since", "notified_at": "the report", "found_at": "found", "returned_at": "the return"}


def pages(pack: Pack) -> Iterator[str]:
    """The lines of a pack: categories, what is refused, duties, notices, thresholds."""
    yield f"{pack.name} ({pack.id})"
    yield from (f"  {document.title}" for document in pack.documents)
    yield f"  coordinator: {words.label(pack.coordinator)}"
    yield "\nCategories"
    yield from (f"  {words.label(name)}: {category.means}{_cited(category.clauses)}" for name, category in pack.categories.items())
    yield "\nRefused"
    yield from (f"  {block.says}{_cited(block.clauses)}" for block in pack.blocks)
    yield "\nDuties"
    for duty in pack.duties:
        yield from _duty(duty)
    yield from _section("Notices", [f"  {n.says}: {_roles(r.role for r in n.tell)}{_cited(n.clauses)}" for n in pack.notices])
    yield from _section("Thresholds", [f"  {t.says}: {_roles(r.role for r in t.tell)}{_cited(t.clauses)}" for t in pack.thresholds])


def _section(title: str, lines: list[str]) -> list[str]:
    return [f"\n{title}", *lines] if lines else []


def _duty(duty: Duty) -> Iterator[str]:
    yield f"  {duty.says}{_cited(duty.clauses)}"
    yield f"      {_roles(route.role for route in duty.owner)}, {_time(duty)}{' (house)' if duty.house else ''}"


def _time(duty: Duty) -> str:
    match duty.anchor:
        case After(after=action):
            start = words.label(action)
        case AtThreshold(threshold=threshold):
            start = f"'{threshold}'"
        case moment:
            start = FROM.get(moment, words.label(moment))
    if duty.due is None:
        return f"after {start}; no time given"
    if not duty.due.months and not duty.due.exact:
        return f"at once after {start}"
    clock = "" if duty.clock == "elapsed" else f" ({words.label(duty.clock)})"
    return f"{duty.due} after {start}{clock}"


def _roles(roles: Iterator[str]) -> str:
    return ", ".join(dict.fromkeys(words.label(role) for role in roles)) or "nobody"


def _cited(clauses: tuple[str, ...]) -> str:
    return f" [{', '.join(clauses)}]" if clauses else " [house rule]"
