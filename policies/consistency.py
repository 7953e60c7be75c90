"""What no single rule of a pack can see: doubles, names of nothing, clauses that do not exist, circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from pydantic import BaseModel

from policies import outcomes, words
from policies.pack import After, AtThreshold, Pack
from policies.pack.pack import unknown_clauses
from policies.question import Decided


def problems(pack: Pack) -> Iterator[str]:
    """One sentence for each; none when the pack holds together."""
    ids = [rule.id for rule in pack.rules()]
    yield from (f"rule '{i}': two rules have this id; give one of them another" for i in sorted({i for i in ids if ids.count(i) > 1}))
    known = {*words.clauses(), *pack.clauses}
    yield from (f"clause '{c}' is not in the register or the pack{words.nearest(c, known)}" for c in sorted(unknown_clauses(pack)))
    yield from _own_clauses(pack)
    thresholds = {t.id for t in pack.thresholds}
    for rule in (*pack.duties, *pack.notices):
        for name in (a.threshold for a in rule.anchors if isinstance(a, AtThreshold) and a.threshold not in thresholds):
            yield f"rule '{rule.id}': '{name}' is not a threshold of this pack{words.nearest(name, thresholds)}"
    for category, entry in pack.categories.items():
        for target in (entry.lapses_to, entry.suspected.becomes if entry.suspected else None):
            if target and target not in pack.categories:
                yield f"category '{category}': '{target}' is not a category of this pack{words.nearest(target, pack.categories)}"
    yield from _cycles(pack)


def slips(pack: Pack) -> Iterator[str]:
    """Words that stand where any may, and for which nothing would ever happen."""
    for block in pack.blocks:
        wrong = [outcomes.unblockable(verb) for verb in block.verbs] or ["verbs names none: say what is refused"]
        yield from (f"rule '{block.id}', verbs: {sentence}" for sentence in wrong if sentence)
    for rule in pack.rules():
        yield from (f"rule '{rule.id}': {sentence}" for asked in _outcomes(rule) if (sentence := outcomes.unknown(asked)))
    rest = {name: value for name, value in pack if name in {"terms", "categories", "intake", "stand_ins"}}
    yield from (
        f"{name}: {sentence}" for name, value in rest.items() for asked in _outcomes(value) if (sentence := outcomes.unknown(asked))
    )


def _outcomes(value: object) -> Iterator[tuple[str, ...]]:
    """Every list of outcomes that an anchor or a condition waits for, however deep."""
    if isinstance(value, After | Decided):
        yield value.outcome
    yield from (found for part in _parts(value) for found in _outcomes(part))


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, BaseModel):
        return [part for _, part in value]
    return value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else ()


def _own_clauses(pack: Pack) -> Iterator[str]:
    prefixes = tuple(f"{document.clauses}-" for document in pack.documents)
    for clause in pack.clauses:
        if clause in words.clauses():
            yield f"clause '{clause}' is in the register already: leave it out of the pack"
        elif not clause.startswith(prefixes):
            yield f"clause '{clause}' belongs to no document of the pack: their clauses begin with {' or '.join(prefixes)}"


def _cycles(pack: Pack) -> Iterator[str]:
    graph: dict[str, set[str]] = {}
    for duty in pack.duties:
        for anchor in duty.anchors:
            if isinstance(anchor, After):
                own = {duty.action} if anchor.outcome else set()  # called by a decision about itself is no circle
                graph.setdefault(duty.action, set()).update(set(anchor.actions) - own)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield f"the anchors go round in a circle: {' → '.join(error.args[1])}; one of them needs another anchor"
