"""What people can do about an episode, and the sentence they get when it cannot be."""

from typing import Any

import pytest

from handlers.errors import HandlerError, NotUnderstood, Refused
from handlers.frontdesk import pressing, submitting
from handlers.incoming import Pressed, Submitted
from tests.fakes import Duty
from tests.handlers.conftest import Opens
from tests.moments import london
from tests.protocols import duty as rule

LONG = "x" * 10_000
AWAY = "away_from_placement_without_authorisation"


@pytest.fixture
def missing(opens: Opens) -> Duty:
    """Missing since Monday 08:00, reported at 10:00; a briefing due in 24 hours, an interview when back, a meeting in five days."""
    duty = opens(
        rule("brief", "written_briefing", due="PT24H"),
        rule("meet", "strategy_meeting", due="P5D", attendees=["police"], extended_by=["head_of_service"]),
        rule("offer", "return_interview_offer", anchor="returned_at"),
        rule("interview", "return_interview", anchor="returned_at", due="PT72H"),
        rule("consider", "whereabouts_known_decision", due="PT12H"),
    )
    duty.report(missing_since="08:00")
    return duty


def unchanged(duty: Duty, act: Any) -> str:
    """The sentence of something refused, after which the journal is what it was."""
    before = [entry.id for entry in duty.told()]
    try:
        reply = act()
    except HandlerError as refused:
        sentence = str(refused)
    else:
        (sentence,) = duty.problem(reply).values()
    assert [entry.id for entry in duty.told()] == before
    return sentence


# ---- found


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


# ---- done, and undone


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


# ---- corrections


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


# ---- another category


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


# ---- waived, extended


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


# ---- meetings, interview, decision


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


# ---- the end


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


# ---- notes, and what is typed


def test_a_note_keeps_its_lines_and_is_never_posted(missing: Duty) -> None:
    missing.hear(f"/missing note {missing.reference} Seen at:\n  the station 🚉\nتحت الجسر")
    assert [e.payload["text"] for e in missing.told() if e.kind == "noted"] == ["Seen at:\n  the station 🚉\nتحت الجسر"]
    missing.expect_silence()


def test_in_a_thread_the_reference_need_not_be_typed(missing: Duty) -> None:
    assert missing.reference in missing.answer(missing.hear("status", in_thread=True)).text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("fuond HW-7777", "did you mean 'found'?"),
        ("👧", "is not a word here"),
        ("found", "Which episode?"),
        ("status HW-9999", "There is no episode HW-9999 here."),
        ("risk HW-9999 high", "There is no episode HW-9999 here."),
        ("have {ref} strategy meting", "did you mean 'strategy_meeting'?"),
        ("have {ref} return interview", "Nothing of that kind is owed in {ref}. Open are:"),
        ("risk {ref} extreme", "is not a risk level"),
        ("note {ref} " + LONG, "That is 10,000 characters"),
        ("x" * 10_000, "is not a word here"),
        ("status HW-\0", "There is no episode"),
        ("\u202estatus", "is not a word here"),
    ],
)
def test_what_is_not_understood_is_a_sentence(missing: Duty, typed: str, says: str) -> None:
    before = [entry.id for entry in missing.told()]
    with pytest.raises((NotUnderstood, Refused)) as raised:
        missing.hear(typed.replace("{ref}", missing.reference))
    assert says.replace("{ref}", missing.reference) in str(raised.value)
    assert len(str(raised.value)) < 300
    assert [entry.id for entry in missing.told()] == before


def test_nothing_typed_is_help(missing: Duty) -> None:
    assert "What you can type" in missing.answer(missing.hear("  ")).text
    assert "What you can type" in missing.answer(missing.hear("/missing")).text


def test_the_risk_is_set_by_one_line_and_what_follows_is_said(duty: Duty) -> None:
    duty.report(missing_since="08:00")
    answer = duty.answer(duty.hear(f"risk {duty.reference} HIGH"))
    assert "risk level: high" in answer.text
    with pytest.raises(Refused, match="never low risk"):
        duty.hear(f"risk {duty.reference} low")


def test_a_form_nobody_knows_is_a_sentence(missing: Duty) -> None:
    with pytest.raises(Refused, match="The form 'wizard' is not known here"), missing.desk() as desk:
        submitting.submit(Submitted("wizard", {}, "social_worker", {"reference": missing.reference}), desk)


def test_more_leads_to_every_form_and_to_nothing_else(missing: Duty) -> None:
    with missing.desk() as desk:
        more = missing.form(pressing.press(Pressed("more", "social_worker", reference=missing.reference), desk))
    for value, _ in more.fields[0].options:
        assert missing.form(missing.submit(more, "team_manager", form=value)).id == value
    with pytest.raises(Refused, match="'wizard' cannot be done here"):
        missing.submit(more, "team_manager", form="wizard")


def test_everything_can_be_done_on_behalf_of_somebody_and_is_kept_as_second_hand(missing: Duty) -> None:
    missing.press("complete", "written_briefing", "edt", on_behalf="night manager of the home")
    entry = missing.told()[-1]
    assert (entry.actor, entry.on_behalf) == ("edt", "night manager of the home")
