"""Whose business an episode is by name: who is invited, sent, allocated or given the interview, and who reported it."""

from dataclasses import replace

import pytest

from handlers.errors import Refused
from handlers.pages import home
from tests.fakes import Duty, person
from tests.handlers.conftest import Opens
from tests.handlers.test_meetings import fix
from tests.protocols import duty as rule

NOT_THEIRS = "You are not invited to"


@pytest.fixture
def missing(opens: Opens) -> Duty:
    """Police and health are to meet; nothing is asked of youth justice or a school."""
    sent = replace(person("sam", "agency_safeguarding_lead"), agency="any_agency")
    duty = opens(
        rule("brief", "written_briefing", due="PT24H"),
        rule("meet", "strategy_meeting", due="P5D", attendees=["police", "health_representative"]),
        also=[person("robin", "youth_justice_service"), sent],
    )
    duty.report(missing_since="08:00")
    return duty


def heard(duty: Duty, typed: str, by: str) -> str:
    return duty.answer(duty.hear(f"{typed} {duty.reference}" if typed != "list" else typed, by)).text


def test_somebody_invited_by_name_sees_the_meeting_and_nobody_elses_page_breaks(missing: Duty) -> None:
    fix(missing)
    missing.type("invite", who="robin")
    for who in ("robin", "police", "social_worker"):
        assert "Thu 5 Feb 10:00" in heard(missing, "status", who)
        assert missing.reference in heard(missing, "list", who)
        with missing.desk() as desk:
            looking = desk.directory.person(who)
            assert looking
            assert home.home(desk, looking).invitations or who == "social_worker"
    assert heard(missing, "list", "school") == "No episode is open."
    assert "have it in hand" in missing.answer(missing.press("acknowledge", "strategy_meeting", "police")).text


def test_who_is_sent_to_a_meeting_speaks_for_the_agency_that_sent_them(missing: Duty) -> None:
    fix(missing)
    row = missing.row("strategy_meeting", "decline")
    missing.press("delegate", "strategy_meeting", "police", to="sam")
    assert "Strategy meeting" in heard(missing, "agenda", "sam")
    assert "police declines" in missing.answer(missing.press_row("decline", row, "sam", reason="ill")).text


def test_who_is_allocated_to_a_child_works_with_it_whatever_the_agency_and_so_does_their_stand_in(missing: Duty) -> None:
    missing.type("allocate", "team_manager", role="youth_justice_service", person="robin")
    with pytest.raises(Refused, match=NOT_THEIRS):
        heard(missing, "status", "youth_justice_service")
    missing.answer(missing.submit(missing.hear("away", "robin"), "robin", until="2026-02-05T10:00", delegate="youth_justice_service"))
    for who in ("robin", "youth_justice_service"):
        assert "Nothing is owed by your agency now." in heard(missing, "status", who)
        assert missing.reference in heard(missing, "list", who)
        assert "high" in missing.answer(missing.hear(f"risk {missing.reference} high", who)).text


def test_who_reported_a_child_sees_how_it_stands(missing: Duty) -> None:
    missing.report("school", missing_since="09:00")
    assert "Nothing is owed by your agency now." in heard(missing, "status", "school")
    assert missing.reference in heard(missing, "list", "school")


def test_who_was_given_the_interview_by_name_takes_it_in_hand(duty: Duty) -> None:
    duty.report(missing_since="1 Feb 21:00", care_status="looked_after")
    duty.type("found", found_at="09:30", wellbeing="yes")
    with pytest.raises(Refused, match=NOT_THEIRS):
        heard(duty, "status", "advocate")
    duty.submit(duty.hear(f"interview {duty.reference} reassigned"), "social_worker", person="advocate")
    assert "Hold the return interview" in heard(duty, "status", "advocate")
    assert "have it in hand" in duty.answer(duty.press("acknowledge", "return_interview", "advocate")).text


@pytest.fixture
def wide(opens: Opens) -> Duty:
    """Those who work with the child are to meet, health is to be told; three people hold roles of any agency."""
    people = [
        replace(person("lead", "agency_safeguarding_lead"), agency="housing"),
        replace(person("nurse", "agency_safeguarding_lead"), agency="health"),
        replace(person("sam", "agency_safeguarding_lead"), agency="any_agency"),
        replace(person("kim", "agency_safeguarding_lead"), agency="any_agency"),
    ]
    duty = opens(
        rule("meet", "strategy_meeting", due="P5D", attendees=["police", "network_professionals"]),
        rule("tell", "safe_and_well_check", due="P1D", tell=["designated_lac_nurse"]),
        rule("follow", "meeting_outcome_feedback", owner="meeting_chair", due="P5D"),
        also=people,
    )
    duty.report(missing_since="08:00")
    return duty


def test_a_role_of_any_agency_speaks_to_who_holds_it_and_to_nobody_of_another_such_role(wide: Duty) -> None:
    with pytest.raises(Refused, match=NOT_THEIRS):
        heard(wide, "status", "lead")
    assert heard(wide, "list", "lead") == "No episode is open."
    seen = heard(wide, "status", "network_professionals")
    assert "See to the meet" in seen
    assert "See to the follow" not in seen


def test_who_leads_for_an_agency_sees_what_that_agency_is_told(wide: Duty) -> None:
    seen = heard(wide, "status", "nurse")
    assert "See to the tell" in seen
    assert "See to the meet" not in seen


def test_an_answer_of_somebody_without_an_agency_is_theirs_and_lets_nobody_else_in(wide: Duty) -> None:
    fix(wide)
    wide.type("invite", who="sam")
    wide.press("accept", "strategy_meeting", "sam")
    assert "Sam: will come" in heard(wide, "answers", "social_worker")
    assert "See to the meet" in heard(wide, "status", "sam")
    with pytest.raises(Refused, match=NOT_THEIRS):
        heard(wide, "status", "kim")
    with wide.desk() as desk:
        asked = {
            who: home.home(desk, person).invitations for who in ("kim", "network_professionals") if (person := desk.directory.person(who))
        }
    assert asked["kim"] == ()
    assert asked["network_professionals"]


def test_whom_it_does_not_concern_says_that_a_child_is_found_and_learns_nothing(wide: Duty) -> None:
    with pytest.raises(Refused, match=NOT_THEIRS):
        heard(wide, "who", "school")
    said = wide.answer(wide.submit(wide.hear(f"found {wide.reference}", "school"), "school", found_at="10:00")).text
    assert "Next:" not in said
    assert "See to" not in said


def test_a_board_or_another_council_sees_what_is_asked_of_it_and_not_of_another_board_or_council(opens: Opens) -> None:
    duty = opens(
        rule("panel", "mash_referral", owner="missing_panel_members", due="P5D"),
        rule("placed", "placing_authority_notification", due="P1D", tell=["placing_authority"]),
        rule("meet", "strategy_meeting", due="P5D", attendees=["missing_panel_members"]),
    )
    duty.report(missing_since="08:00")
    for other in ("corporate_parenting_board", "lscb", "host_authority"):
        with pytest.raises(Refused, match=NOT_THEIRS):
            heard(duty, "status", other)
    seen = heard(duty, "status", "missing_panel_members")
    assert "See to the panel" in seen
    assert "See to the placed" not in seen
    assert "See to the placed" in heard(duty, "status", "placing_social_worker")
    fix(duty)
    with duty.desk() as desk:
        person = desk.directory.person("missing_panel_members")
        assert person
        assert home.home(desk, person).invitations
    duty.answer(duty.press("accept", "strategy_meeting", "missing_panel_members"))
    with duty.desk() as desk:
        assert home.home(desk, person).invitations == ()
