"""Every clause of a pack's documents and how it is met: by a rule, a form, a report, a page, or why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from policies import words
from policies.pack import Category, Clause, Form, Pack, Periodic, StandIn, Suggestion
from policies.pack.intake import Check

CAN_ACT = frozenset({"full", "partial"})


@dataclass(frozen=True)
class Row:
    """One clause. `met` says how, in words; empty when nothing meets it."""

    clause: str
    section: str
    summary: str
    automatable: str
    met: tuple[str, ...]


def rows(pack: Pack) -> list[Row]:
    """A row for each clause of the pack's documents, in the register's order."""
    by_rule = _by_rule(pack)
    others = _others(pack.area)
    prefixes = tuple(f"{document.clauses}-" for document in pack.documents)
    listed = [c for i, c in words.clauses().items() if i.startswith(prefixes)]
    found = [_registered(c, (*by_rule.get(c["id"], ()), *others.get(c["id"], ()))) for c in listed]
    return found + [_own(name, clause, by_rule.get(name, [])) for name, clause in pack.clauses.items()]


def _registered(clause: dict[str, Any], met: tuple[str, ...]) -> Row:
    return Row(clause["id"], clause["section"], clause["summary"], clause["automatable"], met)


def _own(name: str, clause: Clause, rules: list[str]) -> Row:
    """A clause that the pack itself lists."""
    why = [f"not automated: {clause.not_automated}"] if clause.not_automated else []
    return Row(name, clause.section, clause.asks, "none" if why else "full", (*rules, *why))


def unmet(pack: Pack) -> list[str]:
    """Clauses a bot can act on that nothing meets and nobody has given a reason for."""
    return [row.clause for row in rows(pack) if row.automatable in CAN_ACT and not row.met]


def page(pack: Pack) -> str:
    """The coverage page of a pack, to be read beside the source."""
    found = rows(pack)
    acted = [row for row in found if row.automatable in CAN_ACT]
    by_rule = sum(any(not m.startswith("not automated") for m in row.met) for row in acted)
    lines = [
        f"# {pack.name}: every clause, and how it is met",
        "",
        f"Pack `{pack.id}`. {len(found)} clauses, {len(acted)} of which a bot can act on; {by_rule} of those are met by a rule, form,",
        "report, block or page, and the others say why not. Made from the pack and the register; read it beside the source.",
        "",
        "| clause | section | what it asks | how it is met |",
        "|---|---|---|---|",
        *(f"| {r.clause} | {_cell(r.section)} | {_cell(r.summary)} | {_cell('; '.join(r.met) or 'nothing to act on')} |" for r in found),
        "",
    ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "/")


def _by_rule(pack: Pack) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for where, clauses in _citing(pack):
        for clause in clauses:
            found.setdefault(clause, []).append(where)
    return found


def _citing(pack: Pack) -> Iterator[tuple[str, tuple[str, ...]]]:
    for kind, rules in (
        ("duty", pack.duties),
        ("notice", pack.notices),
        ("threshold", pack.thresholds),
        ("block", pack.blocks),
        ("cycle", pack.cycles),
    ):
        for rule in rules:
            yield f"{kind} `{rule.id}`", rule.clauses
    parts: tuple[tuple[str, Category | Check | Suggestion | StandIn | Form | Periodic], ...] = (
        *((f"category {words.label(name)}", category) for name, category in pack.categories.items()),
        *((f"intake check `{check.id}`", check) for check in pack.intake.checks),
        *((f"suggestion of {words.label(suggestion.category)}", suggestion) for suggestion in pack.intake.suggests),
        *((f"stand-in {words.label(stand_in.by)}", stand_in) for stand_in in pack.stand_ins),
        *((f"form `{form.id}`", form) for form in pack.forms),
        *((f"report `{report.report}`", report) for report in pack.reports),
    )
    yield from ((where, part.clauses) for where, part in parts)


@cache
def _others(area: str) -> dict[str, tuple[str, ...]]:
    """What the register's `met` file says of clauses that no rule of the pack cites."""
    try:
        text = words.register(f"met/{area}.yml")
    except FileNotFoundError:
        return {}
    loaded: dict[str, Any] = yaml.safe_load(text) or {}
    return {clause: tuple(_said(entry)) for clause, entry in loaded.items()}


def _said(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
        return
    for how, what in entry.items():
        listed = ", ".join(what) if isinstance(what, list) else str(what)
        yield f"not automated: {listed}" if how == "not_automated" else f"{how} {listed}"
