"""What would change from one edition of a pack to another."""

from __future__ import annotations

from policies.describe import cited, duty, notice, threshold
from policies.pack import Duty, Notice, Pack, Rule, Threshold


def differences(old: Pack, new: Pack) -> list[str]:
    """One line a rule that is new, gone, or says something else; empty when the two ask the same."""
    before, after = {r.id: r for r in old.rules()}, {r.id: r for r in new.rules()}
    lines = [f"+ {_line(after[i])}" for i in after if i not in before]
    lines += [f"- {_line(before[i])}" for i in before if i not in after]
    for rule_id, rule in after.items():
        if rule_id in before and before[rule_id] != rule:
            lines += [f"~ {rule_id}: {change}" for change in _changes(before[rule_id], rule)]
    lines += [f"~ {name}: {getattr(old, name)} → {getattr(new, name)}" for name in _WHOLE if getattr(old, name) != getattr(new, name)]
    return lines


_WHOLE = ("name", "coordinator", "managers", "reached_through", "house", "categories", "intake", "forms", "reports")


def _line(rule: Rule) -> str:
    match rule:
        case Duty():
            return duty(rule)
        case Notice():
            return notice(rule)
        case Threshold():
            return threshold(rule)
    return f"{rule.says} {cited(rule.clauses)}"


def _changes(before: Rule, after: Rule) -> list[str]:
    if type(before) is not type(after):
        return [f"{_line(before)} → {_line(after)}"]
    changed = [name for name in type(after).model_fields if getattr(before, name) != getattr(after, name)]
    said = _line(before), _line(after)
    if said[0] != said[1]:
        return [f"{said[0]} → {said[1]}"]
    return [f"{name}: {getattr(before, name)} → {getattr(after, name)}" for name in changed]
