"""Parts of a rule in words: a condition, a moment, who, by when, under which clause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from policies import words
from policies.conditions import All, Any_, Condition, Not
from policies.pack import After, AtThreshold, Duty, Pack, Route
from policies.question import Decided, Test
from policies.worktime import Length

Names = Mapping[str, str]  # a condition's key → the pack's own word for it
UNNAMED: Names = MappingProxyType({})
CLOCKS = {
    "elapsed": "",
    "calendar_days": " (calendar days, to the end of the day)",
    "working_days": " (working days)",
    "working_hours": " (hours of working days)",
}
MOMENTS = {
    "missing_since": "from going missing",
    "absent_since": "from the start of the absence",
    "notified_at": "on the report",
    "when": "as soon as that is known",
    "found_at": "from being found",
    "returned_at": "from the return",
    "absence_limit_at": "at the agreed limit",
    "review_at": "at the agreed review time",
    "assessed_missing_at": "from being judged missing",
    "placement_start": "at the start of the placement",
    "photo_date": "from the date of the photograph",
    "birthday_18": "at the 18th birthday",
}


def names_of(pack: Pack) -> Names:
    """The pack's words for conditions; of two words for one condition the first is said."""
    found: dict[str, str] = {}
    for name, meant in pack.terms.items():
        found.setdefault(meant.key, named(name))
    return found


def named(term: str) -> str:
    """A pack's own word as people read it; the trade's short names in it keep their capitals."""
    return " ".join(words.label(part) for part in term.split("_"))


def by_when(d: Duty) -> str:
    """The time of a duty in words."""
    if d.due is None:
        return f"{from_when(d.anchor, d.opens)}, no time given"
    at_once = not d.due.months and not d.due.exact
    if d.basis == "mark":
        return f"at {d.due} {moment(d.anchor)}" if not at_once else f"at the moment {moment(d.anchor)}"
    return (f"at once, {moment(d.anchor)}" if at_once else f"within {d.due} {_since(d.anchor)}{CLOCKS[d.clock]}") + (
        f", from {d.opens} on" if d.opens and d.opens != d.due else ""
    )


def _since(anchor: Any) -> str:
    """`of the report`, `of going missing`: how a moment is said after a limit."""
    if isinstance(anchor, tuple):
        return " or ".join(_since(one) for one in anchor)
    said = moment(anchor)
    if not isinstance(anchor, str) or anchor == "when":
        return "of that being known" if anchor == "when" else said
    return f"of {said.removeprefix('from ').removeprefix('on ').removeprefix('at ')}"


def from_when(anchor: Any, opens: Length | None) -> str:
    """The moment at which a rule starts, in words."""
    if opens and opens.exact.total_seconds() < 0:
        return f"{str(opens).removeprefix('-')} before: {moment(anchor)}"
    return f"{opens} {moment(anchor)}" if opens else moment(anchor)


def moment(anchor: Any) -> str:
    """An anchor in words."""
    if isinstance(anchor, tuple):
        return " or ".join(moment(one) for one in anchor)
    if isinstance(anchor, After):
        outcome = f" ({', '.join(words.label(o) for o in anchor.outcome)})" if anchor.outcome else ""
        return f"after {' or '.join(words.label(a) for a in anchor.actions)}{outcome}"
    if isinstance(anchor, AtThreshold):
        return f"when '{anchor.threshold}' is reached"
    return MOMENTS[anchor]


def who(routes: Iterable[Route], names: Names = UNNAMED) -> str:
    """Roles, each with its condition."""
    return ", ".join(words.label(r.role) + (f" (when {condition(r.when, names)})" if r.when else "") for r in routes)


def roles(listed: Iterable[str]) -> str:
    """Any of several roles."""
    return " or ".join(words.label(role) for role in listed)


def cited(clauses: Iterable[str], *, house: bool = False) -> str:
    """The clauses in brackets; house when the rule is ours."""
    listed = ", ".join(clauses)
    return f"[{listed}{', house' if house and listed else 'house' if house else ''}]"


def condition(c: Condition, names: Names = UNNAMED) -> str:
    """A condition in words, by the pack's own word for it where it has one."""
    if c.key in names:
        return names[c.key]
    match c:
        case Decided():
            return f"{words.label(c.decided)} was decided" + (f": {' or '.join(words.label(o) for o in c.outcome)}" if c.outcome else "")
        case All():
            return " and ".join(_bracketed(part, names) for part in c.all)
        case Any_():
            return " or ".join(_bracketed(part, names) for part in c.any)
        case Not():
            inner = condition(c.not_, names)
            return f"not {inner}" if c.not_.key in names else f"not ({inner})"
    return _test(c)


def _bracketed(part: Condition, names: Names) -> str:
    said = condition(part, names)
    return f"({said})" if isinstance(part, All | Any_) and part.key not in names else said


def _test(t: Test) -> str:
    name, unknown = words.label(t.fact), " or not known" if t.or_unknown else ""
    if t.known is not None:
        return f"{name} is {'known' if t.known else 'not known'}"
    if t.contains is not None:
        return f"{name} has {' or '.join(words.label(v) for v in t.contains)}"
    return f"{name} is {_compared(t)}{unknown}"


def _compared(t: Test) -> str:
    if t.any_of is not None:
        return " or ".join(_value(v) for v in t.any_of)
    if t.none_of is not None:
        return f"none of {', '.join(_value(v) for v in t.none_of)}"
    if t.under is not None:
        return f"under {t.under}"
    if t.at_least is not None:
        return f"{t.at_least} or more"
    return f"not {_value(t.is_not)}" if t.is_not is not None else _value(t.is_)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return words.label(str(value))
