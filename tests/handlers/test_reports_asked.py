"""A report of what has just been recorded, and of nothing at all."""

from handlers.cycles.report import report_all
from tests.fakes import Duty


def test_without_any_episode_there_is_nothing_to_report_and_asking_gives_noughts(duty: Duty) -> None:
    report_all(duty.desks_at(duty.now))
    assert duty.ever(kind="report") == []
    told = duty.answer(duty.hear("reports monthly")).text
    assert "Children missing: 0" in told
    assert "Nothing is late" in told


def test_what_is_recorded_now_is_counted_now(duty: Duty) -> None:
    duty.report(case_reference="CS-1", care_status="looked_after")
    assert "Children missing: 1" in duty.answer(duty.hear("reports monthly 2026-02")).text
    duty.type("void", by="team_manager", reason="entered twice")
    assert "Children missing: 0" in duty.answer(duty.hear("reports monthly 2026-02")).text
