"""What was wrong is put right, what is not needed waived, what needs longer extended."""

import pytest

from tests.fakes import Duty
from tests.handlers.conftest import Opens
from tests.handlers.refusals import unchanged
from tests.moments import london
from tests.protocols import duty as rule

LONG = "x" * 10_000
AWAY = "away_from_placement_without_authorisation"


def test_a_correction_moves_what_follows_and_says_so(missing: Duty) -> None:
    answer = missing.answer(missing.type("correct", missing_since="06:00", reason="the carer had it wrong"))
    assert missing.case().episode.missing_since == london("2026-02-02 06:00")
    assert "missing-since Mon 2 Feb 06:00" in answer.text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Nothing was changed"),
        ({"missing_since": "tomorrow 10:00"}, "Missing-since cannot be in the future"),
        ({"missing_since": "who knows"}, "is not a time"),
        ({"returned_at": "09:30"}, "is not recorded as found"),
        ({"missing_since": "07:00", "reason": LONG}, "That is 10,000 characters"),
    ],
)
def test_a_correction_that_cannot_be_is_a_sentence(missing: Duty, typed: dict[str, str], says: str) -> None:
    assert says in unchanged(missing, lambda: missing.type("correct", **typed))


def test_times_stay_in_order_whichever_is_corrected(missing: Duty) -> None:
    missing.type("found", found_at="09:00", returned_at="09:30")
    assert "would be before the child went missing" in unchanged(missing, lambda: missing.type("correct", missing_since="09:10"))
    assert "would be before the child went missing" in unchanged(missing, lambda: missing.type("correct", found_at="07:00"))
    assert "would be before the child was found" in unchanged(missing, lambda: missing.type("correct", found_at="09:45"))
    assert "would be before the child was found" in unchanged(missing, lambda: missing.type("correct", returned_at="08:30"))
    missing.type("correct", found_at="09:45", returned_at="09:50")
    assert missing.case().episode.returned_at == london("2026-02-02 09:50")


def test_reclassifying_is_for_those_the_protocol_names(missing: Duty) -> None:
    assert "Only police or team manager can make this 'absent'" in unchanged(missing, lambda: missing.type("reclassify", category="absent"))
    missing.type("reclassify", by="team_manager", category="absent")
    assert missing.episode.category == "absent"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"category": "asbent"}, "did you mean 'absent'?"),
        ({"category": ""}, "This needs an answer."),
        ({"category": AWAY, "since": "tomorrow 10:00"}, "Since cannot be in the future"),
        ({"category": AWAY, "since": "1 Feb 2025 10:00"}, "Since (Sat 1 Feb 10:00 2025) would be before the child went missing"),
        ({"category": AWAY, "absence_limit_at": "yesterday 10:00"}, "The agreed limit (Sun 1 Feb 10:00) would be before the absence began"),
    ],
)
def test_a_change_that_cannot_be_is_a_sentence(missing: Duty, typed: dict[str, str], says: str) -> None:
    assert says in unchanged(missing, lambda: missing.type("reclassify", by="team_manager", **typed))


def test_an_agreed_limit_that_passes_makes_the_child_missing_by_itself(opens: Opens) -> None:
    duty = opens(rule("tell", "police_notification", anchor="missing_since", due="PT0S"))
    duty.report(category=AWAY)
    duty.type("reclassify", category=AWAY, absence_limit_at="tomorrow 01:00")
    duty.until("2026-02-03 00:59")
    duty.expect_silence(action="police_notification")
    duty.forward(minutes=1)
    duty.expect(kind="due", action="police_notification")
    assert duty.episode.category == "missing"


def test_a_waiver_wants_a_manager_and_a_reason(missing: Duty) -> None:
    asked = missing.answer(missing.type("waive", by="social_worker", action="written_briefing", reason="no need")).text
    assert "Ask a team manager or the coordinator to do it" in asked
    assert missing.owed("written_briefing").status == "open"
    assert "This needs a reason" in unchanged(
        missing, lambda: missing.type("waive", by="team_manager", action="written_briefing", reason="  ")
    )
    missing.type("waive", by="team_manager", action="written_briefing", reason="no need")
    assert missing.owed("written_briefing").status == "waived"
    missing.forward(days=2)
    missing.expect_silence(action="written_briefing")


def test_an_extension_is_for_the_one_the_protocol_names_and_lies_ahead(missing: Duty) -> None:
    asked = missing.answer(missing.type("extend", by="team_manager", action="strategy_meeting", until="8 Feb 12:00", reason="snow")).text
    assert "The protocol wants head of service to agree to this" in asked
    assert missing.owed("strategy_meeting").due == london("2026-02-07 10:00")
    for until, says in (
        ("yesterday 12:00", "has passed already"),
        ("6 Feb 12:00", "It is due Sat 7 Feb 10:00 as it is"),
        ("soon", "not a day"),
    ):
        got = unchanged(
            missing, lambda u=until: missing.type("extend", by="head_of_service", action="strategy_meeting", until=u, reason="snow")
        )
        assert says in got or "is not a time" in got
    missing.type("extend", by="head_of_service", action="strategy_meeting", until="8 Feb 12:00", reason="snow")
    assert missing.owed("strategy_meeting").due == london("2026-02-08 12:00")
    missing.until("2026-02-08 11:59")
    missing.expect_silence(kind="due", action="strategy_meeting")
    missing.forward(minutes=1)
    missing.expect(kind="due", action="strategy_meeting")
