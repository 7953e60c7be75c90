"""What people can do about an obligation, and the sentence they get when it cannot be."""

import pytest

from handlers.errors import Refused
from handlers.frontdesk import pressing
from handlers.incoming import Pressed
from tests.fakes import Duty
from tests.handlers.refusals import unchanged

LONG = "x" * 10_000
AWAY = "away_from_placement_without_authorisation"


def test_done_meets_the_duty_and_the_post_says_so_to_its_end(missing: Duty) -> None:
    post = missing.ever(action="written_briefing")[-1].post
    missing.forward(hours=25)
    missing.press("complete", "written_briefing", "social_worker", done_at="tue 09:00")
    assert missing.owed("written_briefing").status == "met"
    row = next(r for r in missing.now_shown(post).rows if r.action == "written_briefing")
    assert row.state == "done Tue 3 Feb 09:00"
    assert row.buttons == ()


def test_done_late_says_how_late(missing: Duty) -> None:
    missing.forward(hours=25)
    answer = missing.answer(missing.press("complete", "written_briefing", "social_worker", done_at="10:30"))
    assert answer.text == "Done: See to the brief, Tue 3 Feb 10:30, 30 min late."
    assert "1 h late" not in answer.text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"done_at": "tomorrow 09:00"}, "Done at cannot be in the future"),
        ({"done_at": "1 Feb 2025 09:00"}, "would be before the child went missing"),
        ({"done_at": "whenever"}, "is not a time"),
        ({"done_at": "09:00", "note": LONG}, "That is 10,000 characters"),
    ],
)
def test_a_done_that_cannot_be_is_a_sentence(missing: Duty, typed: dict[str, str], says: str) -> None:
    assert says in unchanged(missing, lambda: missing.press("complete", "written_briefing", "social_worker", **typed))


def test_done_twice_says_by_whom_and_when(missing: Duty) -> None:
    row = missing.row("written_briefing", "complete")
    missing.press_row("complete", row, "social_worker")
    sentence = unchanged(missing, lambda: missing.press_row("complete", row, "team_manager"))
    assert sentence == "Already done by Social worker at Mon 2 Feb 10:00: See to the brief."


def test_an_old_button_answers_how_it_ended(missing: Duty) -> None:
    row = missing.row("written_briefing", "acknowledge")
    missing.type("waive", by="team_manager", action="written_briefing", reason="sent by post")
    assert unchanged(missing, lambda: missing.press_row("acknowledge", row, "social_worker")) == "See to the brief: waived, with a reason."


def test_a_button_of_nothing_is_a_sentence(missing: Duty) -> None:
    for pressed in (
        Pressed("acknowledge", "social_worker", "0" * 32),
        Pressed("acknowledge", "social_worker", None, reference=missing.reference),
    ):
        with pytest.raises(Refused, match="no longer exists"), missing.desk() as desk:
            pressing.press(pressed, desk)


def test_a_completion_is_taken_back_with_a_reason_and_owed_again(missing: Duty) -> None:
    missing.press("complete", "written_briefing", "social_worker")
    assert "This needs a reason" in unchanged(missing, lambda: missing.type("undo", what="written_briefing"))
    missing.type("undo", what="written_briefing", reason="that was another child's")
    assert missing.owed("written_briefing").status == "open"
    missing.forward(hours=24)
    missing.expect(kind="due", action="written_briefing")


def test_there_is_nothing_to_take_back(missing: Duty) -> None:
    form = missing.form(missing.hear(f"undo {missing.reference}"))
    with pytest.raises(Refused, match="There is nothing to take back: written briefing is not recorded"):
        missing.submit(form, "social_worker", what="written_briefing", reason="x")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"held": "no"}, "This needs a reason"),
        ({"held_at": "tomorrow 10:00"}, "Held at cannot be in the future"),
        ({"held_at": "1 Feb 2025 10:00"}, "Held at (Sat 1 Feb 10:00 2025) would be before the child went missing"),
        ({"note": LONG}, "That is 10,000 characters"),
        ({"reason": LONG}, "That is 10,000 characters"),
    ],
)
def test_a_meeting_that_cannot_be_is_a_sentence(missing: Duty, typed: dict[str, str], says: str) -> None:
    assert says in unchanged(missing, lambda: missing.type("held", meeting="strategy_meeting", **typed))


def test_a_meeting_held_meets_what_asked_for_it_and_one_not_held_does_not(missing: Duty) -> None:
    missing.type("held", meeting="strategy_meeting", held="no", reason="nobody came")
    assert missing.owed("strategy_meeting").status == "open"
    missing.type("held", meeting="strategy_meeting")
    assert missing.owed("strategy_meeting").status == "met"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"step": "declined"}, "This needs a reason"),
        ({"step": "conducted", "at": "08:30"}, "would be before the child was back"),
        ({"step": "conducted", "at": "tomorrow 10:00"}, "cannot be in the future"),
        ({"step": "thought about"}, "The steps are"),
    ],
)
def test_an_interview_that_cannot_be_is_a_sentence(missing: Duty, typed: dict[str, str], says: str) -> None:
    missing.type("found", found_at="09:30")
    assert says in unchanged(missing, lambda: missing.type("interview", **typed))


def test_a_declined_interview_is_waived_and_one_held_was_offered(missing: Duty) -> None:
    missing.type("found", found_at="09:30")
    missing.type("interview", step="declined", reason="does not want to talk")
    assert missing.owed("return_interview").status == "waived"
    missing.type("undo", what="return_interview", reason="changed their mind")
    missing.type("interview", step="conducted")
    assert {o.duty.id: o.status for o in missing.obligations() if "interview" in o.duty.action} == {"offer": "met", "interview": "met"}


def test_a_decision_not_to_do_something_wants_a_reason(missing: Duty) -> None:
    decision = {"decision": "whereabouts_known_decision", "outcome": "not_needed"}
    assert "This needs a reason" in unchanged(missing, lambda: missing.type("decide", **decision))
    missing.type("decide", **decision, reason="the child is at home")
    assert missing.owed("whereabouts_known_decision").status == "met"
