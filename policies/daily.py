"""Asking an owner again while a child is still missing, where the protocol's duty is to think about it again."""

from __future__ import annotations

from collections.abc import Iterator

from policies.obligations import Obligation
from policies.rung import Rung, Situation
from policies.worktime import add


def asked_again(o: Obligation, s: Situation) -> Iterator[Rung]:
    """The next time the owner is asked, so long after the last (LANC-POL-20)."""
    asked = [at for (name, to), at in s.used.items() if to == o.owner and name.partition("/")[0] in {"due", "ask"}]
    if o.duty.ask_again and asked and s.missing:
        yield Rung(f"ask/{len(asked)}", "due", o.owner, add(max(asked), o.duty.ask_again), "still not decided")
