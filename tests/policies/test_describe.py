"""A protocol as people read it: its own words said by name, its own clauses counted, its changes said once."""

from typing import Any

import pytest

from policies import coverage
from policies.compare import differences
from policies.describe import described, duty
from policies.load import load, pack, shipped
from policies.pack import Pack
from policies.phrasing import by_when, condition, names_of
from policies.words import PackError
from tests import protocols
from tests.protocols import protocol

CARED_FOR = {"fact": "care_status", "any_of": ["looked_after", "eligible"]}
TERMS = {"cared_for": CARED_FOR, "at_risk": {"any": [{"fact": "risk_level", "is": "high"}, {"term": "cared_for"}]}}


def said_of(when: Any) -> str:
    """A condition in the words of a pack that has two of its own."""
    known = protocol(protocols.duty("brief", "written_briefing", when=when), terms=TERMS)
    condition_of = known.duties[0].when
    assert condition_of is not None
    return condition(condition_of, names_of(known))


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ({"term": "cared_for"}, "cared for"),
        (CARED_FOR, "cared for"),  # spelt out it means the same
        ({"not": {"term": "cared_for"}}, "not cared for"),
        ({"all": [{"term": "at_risk"}, {"fact": "age", "under": 13}]}, "at risk and age is under 13"),
        ({"fact": "care_status", "any_of": ["looked_after"]}, "care status is looked after"),  # something else
    ],
)
def test_a_condition_is_said_by_the_word_the_pack_has_for_it(when: Any, says: str) -> None:
    assert said_of(when) == says


def test_every_word_of_a_pack_is_explained_once_with_other_words_but_not_itself() -> None:
    lines = described(protocol(terms=TERMS))
    first = lines.index("Words of this protocol")
    assert lines[first + 1 : first + 3] == [
        "  Cared for: care status is looked after or eligible",
        "  At risk: risk level is high or cared for",
    ]


def test_a_pack_without_words_of_its_own_has_no_such_section() -> None:
    assert "Words of this protocol" not in described(protocol())


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"due": "PT1H"}, "within 1 h of the report"),
        ({"due": "PT72H", "anchor": "returned_at"}, "within 72 h of the return"),
        ({"due": "P3D", "anchor": "missing_since", "clock": "working_days"}, "within 3 days of going missing (working days)"),
        ({"due": "PT24H", "anchor": "missing_since", "basis": "mark"}, "at 24 h from going missing"),
        ({"due": "PT1H", "anchor": "when", "when": CARED_FOR}, "within 1 h of that being known"),
        ({"due": "P2D", "anchor": {"after": "strategy_meeting"}}, "within 2 days after strategy meeting"),
        ({"due": "PT0S", "anchor": "found_at"}, "at once, from being found"),
        ({}, "on the report, no time given"),
    ],
)
def test_a_time_is_said_as_people_say_it(fields: dict[str, Any], says: str) -> None:
    assert by_when(protocol(protocols.duty("brief", "written_briefing", **fields)).duties[0]) == says


@pytest.mark.parametrize("edition", shipped())
def test_every_rule_of_a_shipped_pack_stands_in_its_description(edition: str) -> None:
    text = "\n".join(described(pack(edition)))
    assert [rule.id for rule in pack(edition).rules() if rule.says not in text] == []


def own(**clauses: Any) -> Pack:
    """A pack whose document the register does not have."""
    rule = protocols.duty("brief", "written_briefing", clauses=["WEST-1"])
    documents = [*protocols.BASE["documents"], {"title": "Westbrook's own", "clauses": "WEST"}]
    return protocol(rule, documents=documents, clauses={"WEST-1": "Brief the manager.", **clauses})


def test_clauses_of_a_packs_own_are_met_by_its_rules_or_say_why_not() -> None:
    known = own(**{"WEST-2": "Tell the press office.", "WEST-3": {"asks": "Train everybody.", "section": "7", "not_automated": "training"}})
    found = {row.clause: row for row in coverage.rows(known) if row.clause.startswith("WEST")}
    assert found["WEST-1"].met == ("duty `brief`",)
    assert found["WEST-3"].met == ("not automated: training",)
    assert [clause for clause in coverage.unmet(known) if clause.startswith("WEST")] == ["WEST-2"]


@pytest.mark.parametrize(
    ("clause", "says"),
    [
        ("TRI-044", "clause 'TRI-044' is in the register already: leave it out of the pack"),
        ("EAST-1", "clause 'EAST-1' belongs to no document of the pack: their clauses begin with TRI- or WEST-"),
    ],
)
def test_a_clause_that_cannot_be_the_packs_own_is_refused(clause: str, says: str) -> None:
    with pytest.raises(PackError, match=says):
        own(**{clause: "Something else."})


def test_a_word_that_changes_is_one_change_however_many_rules_ask_for_it() -> None:
    rules = [protocols.duty(f"brief-{n}", "written_briefing", when={"term": "cared_for"}) for n in range(5)]
    before = protocol(*rules, terms=TERMS)
    after = protocol(*rules, terms=TERMS | {"cared_for": {"fact": "care_status", "is": "looked_after"}})
    assert differences(before, after) == [
        "~ word Cared for: care status is looked after or eligible → Cared for: care status is looked after",
    ]


def test_a_change_that_no_line_shows_is_named_by_its_field() -> None:
    before = protocol(protocols.duty("brief", "written_briefing", due="PT1H"))
    after = protocol(protocols.duty("brief", "written_briefing", due="PT1H", in_writing=True, ends_when=CARED_FOR))
    assert differences(before, after) == [
        "~ brief: in_writing: False → True",
        "~ brief: ends_when: not said → care status is looked after or eligible",
    ]


def test_what_stands_around_the_rules_is_compared_too() -> None:
    house = {"coordinator_marks": ["PT24H"], "remind_before": "PT2H"}
    changed = differences(protocol(), protocol(house=house, coordinator="head_of_service"))
    assert changed == [
        "~ coordinator: missing children's coordinator → head of service",
        "~ number of ours, coordinator marks: none → coordinator marks: 24 h",
        "~ number of ours, remind before: 4 h → remind before: 2 h",
    ]


def test_a_line_can_be_said_without_the_packs_words() -> None:
    known = protocol(protocols.duty("brief", "written_briefing", when={"term": "cared_for"}), terms=TERMS)
    assert "when care status is looked after or eligible" in duty(known.duties[0])


def test_the_same_text_has_no_differences() -> None:
    text = protocols.text(protocols.duty("brief", "written_briefing"), terms=TERMS)
    assert differences(load(text, "a"), load(text, "b")) == []
