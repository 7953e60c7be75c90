"""Conditions: what holds when a fact is known, and what when nobody knows; compared with a second opinion."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from policies.conditions import Condition, facts_of

READ: TypeAdapter[Condition] = TypeAdapter(Condition)


@dataclass(frozen=True)
class Known:
    """Facts as a test gives them."""

    facts: Mapping[str, Any]

    def value(self, fact: str) -> Any:
        return self.facts.get(fact)

    def decision(self, action: str) -> str | None:
        return None


def holds(condition: Any, **facts: Any) -> bool:
    return READ.validate_python(condition).holds(Known(facts))


@pytest.mark.parametrize(
    ("test", "known", "unknown"),
    [
        # (test, whether it holds for 15 / looked_after / True, whether it holds when nobody knows)
        ({"fact": "age", "under": 16}, True, False),
        ({"fact": "age", "under": 15}, False, False),
        ({"fact": "age", "at_least": 15}, True, False),
        ({"fact": "age", "at_least": 16}, False, False),
        ({"fact": "age", "under": 16, "or_unknown": True}, True, True),
        ({"fact": "age", "known": True}, True, False),
        ({"fact": "age", "known": False}, False, True),
        ({"fact": "care_status", "is": "looked_after"}, True, False),
        ({"fact": "care_status", "is_not": "looked_after"}, False, True),
        ({"fact": "care_status", "any_of": ["looked_after", "care_leaver_relevant"]}, True, False),
        ({"fact": "care_status", "none_of": ["looked_after", "care_leaver_relevant"]}, False, True),
        ({"fact": "care_status", "is": "care_leaver_relevant", "or_unknown": True}, False, True),
        ({"fact": "uasc", "is": True}, True, False),
        ({"fact": "uasc", "is": False}, False, False),
        ({"fact": "uasc", "is_not": True}, False, True),
        ({"all": [{"fact": "uasc", "is": True}, {"fact": "age", "under": 16}]}, True, False),
        ({"any": [{"fact": "uasc", "is": False}, {"fact": "age", "under": 16}]}, True, False),
        ({"not": {"fact": "uasc", "is": True}}, False, True),
    ],
)
def test_a_condition_says_what_it_makes_of_what_nobody_knows(test: Any, known: bool, unknown: bool) -> None:
    assert holds(test, age=15, care_status="looked_after", uasc=True) is known
    assert holds(test) is unknown


def test_a_conditions_facts_are_all_named() -> None:
    condition = READ.validate_python({"any": [{"not": {"fact": "uasc", "is": True}}, {"all": [{"fact": "age", "under": 16}]}]})
    assert facts_of(condition) == {"uasc", "age"}


VALUES: Mapping[str, tuple[Any, ...]] = {
    "uasc": (True, False),
    "age": (0, 15, 16, 17, 18),
    "care_status": ("looked_after", "care_leaver_relevant", "child_in_need"),
    "risk_level": ("low", "medium", "high"),
}


def single() -> st.SearchStrategy[dict[str, Any]]:
    """Any plain test of one of four facts."""

    def of(fact: str) -> st.SearchStrategy[dict[str, Any]]:
        value = st.sampled_from(VALUES[fact])
        operators: dict[str, st.SearchStrategy[Any]] = {
            "is": value,
            "is_not": value,
            "any_of": st.lists(value, min_size=1, max_size=2),
            "none_of": st.lists(value, min_size=1, max_size=2),
            "known": st.booleans(),
        }
        if fact == "age":
            operators |= {"under": value, "at_least": value}
        made = st.sampled_from(sorted(operators)).flatmap(lambda name: operators[name].map(lambda v: {"fact": fact, name: v}))
        return st.builds(lambda test, loose: test | ({"or_unknown": True} if loose else {}), made, st.booleans())

    return st.sampled_from(sorted(VALUES)).flatmap(of)


def conditions() -> st.SearchStrategy[Any]:
    return st.recursive(
        single(),
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts})
            | st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts})
            | inner.map(lambda part: {"not": part})
        ),
        max_leaves=8,
    )


def second_opinion(condition: Any, facts: Mapping[str, Any]) -> bool:
    """The same question answered without any of the code that is tested."""
    if "all" in condition:
        return all(second_opinion(part, facts) for part in condition["all"])
    if "any" in condition:
        return any(second_opinion(part, facts) for part in condition["any"])
    if "not" in condition:
        return not second_opinion(condition["not"], facts)
    value = facts.get(condition["fact"])
    (operator,) = set(condition) - {"fact", "or_unknown"}
    wanted = condition[operator]
    if operator == "known":
        return (value is not None) is wanted
    if value is None:
        return operator in {"is_not", "none_of"} or condition.get("or_unknown", False)
    answers: dict[str, Callable[[], bool]] = {
        "is": lambda: value == wanted,
        "is_not": lambda: value != wanted,
        "any_of": lambda: value in wanted,
        "none_of": lambda: value not in wanted,
        "under": lambda: value < wanted,
        "at_least": lambda: value >= wanted,
    }
    return answers[operator]()


@given(conditions(), st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in VALUES.items()}))
def test_two_independent_readers_agree_on_every_condition(condition: Any, facts: Mapping[str, Any]) -> None:
    assert holds(condition, **facts) is second_opinion(condition, facts)


@given(conditions())
def test_a_condition_reads_back_as_it_was_written(condition: Any) -> None:
    read = READ.validate_python(condition)
    assert READ.validate_python(READ.dump_python(read, by_alias=True, exclude_unset=True)) == read
