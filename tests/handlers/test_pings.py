"""Who is pinged, where, how often; what pauses it and what ends it."""

from datetime import time

import pytest

from handlers.cycles.deliver import deliver
from handlers.cycles.digest import digest
from handlers.cycles.remind import remind
from handlers.desk import actor
from handlers.rota import DAYS, Shift
from handlers.verbs.complete import Complete, complete
from storage import obligations
from tests.fakes import AUTHORITY, PLATFORM, Duty, person
from tests.handlers.conftest import Opens
from tests.moments import london
from tests.protocols import duty as rule
from tests.protocols import threshold

BRIEF = rule("brief", "written_briefing", due="PT24H")


@pytest.fixture
def missing(opens: Opens) -> Duty:
    """A briefing due on Tuesday at 10:00."""
    duty = opens(BRIEF)
    duty.report(missing_since="08:00")
    return duty


# ---- the ladder of one duty, played through


def test_the_owner_then_edt_then_the_manager_then_the_next_one_up(missing: Duty) -> None:
    missing.until("2026-02-02 21:30")
    missing.expect(kind="reminder", action="written_briefing", to="social_worker")
    missing.until("2026-02-03 10:00")
    missing.expect(kind="due", action="written_briefing", to="social_worker", at="2026-02-03 10:00")
    missing.forward(hours=1)
    assert "please ring" in missing.expect(kind="escalation", to="edt").text
    missing.forward(hours=3)
    missing.expect(kind="escalation", to="team_manager", at="2026-02-03 14:00")
    missing.forward(hours=20)
    missing.expect(kind="escalation", to="head_of_service", at="2026-02-04 10:00")
    missing.forward(days=5)
    missing.expect_silence(action="written_briefing")


def test_i_have_it_before_due_pauses_until_due_and_never_past_it(missing: Duty) -> None:
    missing.press("acknowledge", "written_briefing", "social_worker")
    missing.until("2026-02-03 09:59")
    missing.expect_silence(kind="reminder")
    missing.forward(minutes=1)
    missing.expect(kind="due", action="written_briefing")


def test_i_have_it_after_due_pauses_four_hours_and_then_it_goes_on(missing: Duty) -> None:
    missing.until("2026-02-03 10:30")
    missing.press("acknowledge", "written_briefing", "social_worker")
    missing.until("2026-02-03 14:29")
    missing.expect_silence(kind="escalation")
    missing.forward(minutes=1)
    assert "Social worker has it in hand since Tue 3 Feb 10:30" in missing.expect(kind="escalation", to="team_manager").text


def test_i_have_it_twice_is_recorded_twice_and_pauses_once(missing: Duty) -> None:
    missing.until("2026-02-03 10:30")
    missing.press("acknowledge", "written_briefing", "social_worker")
    missing.forward(hours=1)
    missing.press("acknowledge", "written_briefing", "edt")
    assert [e.actor for e in missing.told() if e.kind == "acknowledged"] == ["social_worker", "edt"]
    missing.until("2026-02-03 14:30")
    missing.expect(kind="escalation", to="team_manager")


def test_at_high_risk_a_pause_is_two_hours(opens: Opens) -> None:
    duty = opens(rule("brief", "written_briefing", due="PT2H"))
    duty.report(risk_level="high")
    duty.until("2026-02-02 15:30")
    duty.press("acknowledge", "written_briefing", "social_worker")
    duty.forward(hours=1, minutes=59)
    duty.expect_silence(kind="escalation")
    duty.forward(minutes=1)
    duty.expect(kind="escalation", to="team_manager")


def test_pressing_i_have_it_twice_in_a_row_is_one_press(missing: Duty) -> None:
    row = missing.row("written_briefing", "acknowledge")
    first = missing.press_row("acknowledge", row, "social_worker")
    again = missing.press_row("acknowledge", row, "social_worker")
    assert missing.answer(again).lines == missing.answer(first).lines
    assert [e.kind for e in missing.told()].count("acknowledged") == 1


def test_having_it_is_shown_in_the_post_that_asked(missing: Duty) -> None:
    seen = missing.ever(action="written_briefing", kind="notice")[0]
    missing.press("acknowledge", "written_briefing", "social_worker")
    (row,) = (r for r in missing.now_shown(seen.post).rows if r.action == "written_briefing")
    assert row.state == "social worker owes it, due Tue 3 Feb 10:00; Social worker has it in hand since Mon 2 Feb 10:00"


def test_done_stops_everything(missing: Duty) -> None:
    missing.press("complete", "written_briefing", "social_worker")
    missing.forward(days=7)
    missing.expect_silence(action="written_briefing")


def test_a_manager_rung_by_edt_is_acknowledged_on_their_behalf(missing: Duty) -> None:
    missing.until("2026-02-03 11:05")
    missing.press("phoned", "written_briefing", "edt", on_behalf="team manager", at="11:03")
    entry = missing.told()[-1]
    assert (entry.kind, entry.actor, entry.on_behalf) == ("acknowledged", "edt", "team manager")
    assert "2026-02-03T11:03" in entry.payload["phoned_at"]
    missing.until("2026-02-03 15:04")
    missing.expect_silence(kind="escalation")


# ---- posts: bundled, edited to their end, withdrawn


def test_what_falls_due_at_one_moment_is_one_post_a_person(opens: Opens) -> None:
    duty = opens(*(rule(f"r{n}", action, due="PT6H") for n, action in enumerate(["written_briefing", "risk_assessment", "missing_record"])))
    duty.report()
    duty.forward(hours=6)
    due = duty.came(kind="due")
    assert len(due) == 3
    assert len({seen.post for seen in due}) == 1


def test_a_due_time_that_is_corrected_is_said_in_the_post_that_named_it(missing: Duty) -> None:
    moved = missing.answer(missing.type("extend", by="team_manager", action="written_briefing", until="wed 12:00", reason="snow"))
    assert "Extended to Wed 4 Feb 12:00" in moved.text
    post = missing.ever(action="written_briefing", kind="notice")[0].post
    assert "Due moved from Tue 3 Feb 10:00 to Wed 4 Feb 12:00: extended by Team manager" in missing.now_shown(post).lines
    missing.until("2026-02-04 11:59")
    missing.expect_silence(kind="due")
    missing.forward(minutes=1)
    missing.expect(kind="due", action="written_briefing", at="2026-02-04 12:00")


@pytest.fixture
def mark(opens: Opens) -> Duty:
    """The director is to be told after 24 hours missing; reported at 10:00, missing since 08:00."""
    duty = opens(
        rule("tell", "dcs_notification", owner="head_of_service", anchor="missing_since", due="PT24H", basis="mark", escalate_to=[])
    )
    duty.report(missing_since="08:00")
    return duty


def test_a_correction_to_earlier_after_the_mark_sends_it_at_once_and_once(mark: Duty) -> None:
    mark.type("correct", missing_since="1 Feb 08:00", reason="seen then last")
    mark.expect(kind="due", action="dcs_notification", to="head_of_service")
    mark.forward(days=2)
    mark.expect_silence(kind="due")


def test_a_correction_to_later_after_the_ping_asks_again_at_its_time(mark: Duty) -> None:
    mark.until("2026-02-03 08:00")
    mark.expect(kind="due", action="dcs_notification")
    mark.type("correct", missing_since="2 Feb 09:30", reason="seen at nine")
    mark.expect_silence()
    mark.until("2026-02-03 09:29")
    mark.expect_silence(kind="due")
    mark.forward(minutes=1)
    mark.expect(kind="due", action="dcs_notification", at="2026-02-03 09:30")


def test_a_correction_by_less_than_a_quarter_of_an_hour_sends_nothing_again(mark: Duty) -> None:
    mark.until("2026-02-03 08:00")
    mark.type("correct", missing_since="2 Feb 08:14", reason="to the minute")
    mark.forward(hours=3)
    mark.expect_silence(kind="due")
    assert mark.owed("dcs_notification").due == london("2026-02-03 08:14")


def test_found_before_the_mark_sends_nothing(mark: Duty) -> None:
    mark.type("found", found_at="09:00")
    mark.forward(days=3)
    mark.expect_silence(action="dcs_notification")


def test_a_post_that_waits_and_is_no_longer_owed_is_never_sent(missing: Duty) -> None:
    missing.until("2026-02-03 09:59")
    missing.now = london("2026-02-03 10:00")
    remind(missing.desks_at(missing.now))  # queued, and before it goes out …
    with missing.desk() as desk:
        complete(Complete(missing.reference, "written_briefing"), desk, actor(desk, "social_worker"))
    sent = len(missing.platform.sent)
    while deliver(missing.desks_at(missing.now), {PLATFORM: missing.platform}):
        pass
    assert [p.post.kind for _, p in missing.platform.sent[sent:]] == []


def test_the_fallback_of_a_post_says_a_reference_and_a_time_and_no_more(missing: Duty) -> None:
    missing.until("2026-02-03 10:00")
    post = missing.expect(kind="due").post
    assert missing.now_shown(post).fallback == f"Homeward: {missing.reference} needs you, due Tue 3 Feb 10:00"


# ---- who


def test_a_role_nobody_holds_goes_up_at_once_and_is_raised_itself(opens: Opens) -> None:
    duty = opens(rule("tell", "hos_notification", owner="head_of_service", due="PT1H"), empty=["head_of_service"])
    duty.report()
    duty.forward(hours=1)
    assert duty.came(action="hos_notification", to="assistant_director")
    assert any("Nobody holds the role head of service" in s.text for s in duty.ever(kind="alarm"))


def test_where_nobody_is_left_the_management_room_hears(opens: Opens) -> None:
    duty = opens(BRIEF, empty=["social_worker", "team_manager", "head_of_service", "assistant_director", "la_missing_coordinator", "edt"])
    duty.report(by="police")
    duty.forward(hours=24)
    assert {(s.where, s.people) for s in duty.came(action="written_briefing")} == {("room", ())}


def test_of_several_holders_the_first_hears_and_all_of_them_next_time(opens: Opens) -> None:
    duty = opens(BRIEF, holders={"social_worker": 2})
    duty.report()
    assert duty.ever(kind="notice", action="written_briefing")[0].people == ("social_worker",)
    duty.until("2026-02-03 10:00")
    assert duty.expect(kind="due", action="written_briefing").people == ("social_worker", "social_worker.2")


def test_one_of_several_answers_for_all(opens: Opens) -> None:
    duty = opens(BRIEF, holders={"social_worker": 2})
    duty.report()
    duty.press("complete", "written_briefing", "social_worker.2")
    assert duty.owed("written_briefing").status == "met"


def test_the_rota_says_who_is_on_call(opens: Opens) -> None:
    night = Shift("edt", AUTHORITY, "night.edt", DAYS, time(17), time(9))
    day = Shift("edt", AUTHORITY, "day.edt", DAYS, time(9), time(17))
    duty = opens(
        rule("ring", "police_notification", owner="edt", due="PT7H"),
        empty=["edt"],
        also=[person("day.edt", "edt"), person("night.edt", "edt")],
        rota=[night, day],
    )
    duty.report(by="day.edt")
    assert duty.ever(kind="notice", action="police_notification")[0].people == ("day.edt",)
    duty.until("2026-02-02 17:00")
    assert duty.expect(kind="due", action="police_notification").people[0] == "night.edt"


def test_who_is_in_the_room_is_mentioned_and_a_director_gets_a_direct_message(mark: Duty) -> None:
    mark.forward(days=1)
    assert mark.expect(kind="due", action="dcs_notification").where == "direct"
    assert all(s.where == "room" for s in mark.ever(kind="card"))


def test_without_a_room_everybody_gets_a_direct_message(opens: Opens) -> None:
    duty = opens(BRIEF, rooms=["management"])
    duty.report()
    assert duty.ever(kind="notice", action="written_briefing")[0].where == "direct"


# ---- hours


def test_about_a_missing_child_at_any_hour(opens: Opens) -> None:
    duty = opens(rule("brief", "written_briefing", due="PT138H"))
    duty.report()
    duty.until("2026-02-08 04:00")  # a Sunday
    duty.expect(kind="due", at="2026-02-08 04:00")


def test_about_a_child_who_is_back_in_office_hours_while_the_due_time_stays(opens: Opens) -> None:
    duty = opens(rule("interview", "return_interview", anchor="returned_at", due="PT72H"))
    duty.until("2026-02-05 19:00")
    duty.report(missing_since="12:00")
    duty.type("found", found_at="18:00")  # a Thursday: due on Sunday at 18:00
    duty.until("2026-02-09 08:59")
    duty.expect_silence(kind="due")
    duty.forward(minutes=1)
    assert "was due Sun 8 Feb 18:00" in duty.expect(kind="due", action="return_interview", at="2026-02-09 09:00").text


def test_at_high_risk_a_child_who_is_back_is_asked_about_at_any_hour(opens: Opens) -> None:
    duty = opens(rule("interview", "return_interview", anchor="returned_at", due="PT72H"))
    duty.until("2026-02-05 19:00")
    duty.report(missing_since="12:00", risk_level="high")
    duty.type("found", found_at="18:00")
    duty.until("2026-02-08 18:00")
    duty.expect(kind="due", action="return_interview", at="2026-02-08 18:00")


def test_a_night_report_pings_at_night(opens: Opens) -> None:
    duty = opens(rule("tell", "police_notification", due="PT0S", owner="edt"), at="2026-02-07 02:10")
    duty.report()
    duty.expect(kind="due", action="police_notification", at="2026-02-07 02:10")


# ---- the digest


def test_at_half_past_eight_on_working_days_everybody_hears_what_they_still_owe(opens: Opens) -> None:
    duty = opens(rule("assess", "risk_assessment"), at="2026-02-06 10:00")  # a Friday, and the protocol gives no time
    duty.report()
    duty.until("2026-02-09 08:29")
    assert duty.came(kind="digest") == []
    duty.forward(minutes=1)
    seen = duty.expect(kind="digest", action="risk_assessment")
    assert seen.people == ("social_worker",)
    assert seen.where == "direct"
    assert f"{duty.reference}: See to the assess" in seen.text
    duty.press("complete", "risk_assessment", "social_worker")
    duty.until("2026-02-10 09:00")
    assert duty.came(kind="digest") == []


def test_a_digest_comes_once_however_often_the_bot_looks(opens: Opens) -> None:
    duty = opens(rule("assess", "risk_assessment"))
    duty.report()
    duty.until("2026-02-03 08:30")
    duty.expect(kind="digest")
    assert digest(duty.desks_at(duty.now)) == 0


def test_what_nobody_owes_makes_no_digest(missing: Duty) -> None:
    missing.until("2026-02-03 09:00")
    assert missing.came(kind="digest") == []


# ---- several episodes


def test_a_threshold_is_told_once_to_the_management_room(opens: Opens) -> None:
    duty = opens(fields={"thresholds": [threshold(tell=["team_manager"])]})
    for _ in range(4):
        duty.report(case_reference="CS-0042", missing_since="08:00")
        duty.type("found")
        duty.type("close")
        duty.forward(days=1)
    told = duty.ever(kind="threshold")
    assert [(s.where, s.to) for s in told] == [("room", ("team_manager",))]
    assert "3 episodes" in told[0].text


def test_voiding_an_episode_takes_its_crossing_back(opens: Opens) -> None:
    duty = opens(rule("review", "management_review", anchor={"threshold": "three-in-a-month"}), fields={"thresholds": [threshold()]})
    references = []
    for _ in range(3):
        references.append(duty.report(case_reference="CS-0042", missing_since="08:00").reference or "")
        duty.type("found")
        duty.forward(days=1)
    assert duty.owed("management_review").status == "open"
    duty.reference = references[0]
    duty.type("void", by="team_manager", reason="another child")
    duty.reference = references[2]
    assert duty.obligations() == ()
    episode = duty.episode.id
    with duty.desk() as desk:
        assert [r.status for r in obligations.of_episode(desk.session, episode)] == ["void"]
