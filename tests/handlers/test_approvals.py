"""What somebody else has to agree to: asked, agreed to or not, asked again, and never decided by silence."""

import pytest

from handlers.errors import HandlerError
from handlers.frontdesk import pressing
from handlers.incoming import Pressed
from handlers.outgoing import Form, Reply, Row
from storage import asks, interviews
from storage.asks import Ask
from tests.fakes import Duty
from tests.handlers.conftest import Opens
from tests.moments import london
from tests.protocols import duty as rule

WHY = "the family moved house"


@pytest.fixture
def missing(opens: Opens) -> Duty:
    """A briefing in two days, and a meeting in five that only the head of service can put off."""
    duty = opens(
        rule("brief", "written_briefing", due="PT48H"),
        rule("meet", "strategy_meeting", due="P5D", extended_by=["head_of_service"]),
        rule("offer", "return_interview_offer", anchor="returned_at", due="PT72H"),
        rule("interview", "return_interview", anchor="returned_at", due="PT72H"),
        rule("tried", "return_interview_not_done", anchor={"after": "return_interview", "outcome": ["declined", "not_done"]}),
    )
    duty.report(missing_since="08:00")
    return duty


def shown(duty: Duty, button: str) -> Row:
    """The newest line that shows a button, as it stands now."""
    for _, parcel in reversed(duty.platform.sent):
        for row in duty.platform.shown[parcel.post.id].rows:
            if button in row.buttons:
                return row
    raise AssertionError(f"nobody was shown {button}")


def press(duty: Duty, row: Row, verb: str, by: str, **values: str) -> Reply:
    reply = duty._act(lambda desk: pressing.press(Pressed(verb, by, row.obligation, row.version), desk))
    return duty.submit(reply, by, **values) if isinstance(reply, Form) and values else reply


def put(duty: Duty) -> Ask:
    """The one thing asked in the episode."""
    episode = duty.episode.id
    with duty.desk() as desk:
        (found,) = asks.of_episode(desk.session, episode)
    return found


def test_a_worker_asks_and_the_manager_agrees(missing: Duty) -> None:
    answer = missing.answer(missing.type("waive", action="written_briefing", reason=WHY))
    assert "Team manager has been asked. It stays as it is until they decide." in answer.text
    asked = missing.expect(people="team_manager")
    assert asked.text == f"{missing.reference}: Social worker asks you to agree: not to do written briefing"
    assert missing.owed("written_briefing").status == "open"
    read = missing.answer(press(missing, shown(missing, "read"), "read", "team_manager"))
    assert WHY in read.text
    row = shown(missing, "approve")
    press(missing, row, "approve", "team_manager")
    assert missing.owed("written_briefing").status == "waived"
    assert missing.told()[-2].actor == "team_manager" or missing.told()[-1].actor == "team_manager"
    assert "agreed to by Team manager" in missing.expect(people="social_worker").text
    assert "agreed by Team manager" in missing.now_shown(asked.post).rows[0].state
    assert WHY not in str(missing.seen(0))
    assert (put(missing).state, put(missing).asked_by, put(missing).answered_by) == ("accepted", "social_worker", "team_manager")
    with pytest.raises(HandlerError, match="agreed to by Team manager at Mon 2 Feb 10:00 already"):
        press(missing, row, "approve", "la_missing_coordinator")


def test_what_is_not_agreed_to_stays_as_it_is_and_why_can_be_read(missing: Duty) -> None:
    missing.type("extend", "team_manager", action="strategy_meeting", until="9 Feb 12:00", reason=WHY)
    row = shown(missing, "refuse")
    form = missing.form(press(missing, row, "refuse", "head_of_service"))
    assert missing.problem(missing.submit(form, "head_of_service", text=" ")) == {"text": "Say why you do not agree."}
    missing.submit(form, "head_of_service", text="five days are enough")
    assert missing.owed("strategy_meeting").due == london("2026-02-07 10:00")
    told = missing.expect(people="team_manager")
    assert "not agreed to by Head of service" in told.text
    read = missing.answer(press(missing, shown(missing, "read"), "read", "team_manager"))
    assert "five days are enough" in read.text
    assert "enough" not in str(missing.seen(0))
    with pytest.raises(HandlerError, match="between whoever asked and whoever decides"):
        press(missing, row, "read", "police")


def test_silence_decides_nothing_and_goes_up(missing: Duty) -> None:
    missing.type("waive", action="written_briefing", reason=WHY)
    missing.until("2026-02-02 14:00")
    assert missing.expect(kind="reminder", people="team_manager").text.startswith(missing.reference)
    missing.until("2026-02-03 10:00")
    assert [s.people for s in missing.came(kind="escalation", to="team_manager")] == [("head_of_service",)]
    missing.until("2026-02-06 10:00")
    assert put(missing).state == "waiting"
    assert missing.owed("written_briefing").status == "open"


def test_neither_the_asker_nor_anybody_else_can_agree(missing: Duty) -> None:
    missing.type("extend", "team_manager", action="strategy_meeting", until="9 Feb 12:00", reason=WHY)
    row = shown(missing, "approve")
    with pytest.raises(HandlerError, match="You asked for this"):
        press(missing, row, "approve", "team_manager")
    for other in ("social_worker", "police", "la_missing_coordinator"):
        with pytest.raises(HandlerError, match="Head of service decides this"):
            press(missing, row, "approve", other)
    assert put(missing).state == "waiting"


def test_what_could_not_be_done_anyway_is_not_asked(missing: Duty) -> None:
    problem = missing.problem(missing.type("extend", "team_manager", action="strategy_meeting", until="6 Feb 12:00", reason=WHY))
    assert "It is due Sat 7 Feb 10:00 as it is" in problem["until"]
    problem = missing.problem(missing.type("extend", "team_manager", action="strategy_meeting", until="9 Feb 12:00"))
    assert "Say why, and they are asked" in problem["reason"]
    missing.expect_silence()
    missing.type("extend", "team_manager", action="strategy_meeting", until="9 Feb 12:00", reason=WHY)
    with pytest.raises(HandlerError, match="You asked for this already"):
        missing.type("extend", "team_manager", action="strategy_meeting", until="9 Feb 12:00", reason=WHY)


def test_what_was_done_meanwhile_is_no_longer_asked(missing: Duty) -> None:
    missing.type("waive", action="written_briefing", reason=WHY)
    missing.hear(f"done {missing.reference}")
    missing.type("done", action="written_briefing")
    missing.until("2026-02-02 14:00")
    missing.expect_silence(kind="reminder", people="team_manager")
    assert put(missing).state == "withdrawn"
    with pytest.raises(HandlerError, match="no longer needed"):
        press(missing, Row("", "", "", (), obligation=put(missing).id), "approve", "team_manager")


def test_it_works_by_typing_alone(missing: Duty) -> None:
    missing.type("waive", action="written_briefing", reason=WHY)
    line = f"{missing.reference}: asked for by Social worker, waits for a decision since Mon 2 Feb 10:00"
    assert line in missing.answer(missing.hear("mine", "team_manager")).text
    missing.hear(f"disagree {missing.reference} do it all the same", "team_manager")
    assert put(missing).state == "refused"
    missing.type("waive", action="written_briefing", reason=WHY)
    missing.hear(f"agree {missing.reference}", "team_manager")
    assert missing.owed("written_briefing").status == "waived"
    with pytest.raises(HandlerError, match="agreed to by Team manager"):
        missing.hear(f"agree {missing.reference}", "team_manager")


def test_why_there_was_no_interview_is_for_a_manager_to_accept(missing: Duty) -> None:
    missing.type("found", found_at="09:30")
    form = missing.form(missing.hear(f"interview {missing.reference} not done"))
    missing.submit(form, "social_worker", reason="rang on three days, nobody opened")
    assert missing.owed("return_interview").status == "open"
    assert missing.expect(people="team_manager").text.endswith("asks you to agree: that there was no return interview")
    press(missing, shown(missing, "approve"), "approve", "team_manager")
    assert missing.owed("return_interview").status == "waived"
    assert missing.owed("return_interview_not_done").status == "open"
    episode = missing.episode.id
    with missing.desk() as desk:
        row = interviews.of_episode(desk.session, episode)
    assert row
    assert (row.state, row.not_done_at, row.offered_at) == ("not_done", missing.now, None)
    assert "three days" not in str(missing.seen(0))


def test_a_decision_is_a_card_with_the_outcomes_that_fit(opens: Opens) -> None:
    duty = opens(pack="lancashire@2013-01-01")
    duty.report(missing_since="31 Jan 09:00", care_status="child_in_need")
    row = duty.row("escalation_decision", "decide")
    form = duty.form(duty._act(lambda desk: pressing.press(Pressed("decide", "team_manager", row.obligation, row.version), desk)))
    options = next(f for f in form.fields if f.id == "outcome").options
    assert {value for value, _ in options} == {"next_stage", "hold", "stage_3", "not_needed"}
    assert "This needs a reason" in duty.problem(duty.submit(form, "team_manager", outcome="not_needed"))["reason"]
    answer = duty.answer(duty.submit(form, "team_manager", outcome="next_stage"))
    assert "Decided: escalation decision, next stage." in answer.text
    assert duty.row("escalation_decision").state.startswith("decided (next stage) Mon 2 Feb 10:00")


def test_a_decision_can_be_typed(opens: Opens) -> None:
    duty = opens(pack="lancashire@2013-01-01")
    duty.report(missing_since="31 Jan 09:00", care_status="child_in_need")
    answer = duty.answer(duty.hear(f"decide {duty.reference} escalation decision not needed because she is with us", "team_manager"))
    assert "not needed" in answer.text
    assert "she is with us" not in str(duty.seen(0))
    assert isinstance(duty.hear(f"decide {duty.reference} something", "team_manager"), Form)
