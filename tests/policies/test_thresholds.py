"""Thresholds: counted to the minute, raised once, armed again as MATRIX G4 to G6 say."""

from collections.abc import Sequence

import pytest

from policies.pack import Pack
from policies.thresholds import Crossing
from tests.policies.stories import Story, asked, child, reported
from tests.protocols import duty, protocol, threshold

THREE = protocol(thresholds=[threshold(window="P28D", reset_by="strategy_meeting")])


def missing(at: str, back: str | None = None, category: str = "missing") -> Story:
    """An episode reported the moment it began; back an hour later unless said."""
    story = reported(at, category)
    return story.found(back or at.replace(":00", ":50"))


def crossed(pack: Pack, *stories: Story, now: str = "2026-12-31 12:00", rule: str = "three-in-a-month") -> list[Crossing]:
    """Every crossing of the rule in the child's history."""
    return list(asked(pack, *stories, now=now).reading.crossings[rule])


def which(crossings: Sequence[Crossing]) -> list[tuple[str, int, int]]:
    """(episode, arming, count) of each crossing."""
    return [(c.episode, c.arming, c.count) for c in crossings]


JAN_5, JAN_12, JAN_19, JAN_26 = (missing(f"2026-01-{day:02} 10:00") for day in (5, 12, 19, 26))


def test_the_third_crosses_and_the_fourth_does_not_cross_again() -> None:
    assert which(crossed(THREE, JAN_5, JAN_12)) == []
    assert which(crossed(THREE, JAN_5, JAN_12, JAN_19)) == [("e3", 1, 3)]
    assert which(crossed(THREE, JAN_5, JAN_12, JAN_19, JAN_26)) == [("e3", 1, 3)]


@pytest.mark.parametrize(
    ("window", "first", "last", "crosses"),
    [
        # windows are measured to the minute, both ends counted
        ("P28D", "2026-01-05 10:00", "2026-02-02 10:00", True),
        ("P28D", "2026-01-05 09:59", "2026-02-02 10:00", False),
        ("P90D", "2026-01-05 10:00", "2026-04-05 11:00", True),  # 90 × 24 h, into summer time
        ("P90D", "2026-01-05 09:59", "2026-04-05 11:00", False),
        ("P1M", "2026-01-31 10:00", "2026-02-28 10:00", True),  # the same local time a month earlier, clamped
        ("P1M", "2026-02-28 10:00", "2026-03-31 10:00", True),
        ("P1M", "2026-02-28 09:59", "2026-03-31 10:00", False),
        ("P1M", "2026-03-15 10:00", "2026-04-15 10:00", True),  # local time: an hour less than 31 days
        ("P1M", "2026-03-15 09:59", "2026-04-15 10:00", False),
    ],
)
def test_a_window_is_measured_to_the_minute(window: str, first: str, last: str, crosses: bool) -> None:
    pack = protocol(thresholds=[threshold(window=window)])
    middle = missing("2026-02-01 10:00" if last < "2026-03" else "2026-03-20 10:00")
    assert bool(crossed(pack, missing(first), middle, missing(last))) is crosses


def test_it_is_armed_again_when_the_count_falls_below() -> None:
    later = [missing(f"2026-03-{day:02} 10:00") for day in (2, 9, 16)]
    assert which(crossed(THREE, JAN_5, JAN_12, JAN_19, *later)) == [("e3", 1, 3), ("e6", 2, 3)]


def test_it_is_armed_again_by_three_new_episodes_after_a_held_meeting() -> None:
    held = JAN_19.then("held", "2026-01-20 10:00", action="strategy_meeting", done_at="2026-01-20 10:00")
    fourth, fifth, sixth = (missing(f"2026-01-{day} 10:00") for day in (22, 24, 26))
    assert which(crossed(THREE, JAN_5, JAN_12, held, fourth, fifth)) == [("e3", 1, 3)]
    assert which(crossed(THREE, JAN_5, JAN_12, held, fourth, fifth, sixth))[1][:2] == ("e6", 2)


def test_without_the_meeting_a_run_of_episodes_crosses_once() -> None:
    run = [missing(f"2026-01-{day:02} 10:00") for day in range(5, 20)]
    assert which(crossed(THREE, *run)) == [("e3", 1, 3)]


def test_a_void_episode_is_counted_away_and_the_crossing_with_it() -> None:
    void = JAN_12.then("voided", "2026-01-13 10:00", reason="entered twice")
    assert which(crossed(THREE, JAN_5, void, JAN_19)) == []
    assert which(crossed(THREE, JAN_5, void, JAN_19, JAN_26)) == [("e4", 1, 3)]


def test_absences_do_not_count_as_missing_and_the_other_way_round() -> None:
    absent = missing("2026-01-12 10:00", category="absent")
    assert which(crossed(THREE, JAN_5, absent, JAN_19)) == []
    three_absences = protocol(thresholds=[threshold(window="P28D", of="absent")])
    assert which(crossed(three_absences, JAN_5, absent, JAN_19)) == []
    either = protocol(thresholds=[threshold(window="P28D", of="missing_or_absent")])
    assert which(crossed(either, JAN_5, absent, JAN_19)) == [("e3", 1, 3)]


def test_an_absence_that_became_missing_counts_as_missing() -> None:
    became = reported("2026-01-12 10:00", "absent").then("reclassified", "2026-01-12 12:00", category="missing").found("2026-01-12 14:00")
    assert which(crossed(THREE, JAN_5, became, JAN_19)) == [("e3", 1, 3)]


def test_an_episode_told_late_is_counted_where_it_happened_and_crosses_when_told() -> None:
    late = reported("2026-01-21 10:00", since="2026-01-06 10:00").found("2026-01-06 12:00", told_at="2026-01-21 10:05")
    found = asked(THREE, JAN_5, JAN_19, late, now="2026-01-21 10:10").reading.crossings["three-in-a-month"]
    assert [c.episode for c in found] == ["e2"]


@pytest.mark.parametrize(
    ("hours", "crosses"),
    [(71, False), (72, True), (100, True)],
)
def test_only_episodes_long_enough_are_counted(hours: int, crosses: bool) -> None:
    pack = protocol(thresholds=[threshold("long", count=1, window=None, min_duration="PT72H")])
    back = {71: "2026-01-08 09:00", 72: "2026-01-08 10:00", 100: "2026-01-09 14:00"}[hours]
    assert bool(crossed(pack, missing("2026-01-05 10:00", back), rule="long")) is crosses


def test_an_episode_that_lasts_is_counted_from_the_moment_it_is_long_enough() -> None:
    pack = protocol(thresholds=[threshold("long", count=1, window=None, min_duration="PT72H")])
    assert crossed(pack, reported("2026-01-05 10:00"), now="2026-01-08 09:59", rule="long") == []
    (crossing,) = crossed(pack, reported("2026-01-05 10:00"), now="2026-01-08 10:00", rule="long")
    assert crossing.at.isoformat() == "2026-01-08T10:00:00+00:00"


def test_the_moment_a_long_episode_will_be_counted_is_one_to_look_again() -> None:
    pack = protocol(thresholds=[threshold("long", count=1, window=None, min_duration="PT72H", tell=["team_manager"])])
    derived = asked(pack, reported("2026-01-05 10:00"), now="2026-01-05 10:00")
    edge = derived.next_edge(derived.reading.now)
    assert edge is not None
    assert edge.isoformat() == "2026-01-08T10:00:00+00:00"


def test_what_a_threshold_asks_for_is_asked_in_the_episode_that_crossed() -> None:
    pack = protocol(
        duty("review", "management_review", anchor={"threshold": "three-in-a-month"}, due="P5D"), thresholds=[threshold(window="P28D")]
    )
    third = asked(pack, JAN_5, JAN_12, JAN_19, now="2026-01-19 12:00")
    assert [(o.duty.id, o.due.isoformat() if o.due else "") for o in third.obligations] == [("review", "2026-01-24T10:00:00+00:00")]
    fourth = asked(pack, JAN_5, JAN_12, JAN_19, JAN_26, now="2026-01-26 12:00")
    assert fourth.obligations == ()


def test_episodes_are_counted_by_when_they_began_whatever_their_order() -> None:
    assert which(crossed(THREE, JAN_19, JAN_5, JAN_12)) == [("e1", 1, 3)]


def test_a_child_of_one_episode_is_a_child() -> None:
    assert child(JAN_5).episodes[0].id == "e1"
