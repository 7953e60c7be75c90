"""What the statutory return would refuse is refused when it is made: rules 567, 574 and 586 at the form."""

from tests.fakes import Duty

WHO = {"case_reference": "CS-9", "care_status": "looked_after", "date_of_birth": "2012-03-04"}


def gone_and_back(duty: Duty) -> str:
    duty.report(missing_since="2026-02-02 08:00", **WHO)
    duty.type("found", found_at="2026-02-02 09:30")
    return duty.reference


def test_a_new_episode_does_not_begin_before_the_last_one_ended(duty: Duty) -> None:
    first = gone_and_back(duty)
    problems = duty.problem(duty.submit(duty.hear("report", "edt"), "edt", missing_since="2026-02-02 09:00", **WHO))
    assert problems["missing_since"].startswith(f"{first} of this child lasted until Mon 2 Feb 09:30")
    duty.report(missing_since="2026-02-02 09:30", **WHO)
    assert duty.reference != first


def test_an_ended_episode_is_not_stretched_over_the_next(duty: Duty) -> None:
    first = gone_and_back(duty)
    duty.forward(hours=2)
    duty.report(missing_since="2026-02-02 11:00", **WHO)
    second, duty.reference = duty.reference, first
    assert f"{second} of this child began" in str(duty.problem(duty.type("correct", found_at="2026-02-02 11:30")))
    assert f"{second} of this child began" in str(duty.problem(duty.type("reopen", reason="not found after all")))
    duty.reference = second
    assert f"{first} of this child lasted" in str(duty.problem(duty.type("correct", missing_since="2026-02-02 09:00")))


def test_a_child_in_care_does_not_go_missing_on_the_day_of_birth(duty: Duty) -> None:
    born_today = WHO | {"date_of_birth": "2026-02-02"}
    problems = duty.problem(duty.submit(duty.hear("report", "edt"), "edt", missing_since="2026-02-02 09:00", **born_today))
    assert "before the child was born" in problems["missing_since"]


def test_a_newborn_who_is_not_in_care_can_be_reported_missing(duty: Duty) -> None:
    duty.report(missing_since="2026-02-02 09:00", date_of_birth="2026-02-02", care_status="not_open")
    assert duty.reference
