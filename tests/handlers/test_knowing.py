"""What is known of a child changes after the report: one form asks for all that the protocol hangs on, and Done asks what it needs."""

from handlers.outgoing import Answer, Form, Problems
from tests.fakes import Duty
from tests.handlers.conftest import Opens


def opened(duty: Duty, by: str) -> Form:
    form = duty.hear(f"facts {duty.reference}", by)
    assert isinstance(form, Form)
    return form


def owed(duty: Duty, rule: str) -> str | None:
    return next((o.status for o in duty.obligations() if o.duty.id == rule), None)


def test_what_is_feared_after_the_report_asks_for_what_the_protocol_asks(opens: Opens) -> None:
    duty = opens(pack="bury@2024-06-21")
    duty.report(category="missing_from_care", missing_since="08:00", care_status="looked_after")
    assert {"significant_harm_risk", "cse_risk", "police_risk_level", "absence_limit_at"} <= {
        f.id for f in opened(duty, "social_worker").fields
    }
    answer = duty.type("facts", significant_harm_risk="yes", cse_risk="yes", reason="her sister says so")
    assert isinstance(answer, Answer)
    assert "convene a strategy meeting" in str(answer)
    assert owed(duty, "strategy-meeting-significant-harm") == "open"
    assert owed(duty, "complex-safeguarding-referral") == "open"
    again = duty.type("facts")
    assert "nothing was changed" in str(again)


def test_what_is_known_stands_in_the_form_for_the_council_alone(opens: Opens) -> None:
    duty = opens(pack="bury@2024-06-21")
    duty.report(category="missing_from_care", missing_since="08:00", care_status="looked_after", significant_harm_risk="yes")
    assert {f.id: f.value for f in opened(duty, "social_worker").fields}["significant_harm_risk"] == "yes"
    assert {f.value for f in opened(duty, "police").fields} == {""}


def test_the_agreed_limit_is_what_done_asks_for(opens: Opens) -> None:
    duty = opens(pack="bury@2024-06-21")
    duty.report(category="away_from_placement_without_authorisation", missing_since="08:00", care_status="looked_after")
    without = duty.press("complete", "absence_time_limit", "social_worker", kind="notice")
    assert isinstance(without, Problems)
    assert owed(duty, "absence-limit-agreed") == "open"
    agreed = duty.press("complete", "absence_time_limit", "social_worker", kind="notice", absence_limit_at="tomorrow 09:00")
    assert "absence limit at" in str(agreed)
    assert owed(duty, "absence-limit-agreed") == "met"
