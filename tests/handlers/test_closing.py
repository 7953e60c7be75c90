"""The end of an episode: closed when it may be, void because it never was one."""

import pytest

from handlers.errors import Refused
from tests.fakes import Duty
from tests.handlers.refusals import unchanged

LONG = "x" * 10_000
AWAY = "away_from_placement_without_authorisation"


def test_an_episode_closes_when_the_child_is_back(missing: Duty) -> None:
    assert "has no return time. Record 'found' first" in unchanged(missing, lambda: missing.type("close"))
    missing.type("found", found_at="09:30")
    answer = missing.answer(missing.type("close"))
    assert "is closed. Still owed:" in answer.text.replace("\n", " ")
    assert "is closed already" in unchanged(missing, lambda: missing.type("close"))


def test_the_protocol_may_want_more_before_it_closes(duty: Duty) -> None:
    duty.report(missing_since="08:00")
    duty.type("found", found_at="09:30")
    assert "TRI-033" in unchanged(duty, lambda: duty.type("close"))


def test_a_void_episode_takes_nothing_more_but_notes(missing: Duty) -> None:
    with pytest.raises(Refused, match="Ask a team manager"):
        missing.type("void", by="social_worker", reason="entered twice")
    assert "This needs an answer" in unchanged(missing, lambda: missing.type("void", by="team_manager"))
    missing.type("void", by="team_manager", reason="entered twice")
    assert missing.episode.status == "void"
    missing.forward(days=6)
    missing.expect_silence()
    for verb, typed in (("found", {"found_at": "09:30"}), ("correct", {"missing_since": "07:00"}), ("void", {"reason": "again"})):
        assert f"{missing.reference} is void since" in unchanged(missing, lambda v=verb, t=typed: missing.type(v, by="team_manager", **t))
    missing.type("note", text="It was the sister.")


def test_what_was_made_void_or_closed_by_mistake_is_taken_back(missing: Duty) -> None:
    missing.type("void", by="team_manager", reason="entered twice")
    with pytest.raises(Refused, match="do not include 'void'"):
        missing.type("undo", by="social_worker", what="void", reason="it was not")
    missing.type("undo", by="team_manager", what="void", reason="it was not")
    assert missing.episode.status == "open"
    missing.until("2026-02-03 10:00")
    missing.expect(kind="due", action="written_briefing")
    missing.type("found", found_at="09:30")
    missing.type("close")
    missing.type("undo", what="close", reason="too early")
    assert missing.episode.status == "returned"


def test_what_can_be_taken_back_is_offered_the_newest_first(missing: Duty) -> None:
    missing.press("acknowledge", "written_briefing", "social_worker")
    missing.type("waive", by="team_manager", action="strategy_meeting", reason="not now")
    form = missing.form(missing.hear(f"undo {missing.reference}"))
    assert [value for value, _ in form.fields[0].options] == ["strategy_meeting", "written_briefing"]
