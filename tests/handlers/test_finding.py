"""Found and back: recorded, undone for ten minutes, reopened with a reason."""

import pytest

from tests.fakes import Duty
from tests.handlers.conftest import Opens
from tests.handlers.refusals import unchanged
from tests.moments import london
from tests.protocols import duty as rule

LONG = "x" * 10_000
AWAY = "away_from_placement_without_authorisation"


def test_found_ends_the_search_and_says_what_is_next(missing: Duty) -> None:
    answer = missing.answer(missing.type("found", found_at="09:30", wellbeing="yes"))
    assert missing.episode.status == "returned"
    assert answer.lines[0] == f"{missing.reference}: found Mon 2 Feb 09:30. Undo within ten minutes with 'undo {missing.reference} found'."
    assert "back" in missing.card.headline


def test_located_and_not_back_yet_and_then_back(missing: Duty) -> None:
    missing.type("found", found_at="09:30", back_safe="no")
    assert missing.episode.status == "located"
    assert missing.case().episode.returned_at is None
    missing.forward(hours=5)
    answer = missing.answer(missing.type("found", found_at="14:45", back_safe="yes"))
    assert missing.case().episode.found_at == london("2026-02-02 09:30")
    assert missing.case().episode.returned_at == london("2026-02-02 14:45")
    assert "back Mon 2 Feb 14:45" in answer.text
    assert missing.owed("return_interview").due == london("2026-02-05 14:45")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"found_at": "07:59"}, "Found at (Mon 2 Feb 07:59) would be before the child went missing (Mon 2 Feb 08:00)."),
        ({"found_at": "tomorrow 09:00"}, "Found at cannot be in the future"),
        ({"found_at": ""}, "This needs an answer."),
        ({"found_at": "this morning"}, "is not a time"),
        ({"found_at": "09:30", "returned_at": "09:00"}, "Back at (Mon 2 Feb 09:00) would be before the child was found (Mon 2 Feb 09:30)."),
        ({"found_at": "09:30", "returned_at": "tomorrow 10:00"}, "Back at cannot be in the future"),
        ({"found_at": "09:30", "note": LONG}, "That is 10,000 characters"),
        ({"found_at": "09:30", "seen_by": LONG}, "That is 10,000 characters"),
    ],
)
def test_a_found_that_cannot_be_is_a_sentence(missing: Duty, typed: dict[str, str], says: str) -> None:
    assert says in unchanged(missing, lambda: missing.type("found", **typed))
    assert missing.episode.status == "open"


def test_found_twice_says_so(missing: Duty) -> None:
    missing.type("found", found_at="09:30")
    assert "was recorded as found Mon 2 Feb 09:30" in unchanged(missing, lambda: missing.type("found", found_at="09:40"))


def test_found_can_be_undone_for_ten_minutes(missing: Duty) -> None:
    missing.type("found", found_at="09:30")
    missing.forward(minutes=10)
    missing.type("undo", what="found")
    assert missing.episode.status == "open"
    assert all(o.duty.id != "interview" for o in missing.obligations())


def test_after_ten_minutes_found_is_reopened_with_a_reason(missing: Duty) -> None:
    missing.type("found", found_at="09:30")
    missing.forward(minutes=11)
    assert f"use 'reopen {missing.reference}' and say why" in unchanged(missing, lambda: missing.type("undo", what="found"))
    missing.type("reopen", reason="it was another child")
    assert missing.episode.status == "open"


def test_reopening_restores_every_mark_as_if_never_found(opens: Opens) -> None:
    duty = opens(rule("tell", "dcs_notification", owner="head_of_service", anchor="missing_since", due="PT24H", basis="mark"))
    duty.report(missing_since="08:00")
    duty.type("found", found_at="09:30")
    duty.forward(days=2)
    duty.expect_silence(action="dcs_notification")
    duty.type("reopen", reason="it was another child")
    assert duty.owed("dcs_notification").due == london("2026-02-03 08:00")
    assert "was due Tue 3 Feb 08:00, 26 h late" in duty.expect(kind="due", action="dcs_notification").text


def test_a_closed_episode_is_reopened_and_not_quietly_undone(missing: Duty) -> None:
    missing.type("found", found_at="09:30", wellbeing="yes")
    missing.type("close")
    assert "is closed. Use 'reopen" in unchanged(missing, lambda: missing.type("undo", what="found"))
    missing.type("reopen", reason="not found after all")
    assert missing.episode.status == "open"
