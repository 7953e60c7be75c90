"""The line of time of an episode: one look tells how it stands."""

from policies.load import pack
from policies.timeline import Timeline, marks, timeline
from tests.moments import london
from tests.policies.stories import Story, asked, reported
from tests.protocols import protocol, threshold

AT_HOME = {"care_status": "child_in_need"}


def line(*stories: Story, now: str) -> Timeline:
    return timeline(asked(pack("triborough"), *stories, now=now, born="2012-03-04"), london(now))


def states(found: Timeline, rule: str) -> list[str]:
    return [span.state for lane in found.lanes if lane.rule == rule for span in lane.spans]


MISSING = reported("2026-02-06 22:15", since="2026-02-06 21:30", **AT_HOME)


def test_what_is_open_late_and_still_to_come_is_told_apart() -> None:
    found = line(MISSING, now="2026-02-09 22:00")
    assert states(found, "strategy-discussion") == ["late"]
    assert states(found, "strategy-meeting") == ["open"]
    assert states(found, "director-told-5-days") in (["ahead"], [])
    assert states(line(MISSING, now="2026-02-07 22:00"), "strategy-meeting") == ["ahead"]


def test_what_was_done_is_in_time_or_late_by_when_it_was_done() -> None:
    held = MISSING.then("held", "2026-02-09 11:00", action="strategy_discussion", done_at="2026-02-09 10:00")
    late = MISSING.then("held", "2026-02-10 11:00", action="strategy_discussion", done_at="2026-02-10 10:00")
    assert states(line(held, now="2026-02-11 10:00"), "strategy-discussion") == ["done"]
    assert states(line(late, now="2026-02-11 10:00"), "strategy-discussion") == ["done_late"]


def test_it_names_what_happened_and_the_marks_of_the_protocol_once_each() -> None:
    found = line(MISSING.found("2026-02-11 07:30"), now="2026-02-11 10:00")
    happened = {mark.says: mark.at for mark in found.marks if mark.kind == "happened"}
    assert happened == {
        "Missing since": london("2026-02-06 21:30"),
        "Reported": london("2026-02-06 22:15"),
        "Found": london("2026-02-11 07:30"),
    }
    named = [mark.at for mark in found.marks if mark.kind == "named"]
    assert london("2026-02-07 21:30") in named
    assert london("2026-02-09 21:30") in named
    assert len(named) == len(set(named))


def test_marks_to_come_are_known_before_they_come() -> None:
    derived = asked(pack("triborough"), MISSING, now="2026-02-06 22:30")
    ahead = sorted(mark.at for mark in marks(derived))
    assert ahead[0] == london("2026-02-07 21:30")
    assert london("2026-02-11 21:30") in ahead


def test_a_child_who_is_back_has_no_marks_to_come() -> None:
    derived = asked(pack("triborough"), MISSING.found("2026-02-07 06:00"), now="2026-02-07 07:00")
    assert [mark for mark in marks(derived) if mark.at > london("2026-02-07 07:00")] == []


def test_the_window_of_a_threshold_names_the_episodes_that_count_and_how_far_back() -> None:
    first = reported("2026-05-10 12:00", since="2026-05-10 12:00", **AT_HOME).found("2026-05-10 23:00")
    second = reported("2026-05-20 18:00", since="2026-05-20 18:00", **AT_HOME).found("2026-05-20 23:00")
    third = reported("2026-06-10 11:30", since="2026-06-10 11:00", **AT_HOME)
    window = next(w for w in line(first, second, third, now="2026-06-10 12:00").windows if "TRI-069" in w.clauses or w.needed == 3)
    assert window.reached
    assert window.since == london("2026-05-10 11:00")
    assert window.counted == (london("2026-05-10 12:00"), london("2026-05-20 18:00"), london("2026-06-10 11:00"))
    alone = next(w for w in line(third, now="2026-06-10 12:00").windows if w.needed == 3)
    assert (alone.reached, len(alone.counted)) == (False, 1)


def test_the_line_begins_with_the_episode_and_shows_what_is_to_come_no_further_than_has_passed() -> None:
    found = line(MISSING, now="2026-02-09 22:00")
    assert found.begins == london("2026-02-06 21:30")
    assert london("2026-02-11 21:30") <= found.ends < london("2026-02-13 00:00")


def test_what_somebody_may_not_know_of_is_not_on_their_line() -> None:
    derived = asked(pack("triborough"), MISSING, now="2026-02-07 10:00")
    found = timeline(derived, london("2026-02-07 10:00"), lambda o: o.owner == "police")
    assert {lane.owner for lane in found.lanes} == {"police"}


def test_an_absence_that_became_missing_was_away_first_and_is_counted_from_when_it_was_missing() -> None:
    away = "away_from_placement_without_authorisation"
    lapsed = reported("2026-02-02 18:00", away, since="2026-02-02 17:00", absence_limit_at="2026-02-02 23:00")
    found = timeline(asked(protocol(thresholds=[threshold(count=1)]), lapsed, now="2026-02-03 09:00"), london("2026-02-03 09:00"))
    happened = {mark.says: mark.at for mark in found.marks if mark.kind == "happened"}
    assert happened["Away since"] == london("2026-02-02 17:00")
    assert happened["The agreed limit passed: missing"] == london("2026-02-02 23:00")
    assert "Missing since" not in happened
    assert [window.counted for window in found.windows] == [(london("2026-02-02 23:00"),)]
