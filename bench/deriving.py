"""The pure engine: what one episode asks for, and reading every pack."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from bench.line import Line
from policies import load, words
from policies.folding import fold
from policies.history import Child, Episode, Happening
from policies.obligations import derive
from policies.pack import Pack
from policies.worktime import Calendar

LIMIT, LOADING = 1.0, 300.0  # ms of processor time
BLOCKS, TIMES = 12, 25  # the best block: what it costs, not what others on the machine cost
START = datetime(2026, 2, 2, 10, tzinfo=UTC)


def measure() -> list[Line]:
    """Each pack's episode of a looked-after child missing for four days, with two earlier ones; the dearest pack is the line."""
    spent = {edition: _derived(load.pack(edition)) for edition in load.shipped()}
    dearest = max(spent, key=lambda edition: spent[edition])
    return [Line(f"derive one episode ({dearest}), CPU", spent[dearest], LIMIT, "ms")]


def measure_loading() -> list[Line]:
    """Every shipped pack from its text, with the vocabulary and the register read before."""
    words.clauses(), words.vocabulary()
    began = time.process_time()
    for edition, text in load.shipped().items():
        load.load(text, edition)
    return [Line(f"load all {len(load.shipped())} packs, CPU", (time.process_time() - began) * 1000, LOADING, "ms")]


def _derived(pack: Pack) -> float:
    child = Child("c", tuple(_episode(n, START - timedelta(days=20 - 10 * n)) for n in (1, 2, 3)))
    now = child.episodes[-1].notified_at
    assert now is not None
    once = partial(derive, pack, child, child.episodes[-1], Calendar(), now + timedelta(hours=100))
    once()
    return min(_block(once) for _ in range(BLOCKS))


def _block(once: Callable[[], object]) -> float:
    """Milliseconds of processor time for one, over a block of them."""
    began = time.process_time()
    for _ in range(TIMES):
        once()
    return (time.process_time() - began) * 1000 / TIMES


def _episode(number: int, start: datetime) -> Episode:
    facts = {"care_status": "looked_after", "risk_level": "medium", "date_of_birth": "2012-03-04", "cse_risk": True}

    def told(n: int, kind: str, hours: int, **data: object) -> Happening:
        at = start + timedelta(hours=hours)
        return Happening(f"{number}.{n}", kind, at, at, "edt", data)

    happened = [
        told(0, "reported", 0, category="missing", missing_since=start - timedelta(hours=2), facts=facts),
        told(1, "completed", 1, action="police_notification"),
        told(2, "completed", 5, action="missing_record"),
        told(3, "set", 30, facts={"risk_level": "high"}),
        told(4, "held", 60, action="strategy_meeting"),
    ]
    back = [told(5, "found", 90, found_at=start + timedelta(hours=90))] if number < 3 else []
    return fold(f"e{number}", [*happened, *back], number=number)
