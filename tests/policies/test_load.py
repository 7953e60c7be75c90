"""A pack that cannot be used is refused with one sentence that names file, rule and fact, and what to write instead."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from policies.load import in_force, load, pack, shipped
from policies.words import PackError
from tests import protocols
from tests.protocols import duty, text, threshold

FILE = "westbrook@2020-01-01"


def refusal(written: str) -> str:
    with pytest.raises(PackError) as raised:
        load(written, FILE)
    return str(raised.value)


RISK = {"fact": "risk_level", "is": "high"}


def block(*verbs: str) -> dict[str, Any]:
    return {"id": "no", "clauses": [protocols.CITED], "verbs": list(verbs), "says": "A manager decides."}


def test_a_slip_that_does_no_harm_does_not_shut_out_an_edition_that_governs_episodes_already() -> None:
    assert load(text(blocks=[block("found")]), FILE, kept=True).blocks[0].verbs == ("found",)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        # one rule is wrong: the sentence names file, rule, what is wrong, and the nearest word
        (duty("brief", "writen_briefing"), ["rule 'brief'", "'writen_briefing' is not an action", "did you mean 'written_briefing'?"]),
        (
            duty("brief", "written_briefing", owner="social_wrker"),
            ["rule 'brief'", "owner", "'social_wrker'", "did you mean 'social_worker'?"],
        ),
        (duty("brief", "written_briefing", tell=["polce"]), ["rule 'brief'", "tell", "did you mean 'police'?"]),
        (duty("brief", "written_briefing", clauses=[]), ["rule 'brief'", "cites no clause"]),
        (duty("brief", "written_briefing", clauses=["TRI-9999"]), ["'TRI-9999' is not", "register", "did you mean 'TRI-"]),
        (
            duty("brief", "written_briefing", when={"fact": "care_statos", "is": "looked_after"}),
            ["rule 'brief'", "did you mean 'care_status'?"],
        ),
        (
            duty("brief", "written_briefing", when={"fact": "care_status", "is": "looked_afer"}),
            ["rule 'brief'", "did you mean 'looked_after'?"],
        ),
        (duty("brief", "written_briefing", when={"fact": "uasc", "is": "perhaps"}), ["rule 'brief'", "'uasc' is yes or no"]),
        (duty("brief", "written_briefing", when={"fact": "risk_level"}), ["rule 'brief'", "exactly one of"]),
        (duty("brief", "written_briefing", when={"fact": "age", "under": 18, "at_least": 16}), ["rule 'brief'", "exactly one of"]),
        (duty("brief", "written_briefing", when={"fact": "age", "under": "eighteen"}), ["rule 'brief'", "under"]),
        (duty("brief", "written_briefing", when={"fact": "care_status", "under": 18}), ["rule 'brief'", "care_status"]),
        (duty("brief", "written_briefing", when={"fact": "age", "is": "15"}), ["rule 'brief'", "age"]),
        (duty("brief", "written_briefing", when={"all": []}), ["rule 'brief'", "when"]),
        (duty("brief", "written_briefing", when={"all": [RISK], "any": [RISK]}), ["rule 'brief'"]),
        (duty("brief", "written_briefing", when={"al": [RISK]}), ["rule 'brief'", "'al' is not a field here", "did you mean 'all'?"]),
        (duty("brief", "written_briefing", when="risk is high"), ["rule 'brief'", "when"]),
        (duty("brief", "written_briefing", due="3 days"), ["rule 'brief', due", "'3 days' is not a length of time", "P3D"]),
        (duty("brief", "written_briefing", due="P3X"), ["rule 'brief', due", "not a length of time"]),
        (duty("brief", "written_briefing", due=72), ["rule 'brief', due", "not a length of time"]),
        (duty("brief", "written_briefing", due="P999999999999D"), ["rule 'brief', due", "not a length of time"]),
        (duty("brief", "written_briefing", opens="P5D", due="P3D"), ["rule 'brief'", "window is empty"]),
        (duty("brief", "written_briefing", opens="P2M", due="P1M"), ["rule 'brief'", "window is empty"]),
        (duty("brief", "written_briefing", basis="mark"), ["rule 'brief'", "mark without a time"]),
        (duty("brief", "written_briefing", clock="working_weeks"), ["rule 'brief'", "clock"]),
        (duty("brief", "written_briefing", anchor="missing_from"), ["rule 'brief'", "anchor"]),
        (duty("brief", "written_briefing", anchor={"after": "strategy_meting"}), ["rule 'brief'", "did you mean 'strategy_meeting'?"]),
        (duty("brief", "written_briefing", anchor={"threshold": "three-in-a-mnth"}), ["rule 'brief'", "did you mean 'three-in-a-month'?"]),
        (duty("brief", "written_briefing", repeat={"every": "PT0S"}), ["rule 'brief'", "repeat"]),
        (duty("brief", "written_briefing", due="-P1D"), ["rule 'brief'", "due"]),
        (duty("brief", "written_briefing", ownr="edt"), ["rule 'brief'", "'ownr' is not a field here", "did you mean 'owner'?"]),
        (duty("Brief It", "written_briefing"), ["rule 'Brief It'", "id"]),
        (duty("brief", "written_briefing", says=""), ["rule 'brief'", "says"]),
        ({"action": "written_briefing"}, ["duties.1"]),
        ("written_briefing", ["duties.1"]),
        (None, ["duties.1"]),
    ],
)
def test_a_slip_in_one_rule_is_named(broken: Any, says: list[str]) -> None:
    written = text(duty("ring", "police_notification"), broken, thresholds=[threshold()])
    sentence = refusal(written)
    assert sentence.startswith(f"{FILE}: ")
    assert "\n" not in sentence
    assert len(sentence) < 320
    for part in says:
        assert part in sentence


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        # something else in the file is wrong
        ({"duties": [duty("brief", "written_briefing"), duty("brief", "risk_assessment")]}, ["rule 'brief'", "two rules have this id"]),
        (
            {"duties": [duty("three-in-a-month", "written_briefing")], "thresholds": [threshold()]},
            ["'three-in-a-month'", "two rules have this id"],
        ),
        (
            {
                "duties": [
                    duty("a", "strategy_meeting", anchor={"after": "management_review"}),
                    duty("b", "management_review", anchor={"after": "strategy_meeting"}),
                ]
            },
            ["circle", "strategy_meeting", "management_review"],
        ),
        ({"duties": [duty("a", "strategy_meeting", anchor={"after": "strategy_meeting"})]}, ["circle", "strategy_meeting"]),
        ({"coordinator": "la_missing_cordinator"}, ["coordinator", "did you mean 'la_missing_coordinator'?"]),
        ({"categories": {"mising": {"means": "x", "clauses": [protocols.CITED]}}}, ["'mising'", "did you mean 'missing'?"]),
        (
            {"categories": {"absent": {"means": "x", "clauses": [protocols.CITED], "lapses_to": "missing"}}},
            ["category 'absent'", "'missing' is not a category of this pack"],
        ),
        ({"thresholds": [threshold(count=0)]}, ["rule 'three-in-a-month'", "count"]),
        ({"thresholds": [threshold(window="P0D")]}, ["rule 'three-in-a-month'", "window"]),
        ({"thresholds": [threshold(reset_by="strategy_metting")]}, ["rule 'three-in-a-month'", "did you mean 'strategy_meeting'?"]),
        ({"format": 2}, ["format"]),
        ({"effective": "the first of May"}, ["effective"]),
        ({"area": "West Brook"}, ["area"]),
        ({"documents": []}, ["documents"]),
        ({"dutys": []}, ["'dutys' is not a field here", "did you mean 'duties'?"]),
        ({"": []}, ["is not a field here"]),
        ({"duties": "none"}, ["duties"]),
        ({"duties": {"brief": {}}}, ["duties"]),
        ({"managers": {"social_worker": "team_manger"}}, ["managers", "did you mean 'team_manager'?"]),
        ({"blocks": [block("found")]}, ["rule 'no'", "verbs", "'found' is not a verb a block can refuse", "interview, reclassify"]),
        ({"blocks": [block("intervew")]}, ["rule 'no'", "did you mean 'interview'?"]),
        ({"blocks": [block("extend:strategy_metting")]}, ["rule 'no'", "did you mean 'strategy_meeting'?"]),
        ({"blocks": [block("decide:strategy_metting:hold")]}, ["rule 'no'", "did you mean 'strategy_meeting'?"]),
        ({"blocks": [block("decide:strategy_meeting:held")]}, ["rule 'no'", "outcome", "did you mean 'hold'?"]),
        ({"blocks": [block("decide:strategy_meeting")]}, ["rule 'no'", "needs one outcome", "not_needed"]),
        ({"blocks": [block()]}, ["rule 'no'", "verbs names none"]),
        (
            {"duties": [duty("a", "strategy_meeting", anchor={"after": "mash_screening", "outcome": ["approvd"]})]},
            ["rule 'a'", "'approvd' is not an outcome", "did you mean 'approved'?"],
        ),
        (
            {"duties": [duty("a", "strategy_meeting", unless={"any": [RISK, {"decided": "mash_screening", "outcome": ["closed"]}]})]},
            ["rule 'a'", "did you mean 'close'?"],
        ),
        ({"terms": {"t": {"decided": "mash_screening", "outcome": ["xyz"]}}}, ["terms", "'xyz' is not an outcome; there are done, hold"]),
    ],
)
def test_a_slip_anywhere_else_is_named(fields: Mapping[str, Any], says: list[str]) -> None:
    sentence = refusal(text(**fields))
    assert sentence.startswith(f"{FILE}: ")
    assert "\n" not in sentence
    assert len(sentence) < 320
    for part in says:
        assert part in sentence


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
TERM_BOMB = {f"t{n}": {"all": [{"term": f"t{n + 1}"}] * 10} for n in range(12)} | {"t12": RISK}


@pytest.mark.parametrize(
    ("written", "says"),
    [
        # the file itself is not a pack
        pytest.param("", "the file holds none", id="empty"),
        pytest.param("- a\n- b\n", "the file holds none", id="a list"),
        pytest.param("format: 1\nformat: 1\n", "'format' stands here a second time", id="a key twice"),
        pytest.param(
            text(duty("brief", "written_briefing")).replace("  action:", "  id: other\n  action:"), "a second time", id="a key twice, deep"
        ),
        pytest.param(BOMB, "aliases", id="alias bomb"),
        pytest.param(f"format: 1\nterms: {TERM_BOMB}\nduties: [{{when: {{term: t0}}}}]", "term", id="a bomb made of terms"),
        pytest.param("format: 1\nterms: {a: {term: b}, b: {term: a}}\nduties: [{when: {term: a}}]", "term", id="terms in a circle"),
        pytest.param("base: &base {a: 1}\nformat:\n  <<: *base\n", "aliases", id="merge key"),
        pytest.param("a: !!python/object/apply:os.system [id]", "not plain YAML", id="python tag"),
        pytest.param("a: !secret x", "not plain YAML", id="own tag"),
        pytest.param("a: [1, 2", "not plain YAML", id="half a list"),
        pytest.param("a: b: c", "not plain YAML", id="two colons"),
        pytest.param("\ta: 1", "not plain YAML", id="tabs"),
        pytest.param("a: \x00", "not plain YAML", id="nul"),
        pytest.param("format: 1\n---\nformat: 1\n", "not plain YAML", id="two documents"),
        pytest.param("? [a, b]\n: c\n", "not plain YAML", id="a list for a key"),
        pytest.param("[" * 20_000, "not plain YAML", id="twenty thousand brackets"),
        pytest.param("when: " + "{not: " * 3_000 + "x" + "}" * 3_000, "not plain YAML", id="not not not"),
        pytest.param("# " + "x" * 600_000, "more than a protocol has", id="huge"),
        pytest.param(text(**{"👧 مرحبا": 1}), "'👧 مرحبا' is not a field here", id="emoji and right-to-left"),
    ],
)
def test_a_file_that_is_no_pack_is_refused_at_once(written: str, says: str) -> None:
    sentence = refusal(written)
    assert sentence.startswith(f"{FILE}: ")
    assert says in sentence
    assert "\n" not in sentence
    assert len(sentence) < 400


def test_every_pack_that_is_shipped_loads() -> None:
    for edition in shipped():
        assert pack(edition).id == edition


def test_a_pack_is_found_by_its_area_and_a_slip_names_the_nearest() -> None:
    assert pack("triborough").id == "triborough@2017-12-01"
    with pytest.raises(PackError, match="there is no pack 'tribourough'; did you mean 'triborough'"):
        pack("tribourough")


def test_an_area_means_its_edition_in_force_on_the_day_and_the_first_before_there_was_one() -> None:
    known = ["westbrook@2024-09-01", "westbrook@2026-09-01", "westbrook-north@2026-01-01"]
    day = date.fromisoformat
    assert in_force(known, "westbrook", day("2026-08-31")) == "westbrook@2024-09-01"
    assert in_force(known, "westbrook", day("2026-09-01")) == "westbrook@2026-09-01"
    assert in_force(known, "westbrook", day("2020-01-01")) == "westbrook@2024-09-01"
    assert in_force(known, "westbrook@2026-09-01", day("2026-08-31")) == "westbrook@2026-09-01"
    assert in_force(known, "westbrook") == "westbrook@2026-09-01"
