"""A pack in words, as a person would read the protocol: by moment, with who, by when, and the clause."""

from __future__ import annotations

from collections.abc import Iterator

from policies import words
from policies.pack import After, AtThreshold, Block, Category, Duty, Form, Notice, Pack, Periodic, Rule, Threshold
from policies.pack.pack import Cycle
from policies.phrasing import UNNAMED, Names, by_when, cited, condition, from_when, named, names_of, roles, who
from policies.worktime import Length

HEADINGS = (
    ("When it is reported", ("notified_at", "when")),
    ("While the child is missing", ("missing_since",)),
    ("While the child is away", ("absent_since", "absence_limit_at", "review_at")),
    ("When the child is found or back", ("found_at", "returned_at")),
    ("At other moments", ("assessed_missing_at", "placement_start", "photo_date", "birthday_18")),
)


def described(pack: Pack) -> list[str]:
    """Every rule of the pack, a line each, under headings that follow the child."""
    names = names_of(pack)
    lines = [f"{pack.name}: {pack.id}" + (" (the document is undated, the date is ours)" if pack.undated else "")]
    lines += [f"  {d.title}" + ("" if d.governs else " (fills what the first leaves out)") for d in pack.documents]
    lines += [f"  Coordinator: {words.label(pack.coordinator)}"]
    lines += ["", "Words of this protocol", *(f"  {term(pack, name)}" for name in pack.terms)] if pack.terms else []
    lines += ["", "Categories", *(f"  {category(name, c, names)}" for name, c in pack.categories.items())]
    timed: list[Duty | Notice] = [*pack.duties, *pack.notices]
    for heading, anchors in HEADINGS:
        lines += _section(heading, [r for r in timed if r.anchors[0] in anchors], names)
    lines += _section("After something was done or decided", [r for r in timed if isinstance(r.anchors[0], After)], names)
    lines += _section("When a threshold is reached", [r for r in timed if isinstance(r.anchors[0], AtThreshold)], names)
    lines += ["", "Thresholds", *(f"  {threshold(t, names)}" for t in pack.thresholds)] if pack.thresholds else []
    lines += ["", "Refused", *(f"  {block(b)}" for b in pack.blocks)] if pack.blocks else []
    lines += _standing(pack)
    return lines


def _section(heading: str, rules: list[Duty | Notice], names: Names) -> list[str]:
    ordered = sorted(rules, key=lambda r: _sooner(r.opens or getattr(r, "due", None)))
    return ["", heading, *(f"  {rule(r, names)}" for r in ordered)] if rules else []


def _sooner(length: Length | None) -> float:
    return (length.months * 30 * 86400 + length.exact.total_seconds()) if length else -1


def _standing(pack: Pack) -> Iterator[str]:
    if pack.cycles:
        yield from ("", "Every so often", *(f"  {cycle(c)}" for c in pack.cycles))
    if pack.reports:
        yield from ("", "Reports", *(f"  {report(r)}" for r in pack.reports))
    if pack.forms:
        yield from ("", "Forms", *(f"  {form(f)}" for f in pack.forms))


def term(pack: Pack, name: str) -> str:
    """One of the pack's own words and what it means; other words of the pack may stand in it, its own may not."""
    meant = pack.terms[name]
    others = {key: said for key, said in names_of(pack).items() if key != meant.key}
    said = named(name)
    return f"{said[:1].upper()}{said[1:]}: {condition(meant, others)}"


def rule(r: Rule, names: Names = UNNAMED) -> str:
    """Any rule in a line."""
    match r:
        case Duty():
            return duty(r, names)
        case Notice():
            return notice(r, names)
        case Threshold():
            return threshold(r, names)
        case Cycle():
            return cycle(r)
    return block(r)


def category(name: str, c: Category, names: Names = UNNAMED) -> str:
    """One category in a line."""
    counts = "counts as missing" if c.missing is True else "does not count as missing"
    if c.missing and c.missing is not True:
        counts = f"missing when {condition(c.missing, names)}"
    return f"{words.label(name).capitalize()}: {c.means} ({counts}) {cited(c.clauses)}"


def duty(d: Duty, names: Names = UNNAMED) -> str:
    """One duty in a line."""
    parts = [f"{d.says}: {who(d.owner, names)}, {by_when(d)}"]
    if d.when:
        parts.append(f"when {condition(d.when, names)}")
    if d.tell:
        parts.append(f"telling {who(d.tell, names)}")
    if d.attendees:
        parts.append(f"with {who(d.attendees, names)}")
    if d.chair:
        otherwise = "".join(f", otherwise by {words.label(role)}" for role in d.chair_otherwise)
        parts.append(f"chaired by {', then '.join(words.label(c.role) for c in d.chair)}{otherwise}")
    if d.repeat:
        parts.append(f"again every {d.repeat.every}")
    if d.extended_by:
        parts.append(f"more time by {roles(d.extended_by)}")
    return f"{'; '.join(parts)} {cited(d.clauses, house=d.house)}"


def notice(n: Notice, names: Names = UNNAMED) -> str:
    """One notice in a line."""
    when = f"; when {condition(n.when, names)}" if n.when else ""
    return f"{n.says}: the bot tells {who(n.tell, names)}, {from_when(n.anchor, n.opens)}{when} {cited(n.clauses, house=n.house)}"


def threshold(t: Threshold, names: Names = UNNAMED) -> str:
    """One threshold in a line."""
    long = f" of {t.min_duration} or more" if t.min_duration else ""
    window = f" within {t.window}" if t.window else ""
    row = " in a row" if t.consecutive else ""
    when = f", when {condition(t.when, names)}" if t.when else ""
    return f"{t.says}: {t.count} {words.label(t.of)} episodes{long}{row}{window}{when} {cited(t.clauses, house=t.house)}"


def block(b: Rule) -> str:
    """What is refused, in the sentence the person is shown."""
    unless = f" Open to {roles(b.unless_by)}." if isinstance(b, Block) and b.unless_by else ""
    unless += " Open to whoever gives a reason." if isinstance(b, Block) and b.unless_reason else ""
    return f"{b.says}{unless} {cited(b.clauses, house=b.house)}"


def cycle(c: Cycle) -> str:
    """Something the authority does every so often, in a line."""
    return f"{c.says}, every {c.repeat.every} ({words.label(c.owner)}) {cited(c.clauses, house=c.house)}"


def report(r: Periodic) -> str:
    """One report in a line."""
    every = f"every {r.every}" if r.every else "on demand"
    to = roles(r.audience) or "nobody named"
    return f"{words.label(r.report).capitalize()}: {every}, {words.label(r.owner)} to {to} {cited(r.clauses, house=r.house)}"


def form(f: Form) -> str:
    """One form in a line."""
    return f"{f.title} {cited(f.clauses)}"
