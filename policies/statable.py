"""Which facts of a child people can state, and some rule of a protocol hangs on."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from policies import words
from policies.facts import WORKED_OUT
from policies.pack import Duty, Pack
from policies.pack.duty import Timed
from policies.question import Test

# Worked out where nobody states them, so they can be stated.
_ALSO = frozenset({"care_status", "open_case", "safe_return"})
# Have a word of their own: risk, found, correct, interview, and who may not be told apart by it.
_OWN = frozenset(
    {
        "risk_level",
        "category",
        "missing_since",
        "absent_since",
        "found_at",
        "notified_at",
        "interviewer_choice",
        "interviewer_role",
        "date_of_birth",
    }
)


def statable(pack: Pack) -> tuple[str, ...]:
    """Names of the facts, in the vocabulary's order."""
    asked = {*_asked(pack), *pack.intake.asks, *_moments(pack)}
    return tuple(name for name in words.facts() if name in asked - _OWN and (name in _ALSO or name not in WORKED_OUT))


def met_by(duty: Duty) -> str | None:
    """The one fact that meets a duty as soon as it is known, or is so; None where nothing of the kind does."""
    test = duty.met_when
    return test.fact if isinstance(test, Test) and test.fact not in _OWN and (test.known or test.is_ is True) else None


def _asked(part: object) -> Iterator[str]:
    if isinstance(part, Test):
        yield part.fact
    elif isinstance(part, BaseModel):
        yield from (name for _, value in part for name in _asked(value))
    elif isinstance(part, dict | tuple | list):
        yield from (name for value in (part.values() if isinstance(part, dict) else part) for name in _asked(value))


def _moments(pack: Pack) -> Iterator[str]:
    for rule in pack.rules():
        if isinstance(rule, Timed):
            yield from (anchor for anchor in rule.anchors if isinstance(anchor, str))
