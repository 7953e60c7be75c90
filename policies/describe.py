"""A pack in words, as a person would read the protocol: by moment, with who, by when, and the clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from policies import words
from policies.conditions import All, Any_, Condition, Decided, Not, Test
from policies.pack import After, AtThreshold, Category, Duty, Notice, Pack, Route, Threshold
from policies.worktime import Length

HEADINGS = (
    ("When it is reported", ("notified_at", "when")),
    ("While the child is missing", ("missing_since",)),
    ("While the child is away", ("absent_since", "absence_limit_at", "review_at")),
    ("When the child is found or back", ("found_at", "returned_at")),
    ("At other moments", ("assessed_missing_at", "placement_start", "photo_date", "birthday_18")),
)
CLOCKS = {
    "elapsed": "",
    "calendar_days": " (calendar days, to the end of the day)",
    "working_days": " (working days)",
    "working_hours": " (hours of working days)",
}


def described(pack: Pack) -> list[str]:
    """Every rule of the pack, a line each, under headings that follow the child."""
    lines = [f"{pack.name}: {pack.id}" + (" (the document is undated, the date is ours)" if pack.undated else "")]
    lines += [f"  {d.title}" + ("" if d.governs else " (fills what the first leaves out)") for d in pack.documents]
    lines += [f"  Coordinator: {words.label(pack.coordinator)}"]
    lines += ["", "Categories", *(f"  {_category(name, c)}" for name, c in pack.categories.items())]
    timed: list[Duty | Notice] = [*pack.duties, *pack.notices]
    for heading, anchors in HEADINGS:
        lines += _section(heading, [r for r in timed if r.anchors[0] in anchors])
    lines += _section("After something was done or decided", [r for r in timed if isinstance(r.anchors[0], After)])
    lines += _section("When a threshold is reached", [r for r in timed if isinstance(r.anchors[0], AtThreshold)])
    lines += ["", "Thresholds", *(f"  {threshold(t)}" for t in pack.thresholds)] if pack.thresholds else []
    lines += ["", "Refused", *(f"  {b.says} {cited(b.clauses)}" for b in pack.blocks)] if pack.blocks else []
    lines += _standing(pack)
    return lines


def _section(heading: str, rules: list[Duty | Notice]) -> list[str]:
    ordered = sorted(rules, key=lambda r: _sooner(r.opens or getattr(r, "due", None)))
    return ["", heading, *(f"  {duty(r) if isinstance(r, Duty) else notice(r)}" for r in ordered)] if rules else []


def _sooner(length: Length | None) -> float:
    return (length.months * 30 * 86400 + length.exact.total_seconds()) if length else -1


def _standing(pack: Pack) -> Iterator[str]:
    if pack.cycles:
        yield from (
            "",
            "Every so often",
            *(f"  {c.says}, every {c.repeat.every} ({words.label(c.owner)}) {cited(c.clauses)}" for c in pack.cycles),
        )
    if pack.reports:
        yield from ("", "Reports")
        for r in pack.reports:
            every = f"every {r.every}" if r.every else "on demand"
            to = _roles(r.audience) or "nobody named"
            yield f"  {words.label(r.report).capitalize()}: {every}, {words.label(r.owner)} to {to} {cited(r.clauses)}"
    if pack.forms:
        yield from ("", "Forms", *(f"  {f.title} {cited(f.clauses)}" for f in pack.forms))


def _category(name: str, c: Category) -> str:
    counts = (
        "counts as missing" if c.missing is True else f"missing when {condition(c.missing)}" if c.missing else "does not count as missing"
    )
    return f"{words.label(name).capitalize()}: {c.means} ({counts}) {cited(c.clauses)}"


def duty(d: Duty) -> str:
    """One duty in a line."""
    parts = [f"{d.says}: {who(d.owner)}, {by_when(d)}"]
    if d.when:
        parts.append(f"when {condition(d.when)}")
    if d.tell:
        parts.append(f"telling {who(d.tell)}")
    if d.attendees:
        parts.append(f"with {who(d.attendees)}")
    if d.chair:
        parts.append(f"chaired by {', then '.join(words.label(c.role) for c in d.chair)}")
    if d.repeat:
        parts.append(f"again every {d.repeat.every}")
    if d.extended_by:
        parts.append(f"more time by {_roles(d.extended_by)}")
    return f"{'; '.join(parts)} {cited(d.clauses, house=d.house)}"


def notice(n: Notice) -> str:
    """One notice in a line."""
    when = f"; when {condition(n.when)}" if n.when else ""
    return f"{n.says}: the bot tells {who(n.tell)}, {_from(n.anchor, n.opens)}{when} {cited(n.clauses, house=n.house)}"


def threshold(t: Threshold) -> str:
    """One threshold in a line."""
    long = f" of {t.min_duration} or more" if t.min_duration else ""
    window = f" within {t.window}" if t.window else ""
    row = " in a row" if t.consecutive else ""
    when = f", when {condition(t.when)}" if t.when else ""
    return f"{t.says}: {t.count} {words.label(t.of)} episodes{long}{row}{window}{when} {cited(t.clauses, house=t.house)}"


def by_when(d: Duty) -> str:
    """The time of a duty in words."""
    if d.due is None:
        return f"{_from(d.anchor, d.opens)}, no time given"
    at_once = not d.due.months and not d.due.exact
    if d.basis == "mark":
        return f"at {d.due} {_anchor(d.anchor)}" if not at_once else f"at the moment {_anchor(d.anchor)}"
    return (f"at once, {_anchor(d.anchor)}" if at_once else f"within {d.due}{CLOCKS[d.clock]} {_anchor(d.anchor)}") + (
        f", from {d.opens} on" if d.opens and d.opens != d.due else ""
    )


def _from(anchor: Any, opens: Length | None) -> str:
    if opens and opens.exact.total_seconds() < 0:
        return f"{opens} before: {_anchor(anchor)}"
    return f"{opens} {_anchor(anchor)}" if opens else _anchor(anchor)


def _anchor(anchor: Any) -> str:
    if isinstance(anchor, tuple):
        return " or ".join(_anchor(one) for one in anchor)
    if isinstance(anchor, After):
        outcome = f" ({', '.join(words.label(o) for o in anchor.outcome)})" if anchor.outcome else ""
        return f"after {' or '.join(words.label(a) for a in anchor.actions)}{outcome}"
    if isinstance(anchor, AtThreshold):
        return f"when '{anchor.threshold}' is reached"
    return _ANCHORS[anchor]


_ANCHORS = {
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


def who(routes: Iterable[Route]) -> str:
    """Roles, each with its condition."""
    return ", ".join(words.label(r.role) + (f" (when {condition(r.when)})" if r.when else "") for r in routes)


def _roles(roles: Iterable[str]) -> str:
    return " or ".join(words.label(role) for role in roles)


def cited(clauses: Iterable[str], *, house: bool = False) -> str:
    """The clauses in brackets; house when the rule is ours."""
    listed = ", ".join(clauses)
    return f"[{listed}{', house' if house and listed else 'house' if house else ''}]"


def condition(c: Condition) -> str:
    """A condition in words."""
    match c:
        case Decided():
            return f"{words.label(c.decided)} was decided" + (f": {' or '.join(words.label(o) for o in c.outcome)}" if c.outcome else "")
        case All():
            return " and ".join(_bracketed(part) for part in c.all)
        case Any_():
            return " or ".join(_bracketed(part) for part in c.any)
        case Not():
            return f"not ({condition(c.not_)})"
    return _test(c)


def _bracketed(part: Condition) -> str:
    return f"({condition(part)})" if isinstance(part, All | Any_) else condition(part)


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
