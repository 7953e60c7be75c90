"""What a protocol asks in an episode: when it arises, by when, of whom, and how it ends."""

from typing import Any

import pytest

from policies.obligations import Obligation
from tests.moments import london
from tests.policies.stories import Story, asked, of, one, reported, statuses
from tests.protocols import duty, protocol

NOW = "2026-02-02 12:00"
Rule = dict[str, Any]
MISSING = reported("2026-02-02 10:00", since="2026-02-02 08:00")


def only(story: Story, now: str = NOW, **fields: Any) -> Obligation:
    """The obligation that a single duty makes of a story."""
    return one(asked(protocol(duty("brief", "written_briefing", **fields)), story, now=now), "written_briefing")


def none(story: Story, now: str = NOW, **fields: Any) -> bool:
    """Whether a single duty makes nothing of a story."""
    return not of(asked(protocol(duty("brief", "written_briefing", **fields)), story, now=now), "written_briefing")


@pytest.mark.parametrize(
    ("fields", "arises", "due"),
    [
        # from the report
        ({}, "2026-02-02 10:00", None),
        ({"due": "PT0S"}, "2026-02-02 10:00", "2026-02-02 10:00"),
        ({"due": "PT24H"}, "2026-02-02 10:00", "2026-02-03 10:00"),
        ({"due": "P1D", "clock": "working_days"}, "2026-02-02 10:00", "2026-02-03 23:59:59"),
        # from missing since, which was before the report: it arises when it is known
        ({"anchor": "missing_since", "due": "PT24H"}, "2026-02-02 10:00", "2026-02-03 08:00"),
        ({"anchor": "missing_since", "due": "PT1H"}, "2026-02-02 10:00", "2026-02-02 09:00"),
        # a mark arises when it is reached
        ({"anchor": "missing_since", "due": "PT24H", "basis": "mark"}, "2026-02-03 08:00", "2026-02-03 08:00"),
        # a window opens and falls due
        ({"anchor": "missing_since", "opens": "P3D", "due": "P5D"}, "2026-02-05 08:00", "2026-02-07 08:00"),
    ],
)
def test_a_duty_arises_and_falls_due(fields: dict[str, Any], arises: str, due: str | None) -> None:
    o = only(MISSING, **fields)
    assert o.arises_at == london(arises)
    assert o.due == (london(due) if due else None)
    assert o.status == "open"


def test_when_nobody_knows_since_when_it_counts_from_the_report() -> None:
    assert only(reported("2026-02-02 10:00"), anchor="missing_since", due="PT24H").due == london("2026-02-03 10:00")


def test_found_and_returned_are_two_moments() -> None:
    located = MISSING.found("2026-02-03 09:00", back_safe=False)
    assert only(located, "2026-02-03 10:00", anchor="found_at", due="PT72H").due == london("2026-02-06 09:00")
    assert none(located, "2026-02-03 10:00", anchor="returned_at", due="PT72H")
    home = located.then("found", "2026-02-03 15:00", found_at="2026-02-03 09:00", returned_at="2026-02-03 15:00", back_safe=True)
    assert only(home, "2026-02-03 16:00", anchor="returned_at", due="PT72H").due == london("2026-02-06 15:00")


def test_a_child_said_not_to_be_back_safe_is_located_until_somebody_says_otherwise() -> None:
    located = MISSING.found("2026-02-03 09:00").then("set", "2026-02-03 09:10", facts={"safe_return": False})
    assert none(located, "2026-02-03 10:00", anchor="returned_at", due="PT72H")
    home = located.then("set", "2026-02-03 15:00", facts={"safe_return": True})
    assert only(home, "2026-02-03 16:00", anchor="returned_at", due="PT72H").due == london("2026-02-06 15:00")
    fetched = located.then("found", "2026-02-03 15:00", found_at="2026-02-03 09:00", returned_at="2026-02-03 14:00")
    assert only(fetched, "2026-02-03 16:00", anchor="returned_at", due="PT72H", when={"fact": "safe_return", "is": True})
    assert only(home, "2026-02-03 16:00", anchor="found_at", due="PT72H").due == london("2026-02-06 09:00")


@pytest.mark.parametrize(
    ("found", "on_return", "status"),
    [
        # due 2026-02-03 10:00
        ("2026-02-02 20:00", "keep", "open"),  # G7: what was asked is asked still
        ("2026-02-02 20:00", "lapse", "void"),
        ("2026-02-02 20:00", "stop", "void"),
        ("2026-02-03 09:59", "lapse", "void"),
        ("2026-02-03 10:00", "lapse", "open"),  # it was due by then
        ("2026-02-03 12:00", "lapse", "open"),
        ("2026-02-03 12:00", "stop", "void"),
    ],
)
def test_what_a_return_does_to_an_open_duty(found: str, on_return: str, status: str) -> None:
    assert only(MISSING.found(found), "2026-02-04 12:00", due="PT24H", on_return=on_return).status == status


def test_a_duty_that_would_lapse_stays_for_those_the_rule_excepts() -> None:
    rule: Rule = {"due": "PT24H", "on_return": "lapse", "unless": {"fact": "risk_level", "is": "high"}}
    high = reported("2026-02-02 10:00", risk_level="high").found("2026-02-02 20:00")
    assert only(high, "2026-02-04 12:00", **rule).status == "open"
    told_after = MISSING.found("2026-02-02 20:00").set("2026-02-02 21:00", risk_level="high")
    assert only(told_after, "2026-02-04 12:00", **rule).status == "void"


def test_what_is_done_is_met_and_what_is_done_late_is_met_and_late() -> None:
    on_time, late = (MISSING.done(at, "written_briefing") for at in ("2026-02-03 10:00", "2026-02-03 10:01"))
    assert only(on_time, "2026-02-04 12:00", due="PT24H").status == "met"
    assert not only(on_time, "2026-02-04 12:00", due="PT24H").late_at(london("2026-02-04 12:00"))
    assert only(late, "2026-02-04 12:00", due="PT24H").late_at(london("2026-02-04 12:00"))
    assert only(MISSING, "2026-02-03 10:00", due="PT24H").late_at(london("2026-02-03 10:00")) is False
    assert only(MISSING, "2026-02-03 10:01", due="PT24H").late_at(london("2026-02-03 10:01"))


def test_what_was_done_and_taken_back_is_owed_again() -> None:
    assert only(MISSING.done("2026-02-02 11:00", "written_briefing").undone("2026-02-02 11:05")).status == "open"


def test_what_was_done_before_its_anchor_does_not_count() -> None:
    before = MISSING.done("2026-02-02 11:00", "written_briefing").found("2026-02-02 12:00")
    assert only(before, "2026-02-02 13:00", anchor="returned_at", due="PT72H").status == "open"


def test_a_waiver_and_an_extension_belong_to_the_duty_and_not_to_its_time() -> None:
    rule: Rule = {"anchor": "missing_since", "due": "PT24H"}
    waived = MISSING.then("waived", "2026-02-02 11:00", rule="brief", nth=1)
    extended = MISSING.then("extended", "2026-02-02 11:00", rule="brief", nth=1, until="2026-02-05 12:00")
    corrected = {"missing_since": "2026-02-01 20:00"}
    assert only(waived.then("corrected", NOW, **corrected), **rule).status == "waived"
    assert only(extended, **rule).due == london("2026-02-05 12:00")
    assert only(extended.then("corrected", NOW, **corrected), **rule).due == london("2026-02-05 12:00")


def test_an_extension_never_shortens() -> None:
    extended = MISSING.then("extended", "2026-02-02 11:00", rule="brief", nth=1, until="2026-02-03 12:00")
    moved = extended.then("corrected", NOW, missing_since="2026-02-02 09:45").then("corrected", NOW, missing_since="2026-02-02 09:50")
    assert only(moved, anchor="missing_since", due="PT48H").due == london("2026-02-04 09:50")


def test_a_condition_that_comes_true_later_brings_the_duty_then() -> None:
    rule: Rule = {"when": {"fact": "risk_level", "is": "high"}, "due": "PT24H"}
    assert none(MISSING, **rule)
    told = only(MISSING.set("2026-02-02 11:30", risk_level="high"), **rule)
    assert (told.arises_at, told.due) == (london("2026-02-02 11:30"), london("2026-02-03 11:30"))


def test_a_duty_that_arose_stays_when_its_fact_changes_back() -> None:
    rule: Rule = {"when": {"fact": "risk_level", "is": "high"}, "due": "PT24H"}
    back = MISSING.set("2026-02-02 11:30", risk_level="high").set("2026-02-02 11:40", risk_level="medium")
    assert only(back, **rule).status == "open"


def test_who_the_child_is_was_true_all_along() -> None:
    rule: Rule = {"when": {"fact": "care_status", "is": "looked_after"}, "due": "PT24H"}
    assert only(MISSING.set("2026-02-02 11:30", care_status="looked_after"), **rule).arises_at == london("2026-02-02 10:00")
    corrected = MISSING.set("2026-02-02 11:30", care_status="looked_after").set("2026-02-02 11:40", care_status="child_in_need")
    assert none(corrected, **rule)


@pytest.mark.parametrize(
    ("found", "reached"),
    [("2026-02-03 07:59", False), ("2026-02-03 08:00", True), ("2026-02-03 08:01", True)],
)
def test_a_mark_is_reached_by_exactly_its_time(found: str, reached: bool) -> None:
    rule: Rule = {"anchor": "missing_since", "due": "PT24H", "basis": "mark"}
    assert none(MISSING.found(found), "2026-02-04 12:00", **rule) is not reached


def test_found_before_a_mark_and_corrected_to_after_it_brings_the_mark() -> None:
    rule: Rule = {"anchor": "missing_since", "due": "PT24H", "basis": "mark"}
    early = MISSING.found("2026-02-02 20:00")
    assert none(early, "2026-02-04 12:00", **rule)
    assert only(early.then("corrected", "2026-02-04 12:00", found_at="2026-02-03 12:00"), "2026-02-04 12:00", **rule).due == london(
        "2026-02-03 08:00"
    )
    reopened = early.then("corrected", "2026-02-04 12:00", found_at=None)
    assert only(reopened, "2026-02-04 12:00", **rule).due == london("2026-02-03 08:00")


def test_a_void_episode_asks_for_nothing_more() -> None:
    assert only(MISSING.then("voided", "2026-02-02 11:00", reason="twice"), due="PT24H").status == "void"


def test_the_owner_is_the_first_that_fits() -> None:
    owners = [
        {"role": "head_of_service", "when": {"fact": "risk_level", "is": "high"}},
        {"role": "team_manager", "when": {"fact": "uasc", "is": True}},
        "social_worker",
    ]
    assert only(MISSING, owner=owners).owner == "social_worker"
    assert only(reported("2026-02-02 10:00", uasc=True), owner=owners).owner == "team_manager"
    assert only(reported("2026-02-02 10:00", uasc=True, risk_level="high"), owner=owners).owner == "head_of_service"


def test_the_chair_of_the_third_meeting_is_another() -> None:
    pack = protocol(
        duty(
            "meet",
            "strategy_meeting",
            due="P5D",
            chair=[{"role": "team_manager"}, {"role": "head_of_service", "from_number": 3}],
        )
    )
    held = [
        reported(f"2026-01-{day} 10:00").then("held", f"2026-01-{day} 12:00", action="strategy_meeting").found(f"2026-01-{day} 13:00")
        for day in (10, 20)
    ]
    assert one(asked(pack, held[0], MISSING, now=NOW), "strategy_meeting").chair == "team_manager"
    assert one(asked(pack, *held, MISSING, now=NOW), "strategy_meeting").chair == "head_of_service"


SERIES = protocol(duty("review", "review_strategy_meeting", anchor="missing_since", due="P7D", basis="mark", repeat={"every": "P7D"}))


def test_a_series_counts_from_when_the_last_one_was_held() -> None:
    held = MISSING.then("held", "2026-02-10 08:00", action="review_strategy_meeting")
    first, second = of(asked(SERIES, held, now="2026-02-11 08:00"), "review_strategy_meeting")
    assert (first.status, first.due) == ("met", london("2026-02-09 08:00"))
    assert (second.status, second.due) == ("open", london("2026-02-17 08:00"))


def test_a_series_ends_with_the_childs_return() -> None:
    held = MISSING.then("held", "2026-02-10 08:00", action="review_strategy_meeting").found("2026-02-10 07:00", told_at="2026-02-10 09:00")
    assert len(of(asked(SERIES, held, now="2026-02-20 08:00"), "review_strategy_meeting")) == 1


def test_a_series_goes_on_after_one_was_waived() -> None:
    waived = MISSING.then("waived", "2026-02-09 12:00", rule="review", nth=1)
    found = of(asked(SERIES, waived, now="2026-02-17 08:00"), "review_strategy_meeting")
    assert [o.status for o in found] == ["waived", "open"]


def test_a_grid_asks_every_period_whether_done_or_not() -> None:
    daily = protocol(
        duty(
            "contact",
            "contact_attempt",
            anchor="missing_since",
            due="P1D",
            repeat={"every": "P1D", "counted_from": "grid"},
            on_return="stop",
        )
    )
    second_done = MISSING.done("2026-02-04 06:00", "contact_attempt")
    derived = asked(daily, second_done, now="2026-02-05 12:00")
    assert [(o.status, f"{o.due:%d %H:%M}") for o in of(derived, "contact_attempt")] == [
        ("void", "03 08:00"),
        ("met", "04 08:00"),
        ("void", "05 08:00"),
        ("open", "06 08:00"),
    ]


def test_twice_missing_on_one_day_is_one_daily_duty() -> None:
    daily = protocol(
        duty(
            "contact",
            "contact_attempt",
            anchor="missing_since",
            due="P1D",
            clock="calendar_days",
            repeat={"every": "P1D", "counted_from": "grid"},
        )
    )
    twice = MISSING.then("reclassified", "2026-02-02 11:00", category="absent").then("reclassified", "2026-02-02 13:00", category="missing")
    found = of(asked(daily, twice, now="2026-02-03 12:00"), "contact_attempt")
    assert len({o.key for o in found}) == len(found)
    assert [o.status for o in found if o.due == london("2026-02-03 23:59:59")] == ["open"]


def test_an_interview_held_was_offered_too_and_a_declined_one_is_waived() -> None:
    pack = protocol(
        duty("offer", "return_interview_offer", anchor="returned_at"),
        duty("interview", "return_interview", anchor="returned_at", due="PT72H"),
    )
    home = MISSING.found("2026-02-02 20:00")
    held = home.then("interviewed", "2026-02-03 10:00", action="return_interview", outcome="conducted")
    assert statuses(asked(pack, held, now="2026-02-03 11:00")) == {"offer": "met", "interview": "met"}
    declined = home.then("interviewed", "2026-02-03 10:00", action="return_interview", outcome="declined", reason="does not want to")
    assert statuses(asked(pack, declined, now="2026-02-03 11:00"))["interview"] == "waived"


def test_a_notice_is_told_when_it_opens_and_only_while_missing_if_it_says_so() -> None:
    notice = {
        "id": "tell-iro",
        "clauses": ["TRI-044"],
        "says": "The child is still missing",
        "anchor": "missing_since",
        "opens": "PT24H",
        "tell": ["iro"],
        "while_missing": True,
    }
    pack = protocol(notices=[notice])
    assert [t.at for t in asked(pack, MISSING, now=NOW).tellings] == [london("2026-02-03 08:00")]
    assert asked(pack, MISSING.found("2026-02-02 20:00"), now="2026-02-04 08:00").tellings == ()


def test_the_coordinator_hears_at_the_marks_of_the_house() -> None:
    pack = protocol(house={})
    assert [f"{t.at:%d %H:%M}" for t in asked(pack, MISSING, now=NOW).tellings] == ["03 08:00", "05 08:00", "07 08:00"]
    late = reported("2026-02-06 10:00", since="2026-02-02 08:00")
    assert [f"{t.at:%d %H:%M}" for t in asked(pack, late, now="2026-02-06 10:00").tellings] == ["06 10:00", "07 08:00"]


def test_the_next_edge_is_the_next_thing_that_happens_by_itself() -> None:
    pack = protocol(
        duty("brief", "written_briefing", due="PT24H"), duty("tell", "dcs_notification", anchor="missing_since", due="PT72H", basis="mark")
    )
    derived = asked(pack, MISSING, now=NOW)
    assert derived.next_edge(london(NOW)) == london("2026-02-03 10:00")
    assert derived.next_edge(london("2026-02-03 10:00")) == london("2026-02-05 08:00")
    assert derived.next_edge(london("2026-02-05 08:00")) is None


def test_over_a_clock_change_72_hours_are_72_hours() -> None:
    story = reported("2026-03-28 10:00")
    assert only(story, "2026-03-28 10:00", due="PT72H").due == london("2026-03-31 11:00")
    assert only(story, "2026-03-28 10:00", due="P3D", clock="calendar_days").due == london("2026-03-31 23:59:59")


def test_a_copy_of_a_pack_without_a_duty_does_not_ask_for_it() -> None:
    pack = protocol(duty("brief", "written_briefing"))
    assert of(asked(pack, MISSING, now=NOW), "written_briefing")
    assert not of(asked(pack.model_copy(update={"duties": ()}), MISSING, now=NOW), "written_briefing")
