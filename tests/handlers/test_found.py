"""Found is news: for each room once, for whoever was asked directly once, and every direct message is edited to say it."""

import pytest

from tests.fakes import Duty
from tests.handlers.conftest import Opens
from tests.protocols import duty as rule

BRIEF = rule("brief", "written_briefing", owner="head_of_service", anchor="missing_since", due="PT6H", on_return="stop", escalate_to=[])


@pytest.fixture
def asked(opens: Opens) -> Duty:
    """The head of service, who is in no room, was asked for a briefing; due at 14:00."""
    duty = opens(BRIEF)
    duty.report(missing_since="08:00")
    duty.until("2026-02-02 14:00")
    return duty


def test_a_direct_message_is_edited_to_its_end(asked: Duty) -> None:
    seen = asked.expect(kind="due", action="written_briefing", to="head_of_service")
    assert seen.where == "direct"
    asked.forward(minutes=30)
    asked.type("found", by="edt", found_at="14:20")
    shown = asked.now_shown(seen.post)
    assert [row.state for row in shown.rows] == ["no longer needed: found Mon 2 Feb 14:20"]
    assert shown.headline == f"{asked.reference} · nothing more to do here"
    assert shown.lines == ("Found Mon 2 Feb 14:20.",)


def test_whoever_was_asked_directly_hears_it_once_and_quietly(asked: Duty) -> None:
    asked.type("found", by="edt", found_at="13:50")
    (news,) = asked.came(kind="card", where="direct")
    assert (news.people, news.text) == (("head_of_service",), "found Mon 2 Feb 13:50, back")
    assert len(asked.came(kind="card", where="thread")) == 1
    asked.type("found", by="edt")
    asked.forward(hours=3)
    asked.expect_silence(where="direct")


def test_whoever_reads_it_in_a_room_gets_no_message_of_their_own(opens: Opens) -> None:
    duty = opens(rule("brief", "written_briefing", due="PT6H"))
    duty.report(missing_since="08:00")
    duty.type("found", by="edt")
    assert duty.came(kind="card", where="direct") == []


def test_whoever_has_done_it_reads_it_in_the_message_and_is_not_written_to_again(asked: Duty) -> None:
    post = asked.expect(kind="due", action="written_briefing").post
    asked.press("complete", "written_briefing", "head_of_service")
    asked.type("found", by="edt", found_at="13:50")
    assert asked.came(where="direct") == []
    assert asked.now_shown(post).lines == ("Found Mon 2 Feb 13:50.",)


def test_not_found_after_all_wakes_whoever_was_told_of_it(asked: Duty) -> None:
    post = asked.expect(kind="due", action="written_briefing").post
    asked.type("found", by="edt", found_at="13:50")
    asked.type("undo", by="edt", what="found")
    news = asked.expect(kind="notice", where="direct", text="not found after all")
    assert news.people == ("head_of_service",)
    assert asked.now_shown(post).lines == ()
    assert asked.now_shown(post).rows[0].buttons
