"""What would change from one edition of a pack to another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from policies import words
from policies.describe import category, form, report, rule, term
from policies.pack import Pack, Rule
from policies.phrasing import Names, cited, condition, names_of


def differences(old: Pack, new: Pack) -> list[str]:
    """One line a rule that is new, gone, or says something else; empty when the two ask the same."""
    before, after = {r.id: r for r in old.rules()}, {r.id: r for r in new.rules()}
    lines = [f"+ {rule(after[i], names_of(new))}" for i in after if i not in before]
    lines += [f"- {rule(before[i], names_of(old))}" for i in before if i not in after]
    for rule_id, now in after.items():
        if rule_id in before and before[rule_id] != now:
            lines += [f"~ {rule_id}: {change}" for change in _changes(before[rule_id], now, old, new)]
    return [*lines, *_terms(old, new), *_around(old, new)]


def _changes(before: Rule, after: Rule, old: Pack, new: Pack) -> Iterator[str]:
    said = rule(before, names_of(old)), rule(after, names_of(new))
    if type(before) is not type(after) or said[0] != said[1]:
        yield f"{said[0]} → {said[1]}"
    elif rule(before) == rule(after):  # otherwise a word of the protocol changed its meaning, and that has a line of its own
        for name in type(after).model_fields:
            fields = getattr(before, name), getattr(after, name)
            told = _value(fields[0], names_of(old)), _value(fields[1], names_of(new))
            if fields[0] != fields[1] and told[0] != told[1]:
                yield f"{name}: {told[0]} → {told[1]}"


def _value(value: Any, names: Names) -> str:
    """A field in words: a condition as one, everything else as the file has it."""
    if hasattr(value, "holds"):
        return condition(value, names)
    dumped = value.model_dump(mode="json", exclude_defaults=True) if hasattr(value, "model_dump") else value
    return "not said" if dumped in (None, (), "") else str(dumped)


def _terms(old: Pack, new: Pack) -> Iterator[str]:
    yield from _entries("word", {n: term(old, n) for n in old.terms}, {n: term(new, n) for n in new.terms})


def _around(old: Pack, new: Pack) -> Iterator[str]:
    """What stands around the rules: categories, who is over whom, forms, reports, our own numbers."""
    for name in ("name", "coordinator"):
        if getattr(old, name) != getattr(new, name):
            yield f"~ {name}: {words.label(getattr(old, name))} → {words.label(getattr(new, name))}"
    for what, entries in _PARTS.items():
        yield from _entries(what, entries(old), entries(new))


def _entries(what: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    yield from (f"+ {what} {said}" for name, said in after.items() if name not in before)
    yield from (f"- {what} {said}" for name, said in before.items() if name not in after)
    yield from (f"~ {what} {before[name]} → {said}" for name, said in after.items() if before.get(name, said) != said)


def _pairs(found: Mapping[str, str]) -> dict[str, str]:
    return {a: f"{words.label(a)}: {words.label(b)}" for a, b in found.items()}


_PARTS: dict[str, Callable[[Pack], Mapping[str, str]]] = {
    "document": lambda p: {d.clauses: d.title for d in p.documents},
    "category": lambda p: {n: category(n, c, names_of(p)) for n, c in p.categories.items()},
    "manager of": lambda p: _pairs(p.managers),
    "reached through, for": lambda p: _pairs(p.reached_through),
    "stand-in for": lambda p: {f"{s.role}/{s.by}": f"{words.label(s.role)}: {words.label(s.by)} {cited(s.clauses)}" for s in p.stand_ins},
    "asked at the report:": lambda p: (
        {f: words.label(f) for f in p.intake.asks} | {c.id: f"{c.ask} {cited(c.clauses)}" for c in p.intake.checks}
    ),
    "preset at the report:": lambda p: {"category": words.label(p.intake.default_category), "risk": f"{p.intake.default_risk} risk"},
    "form": lambda p: {f.id: form(f) for f in p.forms},
    "report": lambda p: {r.report: report(r) for r in p.reports},
    "number of ours,": lambda p: {n: f"{words.label(n)}: {_number(v)}" for n, v in p.house},
}


def _number(value: object) -> str:
    return (", ".join(map(str, value)) or "none") if isinstance(value, tuple) else str(value)
