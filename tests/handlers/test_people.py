"""Who is away, who stands in, who works with a child, who may act no longer: the next ping goes where it should."""

from datetime import time
from typing import Any

import pytest

from handlers.directory import Account, Holding, Person
from handlers.errors import Refused
from handlers.rota import DAYS, Shift
from storage import journal
from tests.fakes import AUTHORITY, KEYS, PLATFORM, Duty, person
from tests.handlers.conftest import Opens
from tests.protocols import duty as rule

BRIEF = rule("brief", "written_briefing", owner="team_manager", due="PT24H")


def away(duty: Duty, who: str, until: str, delegate: str = "", by: str = "", since: str = "") -> Any:
    return duty.submit(duty.hear("away", by or who), by or who, person=who, until=until, delegate=delegate, since=since)


def test_while_somebody_is_away_their_stand_in_hears_and_may_act(opens: Opens) -> None:
    duty = opens(BRIEF)
    answer = away(duty, "team_manager", "2026-02-05 09:00", "service_manager")
    assert "is away until Thu 5 Feb 09:00. Service manager stands in." in answer.text
    assert [s.people for s in duty.came(kind="answer")] == [("service_manager",)]
    duty.report(missing_since="08:00")
    duty.until("2026-02-03 10:00")
    assert duty.ever(kind="due", action="written_briefing")[0].people == ("service_manager",)
    assert "Waived" in duty.answer(duty.type("waive", "service_manager", action="written_briefing", reason="x")).text


def test_when_nobody_stands_in_the_next_one_up_hears(opens: Opens) -> None:
    duty = opens(BRIEF)
    away(duty, "team_manager", "2026-02-05 09:00")
    duty.report(missing_since="08:00")
    duty.until("2026-02-03 10:00")
    assert {s.people for s in duty.ever(action="written_briefing") if s.people} == {("head_of_service",)}


def test_an_absence_ends_by_itself_and_by_coming_back(opens: Opens) -> None:
    duty = opens(BRIEF)
    away(duty, "team_manager", "2026-02-05 09:00", "service_manager")
    duty.report(missing_since="08:00")
    duty.hear(f"have {duty.reference} written briefing", "service_manager")
    duty.forward(minutes=5)
    back = duty.answer(duty.hear("back", "team_manager")).text
    assert back.startswith("Team manager is back.")
    assert f"{duty.reference}: Service manager has it in hand" in back
    assert "stand in no longer" in duty.came(kind="answer")[0].text or duty.came(kind="answer")
    assert duty.answer(duty.hear("who team manager", "edt")).text.startswith("Team manager: the next ping reaches Team manager")
    with pytest.raises(Refused, match="You are not away"):
        duty.hear("back", "team_manager")


def test_stand_ins_in_a_circle_are_refused_with_the_circle(opens: Opens) -> None:
    duty = opens(BRIEF)
    away(duty, "team_manager", "2026-02-05 09:00", "service_manager")
    away(duty, "service_manager", "2026-02-04 09:00", "head_of_service")
    said = duty.problem(away(duty, "head_of_service", "2026-02-04 09:00", "team_manager"))
    assert said["delegate"].startswith(
        "That would go round in a circle: Head of service → Team manager → Service manager → Head of service"
    )
    assert "reaches Head of service, standing in for Team manager and Service manager," in duty.answer(duty.hear("who team manager")).text


def test_what_cannot_be_is_refused_at_its_field(opens: Opens) -> None:
    duty = opens(BRIEF)
    assert "is over before it begins" in duty.problem(away(duty, "team_manager", "2026-02-01 09:00"))["until"]
    assert "same agency" in duty.problem(away(duty, "team_manager", "2026-02-05 09:00", "police"))["delegate"]
    assert "nobody with a role here" in duty.problem(away(duty, "team_manager", "2026-02-05 09:00", "social_wroker"))["delegate"]
    away(duty, "team_manager", "2026-02-05 09:00")
    assert "already away" in duty.problem(away(duty, "team_manager", "2026-02-06 09:00"))["since"]


def test_only_those_who_arrange_say_that_somebody_else_is_away(opens: Opens) -> None:
    duty = opens(BRIEF)
    away(duty, "social_worker", "2026-02-05 09:00", "edt", by="team_manager")
    form = duty.form(duty.hear("away", "edt"))
    with pytest.raises(Refused, match="Ask a team manager or the coordinator"):
        duty.submit(form, "edt", person="team_manager", until="2026-02-05 09:00")


def test_who_is_suspended_may_do_and_hears_nothing_from_that_moment(opens: Opens) -> None:
    duty = opens(BRIEF)
    duty.report(missing_since="08:00")
    duty.submit(duty.hear("suspend", "la_missing_coordinator"), "la_missing_coordinator", person="team_manager", reason="account lost")
    with pytest.raises(Refused, match="Your access is suspended, so nothing was done"):
        duty.hear(f"have {duty.reference} written briefing", "team_manager")
    with pytest.raises(Refused, match="suspended"):
        duty.press_row("acknowledge", duty.row("written_briefing", "acknowledge"), "team_manager")
    duty.until("2026-02-03 10:00")
    assert all("team_manager" not in s.people for s in duty.came())
    duty.submit(duty.hear("restore", "la_missing_coordinator"), "la_missing_coordinator", person="team_manager", reason="found again")
    assert "you have it in hand" in duty.answer(duty.hear(f"have {duty.reference} written briefing", "team_manager")).text


def test_nobody_suspends_or_restores_themselves(opens: Opens) -> None:
    duty = opens(BRIEF)
    form = duty.form(duty.hear("suspend", "la_missing_coordinator"))
    assert "yourself" in duty.problem(duty.submit(form, "la_missing_coordinator", person="la_missing_coordinator", reason="x"))["person"]


def test_the_one_allocated_to_a_child_hears_first_and_gives_the_child_its_team(opens: Opens) -> None:
    east = Person("east", "Eve East", "childrens_social_care", (Holding("social_worker", AUTHORITY, "East"),), (Account(PLATFORM, "east"),))
    boss = Person("boss", "Bo East", "childrens_social_care", (Holding("team_manager", AUTHORITY, "East"),), (Account(PLATFORM, "boss"),))
    west = Person("west", "Wim West", "childrens_social_care", (Holding("team_manager", AUTHORITY, "West"),), (Account(PLATFORM, "west"),))
    duty = opens(
        rule("see", "safe_and_well_check", owner="social_worker", due="PT4H"), BRIEF, also=[west, east, boss], empty=["team_manager"]
    )
    duty.report(missing_since="09:30")
    answer = duty.submit(duty.hear(f"allocate {duty.reference}", "boss"), "boss", role="social_worker", person="east")
    assert "Eve East is the social worker of this child from now on" in duty.answer(answer).text
    assert f"{duty.reference}" in str(duty.came(kind="answer")[0].text) or duty.came(kind="answer")
    duty.until("2026-02-02 14:00")
    assert duty.came(kind="due", action="safe_and_well_check")[0].people[0] == "east"
    duty.until("2026-02-03 10:00")
    assert {s.people for s in duty.came(kind="due", action="written_briefing")} == {("boss",)}
    said = duty.answer(duty.hear("who team manager", "edt", in_thread=True)).text
    assert "Bo East" in said
    assert "Wim West" not in said


def test_a_swapped_turn_moves_who_is_on_call(opens: Opens) -> None:
    night = Shift("edt", AUTHORITY, "edt", DAYS, time(9), time(21))
    duty = opens(BRIEF, holders={"edt": 2}, rota=[night])
    assert "reaches Edt in" in duty.answer(duty.hear("who EDT", "team_manager")).text
    form = duty.form(duty.hear("swap", "edt"))
    duty.submit(form, "edt", role="edt", relieved="edt", person="edt.2", until="2026-02-02 21:00")
    assert "reaches Edt.2" in duty.answer(duty.hear("who EDT", "team_manager")).text
    duty.until("2026-02-03 10:00")
    assert "reaches Edt in" in duty.answer(duty.hear("who EDT", "team_manager")).text


def test_people_names_the_holes_the_doubles_and_who_cannot_be_reached(opens: Opens) -> None:
    weekdays = Shift("team_manager", AUTHORITY, "boss", DAYS[:5], time(9), time(17), "East")
    nights = Shift("team_manager", AUTHORITY, "boss", DAYS, time(17), time(9), "East")
    days = Shift("team_manager", AUTHORITY, "boss", DAYS[5:], time(9), time(17), "East")
    boss = Person("boss", "Bo East", "childrens_social_care", (Holding("team_manager", AUTHORITY, "East"),))
    other = Person("boss.2", "Bo East", "childrens_social_care", (Holding("social_worker", AUTHORITY),), (Account("elsewhere", "x"),))
    duty = opens(BRIEF, also=[boss, other], empty=["team_manager"], rota=[weekdays, nights, days])
    said = duty.answer(duty.hear("people", "service_manager")).text
    assert "No team manager" not in said
    assert "2 people are called Bo East (boss, boss.2)" in said
    assert "Bo East (boss) has no account" in said
    assert "Bo East (boss.2) has an account on elsewhere only" in said
    away(duty, "boss", "2026-02-08 09:00", by="service_manager", since="2026-02-07 17:00")
    said = duty.answer(duty.hear("people", "service_manager")).text
    assert "No team manager for East on Saturday night (Sat 7 Feb 17:00 to Sun 8 Feb 09:00)." in said
    assert "Bo East is away from Sat 7 Feb 17:00 until Sun 8 Feb 09:00; nobody stands in." in said


def test_everything_about_people_is_in_the_journal_with_its_reason_sealed(opens: Opens) -> None:
    duty = opens(BRIEF, also=[person("another", "team_manager")])
    away(duty, "team_manager", "2026-02-05 09:00", "another")
    duty.submit(duty.hear("suspend", "head_of_service"), "head_of_service", person="another", reason="leak")
    with duty.desk() as desk:
        told = {e.kind: e for e in journal.of_authority(desk.session, KEYS, AUTHORITY, 0, 100)}
    assert told["away"].payload["delegate"] == "another"
    assert told["suspended"].payload == {"person": "another", "reason": "leak"}
    assert "nobody holds team manager" in duty.answer(duty.hear("who team manager", "edt")).text, "a suspended stand-in is nobody"
