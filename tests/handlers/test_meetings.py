"""A meeting from the first invitation to what was agreed there, as the people of a town live through it."""

from typing import Any

import pytest

from handlers.desk import actor
from handlers.errors import HandlerError, Refused
from handlers.outgoing import Form, Row, row_text
from handlers.pages.home import home
from handlers.pages.overview import standing
from tests.fakes import Duty, person, town
from tests.handlers.conftest import Opens
from tests.moments import london
from tests.protocols import duty as rule

ATTENDEES = ["police", "health_representative", "school", "carer"]
THURSDAY = "5 Feb 10:00"


@pytest.fixture
def missing(opens: Opens) -> Duty:
    """Missing since Monday 08:00, reported at 10:00; the meeting is due by Saturday 08:00, the third is the reviewing officer's."""
    meeting = rule(
        "meet",
        "strategy_meeting",
        anchor="missing_since",
        due="P5D",
        attendees=ATTENDEES,
        chair=[{"role": "team_manager"}, {"role": "iro", "from_number": 3}],
        extended_by=["head_of_service"],
        form="strategy_meeting_record",
    )
    fed_back = rule("feedback", "meeting_outcome_feedback", anchor={"after": "strategy_meeting"}, owner="meeting_chair")
    duty = opens(meeting, fed_back)
    duty.report(missing_since="08:00")
    return duty


def fix(duty: Duty, starts: str = THURSDAY, by: str = "social_worker", typed: str = "strategy", **values: str) -> Any:
    """Type the command, fill the form, send it."""
    form = duty.form(duty.hear(f"meeting {duty.reference} {typed}", by))
    return duty.submit(form, by, starts=starts, **values)


def refused(duty: Duty, act: Any) -> str:
    """The sentence of something refused, after which the journal is what it was."""
    before = len(duty.told())
    try:
        reply = act()
    except HandlerError as error:
        sentence = str(error)
    else:
        (sentence,) = duty.problem(reply).values()
    assert len(duty.told()) == before
    return sentence


def living(duty: Duty, room: str = "coordination") -> str:
    """The meeting's own post, as it stands now."""
    posts = [p.post.id for _, p in duty.platform.sent if (p.post.key or "").startswith("meeting:") and p.post.room == room]
    body = duty.now_shown(posts[-1])
    return "\n".join((body.headline, *map(row_text, body.rows), *body.lines))


def test_the_form_proposes_what_the_protocol_says(missing: Duty) -> None:
    form = missing.form(missing.hear(f"meeting {missing.reference} strategy tomorrow 10:00"))
    values = {f.id: f.value for f in form.fields}
    assert form.title == "Fix a time: strategy meeting"
    assert values["starts"] == "2026-02-03T10:00"
    assert values["chair"] == "team_manager"
    assert values["required"] == "education, health, police"
    assert "Push factors" in values["agenda"]
    assert "Invited by the protocol (TRI-044): police, health, school, carer. To be held by Sat 7 Feb 08:00." in form.note
    assert "this is the first of its kind" in next(f.hint for f in form.fields if f.id == "chair")


def test_without_a_kind_it_is_asked_first(missing: Duty) -> None:
    form = missing.form(missing.hear(f"meeting {missing.reference}"))
    assert [f.id for f in form.fields] == ["meeting"]
    assert form.fields[0].options[0] == ("strategy_meeting", "strategy meeting, due Sat 7 Feb 08:00")
    assert ("strategy_discussion", "strategy discussion") in form.fields[0].options[1:]
    proposal = missing.form(missing.submit(form, "social_worker", meeting="strategy_discussion"))
    missing.answer(missing.submit(proposal, "social_worker", starts=THURSDAY, also="police"))
    missing.expect(kind="invite", to="police", action="strategy_discussion")


def test_a_time_invites_everybody_at_once_and_says_whom_the_bot_cannot_reach(missing: Duty) -> None:
    answer = missing.answer(fix(missing))
    assert answer.lines[0] == "Strategy meeting fixed for Thu 5 Feb 10:00, in 3 days."
    assert answer.lines[2] == "Without an account here: carer. Tell them yourselves."
    for role in ("police", "health_representative", "school"):
        assert "Thu 5 Feb 10:00, chaired by the team manager" in missing.expect(kind="invite", to=role).text
    told = missing.expect(kind="notice", to="team_manager", action="strategy_meeting").text
    assert told.startswith(
        "You chair the strategy meeting on Thu 5 Feb 10:00 (TRI-044): no place is given yet; must come: police (no answer yet), "
    )
    assert "0 of 3 agencies that must come will come; 3 have not answered" in living(missing)
    assert "Police (Police), must come: no answer yet" in living(missing)
    assert "Strategy meeting on Thu 5 Feb 10:00, chaired by the team manager (TRI-044): " in living(missing)
    assert "Asked for by TRI-044: Westbrook protocol, under 4." in living(missing)
    assert living(missing) == living(missing, "partners")


def test_the_list_lives_by_agency_and_person_and_reasons_stay_sealed(missing: Duty) -> None:
    fix(missing)
    missing.press("accept", "strategy_meeting", "police")
    missing.press("decline", "strategy_meeting", "health_representative", reason="theatre list all day")
    shown = living(missing)
    assert "Police (Police), must come: will come (Police, Mon 2 Feb 10:00)" in shown
    assert "Health (Health), must come: cannot come, reason given (Health, Mon 2 Feb 10:00)" in shown
    assert "1 of 3 agencies that must come will come; 1 cannot come; 1 has not answered" in shown
    everything = str([p.body for _, p in missing.platform.sent]) + str(missing.platform.shown)
    assert "theatre" not in everything


def line_of(duty: Duty, role: str) -> Row:
    """The row of an invitation that is for a role, as it stands now."""
    shown = (duty.platform.shown[parcel.post.id] for _, parcel in reversed(duty.platform.sent))
    return next(row for body in shown for row in body.rows if row.kind == "invite" and row.to[-1] == role)


def test_after_an_answer_the_buttons_of_a_line_give_way_to_it_and_it_can_be_changed(missing: Duty) -> None:
    fix(missing)
    missing.press_row("accept", line_of(missing, "police"), "police")
    line = line_of(missing, "police")
    assert line.state == "Police (Police), must come: will come (Police, Mon 2 Feb 10:00)"
    assert line.buttons == ("change_answer", "agenda_and_place")
    assert "accept" in line_of(missing, "school").buttons
    form = missing.form(missing.hear_press("change_answer", line, "police"))
    assert {f.id: f.value for f in form.fields} == {"answer": "accepted", "reason": "", "to": ""}
    missing.submit(form, "police", answer="declined", reason="no car")
    assert "cannot come, reason given" in line_of(missing, "police").state
    missing.press_row("accept", line._replace(buttons=("accept",)), "police")  # an old message, pressed once more, is no repetition
    assert "will come" in line_of(missing, "police").state


def test_an_answer_under_another_agency_s_line_says_whose_it_is(missing: Duty) -> None:
    fix(missing)
    police = line_of(missing, "police")
    aside = "That is the answer of health. You pressed under the line of police, which stays as it is."
    answer = missing.answer(missing.press_row("accept", police, "health_representative"))
    assert answer.lines == ("Noted: health accepts (strategy meeting).", aside)
    assert line_of(missing, "police") == police
    assert missing.form(missing.hear_press("decline", police, "school")).note == aside.replace("health", "education")


def test_the_council_that_presses_under_an_agency_s_line_answers_for_that_agency(missing: Duty) -> None:
    fix(missing)
    form = missing.form(missing.hear_press("accept", line_of(missing, "police"), "social_worker"))
    assert {f.id: f.value for f in form.fields if f.value} == {"agency": "police", "answer": "accepted"}
    missing.submit(form, "social_worker")
    assert "Police (Police), must come: will come (Social worker" in living(missing)


def test_who_need_not_come_is_not_counted_and_named_apart(missing: Duty) -> None:
    fix(missing, also="youth justice service")
    assert "Youth justice (Youth justice service): no answer yet" in living(missing)
    fix(missing, required="police", also="youth justice service")
    missing.press("accept", "strategy_meeting", "police")
    says = "1 of 1 agencies that must come will come; no answer either from health, education, youth justice, who need not come"
    assert says in living(missing)


def test_a_decline_of_an_agency_that_must_come_reaches_the_chair_at_once_and_what_they_press_is_done(missing: Duty) -> None:
    fix(missing)
    missing.press("decline", "strategy_meeting", "health_representative", reason="theatre list")
    told = missing.expect(kind="notice", to="team_manager", action="strategy_meeting")
    assert "Health (Health), must come: cannot come, reason given" in told.text
    row = missing.row("strategy_meeting", "go_ahead")
    assert row.buttons == ("go_ahead", "move", "find_another", "agenda_and_place")
    missing.press_row("find_another", row, "team_manager", who="school nurse")
    missing.expect(kind="invite", to="school_nurse")
    missing.answer(missing.press_row("go_ahead", row, "team_manager"))
    assert "it goes ahead all the same" in missing.row("strategy_meeting", "find_another").state
    missing.until("2026-02-05 09:00")
    assert not [s for s in missing.came(kind="notice", to="team_manager") if "missing" in s.text]


def test_the_silent_are_chased_and_the_chair_hears_a_day_and_two_hours_before(missing: Duty) -> None:
    fix(missing)
    missing.press("accept", "strategy_meeting", "police")
    missing.press("accept", "strategy_meeting", "health_representative")
    missing.until("2026-02-03 10:00")
    missing.expect(kind="chase", to="school", at="2026-02-03 10:00")
    missing.until("2026-02-05 09:59")
    missing.expect(kind="chase", to="school", at="2026-02-04 21:30")  # four hours before would be night
    told = missing.came(kind="notice", to="team_manager")
    assert [s.at for s in told] == [london("2026-02-04 10:00"), london("2026-02-05 08:00")]
    assert "education has not answered (TRI-044): Education (School), must come: no answer yet" in told[0].text
    morning = missing.expect(kind="digest", to="team_manager", text="you chair the strategy meeting at 10:00", at="2026-02-05 08:30")
    assert "must come: police (will come), health (will come), education (no answer yet)" in morning.text
    missing.expect_silence(kind="chase", to="police")


@pytest.mark.parametrize(
    ("starts", "chased", "chair_hears"),
    [
        ("4 Feb 10:00", ["2026-02-03 08:00", "2026-02-03 21:30"], ["2026-02-03 10:00", "2026-02-04 08:00"]),
        ("tomorrow 14:00", ["2026-02-03 10:00"], ["2026-02-03 12:00"]),
        ("15:00", ["2026-02-02 11:30"], ["2026-02-02 13:00"]),
        ("12:30", [], []),
    ],
    ids=["two days off", "a day off", "in hours", "at once"],
)
def test_nobody_is_called_silent_to_the_chair_before_they_were_chased(
    missing: Duty, starts: str, chased: list[str], chair_hears: list[str]
) -> None:
    fix(missing, starts, required="police, health")
    missing.press("accept", "strategy_meeting", "police")
    missing.until("2026-02-04 09:59")
    assert [s.at for s in missing.came(kind="chase", to="health_representative")] == [london(at) for at in chased]
    told = [s for s in missing.came(kind="notice", to="team_manager") if "health has not answered" in s.text]
    assert [s.at for s in told] == [london(at) for at in chair_hears]
    missing.expect_silence(text="is missing")


def test_whoever_moves_a_meeting_that_they_chair_is_not_told_what_they_did(missing: Duty) -> None:
    fix(missing)
    fix(missing, "6 Feb 14:00", by="team_manager")
    missing.expect_silence(kind="notice", to="team_manager")
    fix(missing, "6 Feb 15:00", chair="head_of_service", place="Room 4")
    told = missing.expect(kind="notice", to="head_of_service", action="strategy_meeting").text
    assert "where: under 'Agenda and place'" in told
    assert "Room 4" not in str(missing.platform.shown)


def test_the_card_and_the_status_say_when_a_meeting_is_who_chairs_it_and_who_has_answered(missing: Duty) -> None:
    fix(missing)
    missing.press("accept", "strategy_meeting", "police")
    stands = (
        "fixed for Thu 5 Feb 10:00, chaired by the team manager; "
        "must come: police (will come), health (no answer yet), education (no answer yet)"
    )
    assert stands in next(r.state for r in missing.card.rows if r.action == "strategy_meeting")
    assert stands in missing.answer(missing.hear(f"status {missing.reference}")).text
    with missing.desk() as desk:
        found = standing(desk, actor(desk, "la_missing_coordinator"))
    assert stands in [owed.meets for owed in found.next.first]


def test_a_time_fixed_when_it_is_late_is_asked_about_once_and_blames_nobody_who_is_invited(missing: Duty) -> None:
    missing.until("2026-02-07 09:00")  # a day before it was due everybody was invited; now it is late
    form = missing.form(missing.hear(f"meeting {missing.reference} strategy"))
    assert "It was to be held by Sat 7 Feb 08:00, 1 h ago." in form.note
    assert "reason" not in {f.id for f in form.fields}, "nothing is left to be extended"
    missing.press_row("decline", line_of(missing, "school"), "school", reason="half term")
    fix(missing, "8 Feb 10:00")
    rows = [row for row in invitations(missing) if row.to[-1] == "police"]
    assert next((row.state, bool(row.buttons)) for row in rows) == (
        "the time is fixed now: Sun 8 Feb 10:00; answer the newer invitation",
        False,
    )
    assert missing.row("strategy_meeting", "accept").to[-1] in {"police", "health_representative"}  # the newer one answers
    assert {row.due for row in rows} == {None}, "the meeting is late; whoever is invited is not"
    declined = next(row for row in invitations(missing) if row.to[-1] == "school")
    assert ("cannot come" in declined.state, "change_answer" in declined.buttons) == (True, True)
    assert next(row for row in missing.card.rows if row.action == "strategy_meeting").state.startswith("late: ")
    assert [buttons_of(missing, room) for room in ("coordination", "partners")] == [
        ("agenda_and_place", "held", "move", "call_off"),
        ("agenda_and_place",),
    ]


def buttons_of(duty: Duty, room: str) -> tuple[str, ...]:
    """The buttons of the meeting's own post in a room."""
    posts = [p.post.id for _, p in duty.platform.sent if (p.post.key or "").startswith("meeting:") and p.post.room == room]
    return duty.now_shown(posts[-1]).rows[0].buttons


def test_partners_are_offered_on_the_page_what_they_may_do(missing: Duty) -> None:
    fix(missing)

    def offered(who: str) -> list[tuple[str, ...]]:
        with missing.desk() as desk:
            found = standing(desk, actor(desk, who))
        return [o.buttons for o in (*found.late.first, *found.next.first) if o.action == "strategy_meeting"]

    assert offered("police") == [("accept", "tentative", "decline", "delegate", "agenda_and_place")]
    missing.press("accept", "strategy_meeting", "police")
    assert offered("police") == [("change_answer", "agenda_and_place")]
    assert offered("social_worker") == [("acknowledge", "held", "move")]


def test_moved_everybody_is_asked_again_and_old_answers_do_not_count(missing: Duty) -> None:
    fix(missing)
    missing.press("accept", "strategy_meeting", "police")
    old = missing.row("strategy_meeting", "accept")
    answer = missing.answer(fix(missing, "6 Feb 14:00"))
    assert answer.lines[0] == "Strategy meeting moved from Thu 5 Feb 10:00 to Fri 6 Feb 14:00, in 4 days 4 h."
    assert "new time" in missing.expect(kind="invite", to="police").text
    assert "Police (Police), must come: no answer yet" in living(missing)
    assert "Fri 6 Feb 14:00" in living(missing)
    told = next(p.post.id for _, p in missing.platform.sent if any(r.says.startswith("You chair") for r in p.body.rows))
    (chairs,) = missing.now_shown(told).rows
    assert (chairs.says, chairs.state) == ("Strategy meeting", "the time is now Fri 6 Feb 14:00; everybody is asked again")
    kinds = missing.form(missing.hear(f"meeting {missing.reference}")).fields[0].options
    assert kinds[0] == ("strategy_meeting", "strategy meeting, fixed for Fri 6 Feb 14:00")
    first = next(p.post.id for _, p in missing.platform.sent if any(r.kind == "invite" for r in p.body.rows))
    assert all(r.buttons == () and "the time is now Fri 6 Feb 14:00" in r.state for r in missing.now_shown(first).rows)
    missing.press_row("accept", old, "health_representative")  # an old button still answers for the meeting as it is now
    assert "Health (Health), must come: will come" in living(missing)


def test_moving_it_past_its_due_time_is_for_whom_the_protocol_names_with_a_reason(missing: Duty) -> None:
    fix(missing)
    late = "8 Feb 10:00"
    assert "Head of service can move it past that" in refused(missing, lambda: fix(missing, late))
    assert "needs a reason" in refused(missing, lambda: fix(missing, late, by="head_of_service"))
    missing.answer(fix(missing, late, by="head_of_service", reason="snow"))
    assert missing.owed("strategy_meeting").due == london("2026-02-08 11:00")


def test_a_first_time_past_due_is_kept_and_said(missing: Duty) -> None:
    answer = missing.answer(fix(missing, "8 Feb 10:00"))
    assert answer.lines[-1] == "That is 26 h after it is due. Head of service can extend it, with a reason."
    assert missing.owed("strategy_meeting").due == london("2026-02-07 08:00")


def test_called_off_everybody_hears_it_and_nobody_is_invited_again_until_another_time(missing: Duty) -> None:
    fix(missing)
    missing.press("decline", "strategy_meeting", "school", reason="closed")
    missing.type("cancel", meeting="strategy_meeting", reason="the child is back")
    told = missing.came(kind="notice", action="strategy_meeting")
    assert {role for s in told for role in s.to} == {"police", "health_representative", "team_manager"}
    assert "called off" in living(missing)
    assert missing.owed("strategy_meeting").status == "open"
    missing.until("2026-02-07 07:00")
    missing.expect_silence(kind="invite")
    missing.answer(fix(missing, "7 Feb 07:30"))
    missing.expect(kind="invite", to="police")


def test_held_with_who_came_what_was_agreed_and_the_next_one(missing: Duty) -> None:
    fix(missing, place="Room 4")
    missing.press("accept", "strategy_meeting", "police")
    missing.until("2026-02-05 11:05")
    asked = missing.row("strategy_meeting", "held", kind="notice")
    assert "Was the strategy meeting of Thu 5 Feb 10:00 held?" in asked.says
    agreed = "police; check the telephone; Fri 17:00\nsocial worker; visit grandmother; tomorrow 12:00"
    answer = missing.answer(
        missing.press_row("held", asked, "team_manager", came="police, health", agreed=agreed, note="worried", next_at="6 Feb 15:00")
    )
    assert "Strategy meeting: held Thu 5 Feb 10:00." in answer.lines
    assert f"type '/missing feedback {missing.reference}', or '@Homeward feedback {missing.reference}' on Teams" in answer.text
    assert "Strategy meeting fixed for Fri 6 Feb 15:00" in answer.text
    owed = {(o.duty.action, o.owner): o for o in missing.obligations() if o.status == "open"}
    assert owed["action_follow_up", "police"].due == london("2026-02-06 17:00")
    assert owed["action_follow_up", "social_worker"].due == london("2026-02-06 12:00")
    assert owed["meeting_outcome_feedback", "meeting_chair"].via == "team_manager"
    assert "telephone" not in str(missing.platform.shown)
    read = missing.answer(missing.press("what_was_agreed", "action_follow_up", "police"))
    assert "check the telephone" in read.text
    with pytest.raises(Refused):
        missing.press_row("what_was_agreed", missing.row("action_follow_up"), "school")
    missing.until("2026-02-06 12:00")
    missing.expect(kind="due", to="social_worker", action="action_follow_up")
    missing.press("complete", "action_follow_up", "social_worker")
    assert [o.status for o in missing.obligations() if o.duty.action == "action_follow_up"].count("met") == 1
    missing.type("undo", what="strategy_meeting", reason="wrong child")
    assert not [o for o in missing.obligations() if o.duty.action == "action_follow_up"]


def test_feedback_is_owed_to_child_carers_and_parents(missing: Duty) -> None:
    fix(missing)
    missing.until("2026-02-05 10:30")
    missing.type("held", meeting="strategy_meeting")
    says = refused(missing, lambda: missing.type("feedback", by="team_manager", told_child="yes", told_carers="yes"))
    assert says == "Say why parents could not be told yet."
    missing.type("feedback", by="team_manager", told_child="yes", told_carers="yes", reason="no telephone")
    assert missing.owed("meeting_outcome_feedback").status == "met"


def test_whether_it_was_held_has_no_answer_between_yes_and_no(missing: Duty) -> None:
    fix(missing)
    missing.until("2026-02-05 12:00")
    form = missing.form(missing.hear(f"held {missing.reference} strategy meeting"))
    assert next(f.options for f in form.fields if f.id == "held") == (("yes", "Yes"), ("no", "No"))
    for typed in ("unknown", ""):  # such as a form that was open from before
        says = refused(missing, lambda typed=typed: missing.submit(form, "social_worker", held=typed))
        assert says.startswith(("Say whether it was held", "This needs an answer"))
    assert "held Thu 5 Feb 10:00" in missing.answer(missing.submit(form, "social_worker", held="yes")).text


def test_not_held_says_why_and_stays_owed(missing: Duty) -> None:
    fix(missing)
    missing.until("2026-02-05 10:30")
    assert "needs a reason" in refused(missing, lambda: missing.type("held", meeting="strategy_meeting", held="no"))
    missing.type("held", meeting="strategy_meeting", held="no", reason="two agencies stayed away")
    assert missing.owed("strategy_meeting").status == "open"
    assert "not held" in living(missing)


def test_an_agency_s_answer_is_its_invitee_s_else_the_latest_of_its_people(opens: Opens) -> None:
    also = (person("sgt.vane", "police_missing_coordinator"), person("pc.reed", "police_missing_coordinator"))
    duty = opens(rule("meet", "strategy_meeting", due="P5D", attendees=["police"]), also=also)
    duty.report()
    fix(duty)
    duty.press("accept", "strategy_meeting", "sgt.vane")
    assert "Police (Police), must come: will come (Sgt.vane" in living(duty)
    duty.press("change_answer", "strategy_meeting", "police", answer="declined", reason="no car")
    duty.press("change_answer", "strategy_meeting", "pc.reed", answer="tentative", reason="")
    shown = living(duty)
    assert "must come: cannot come, reason given (Police" in shown
    assert "; will come (Sgt.vane" in shown
    assert "; perhaps (Pc.reed" in shown


def test_whoever_is_sent_instead_is_invited_and_speaks_from_then_on(opens: Opens) -> None:
    duty = opens(rule("meet", "strategy_meeting", due="P5D", attendees=["police"]), also=(person("sgt.vane", "police"),))
    duty.report()
    fix(duty, "4 Feb 10:00")
    fix(duty)
    duty.press("delegate", "strategy_meeting", "police", to="Sgt.vane")
    invited = duty.expect(kind="invite")
    assert "sgt.vane" in invited.people
    assert "answer again" not in invited.text  # the time is new to everybody but them
    assert "sends somebody else (Sgt.vane)" in living(duty)
    duty.until("2026-02-03 10:00")
    assert "sgt.vane" in duty.expect(kind="chase").people
    duty.press("accept", "strategy_meeting", "sgt.vane")
    assert "must come: will come (Sgt.vane" in living(duty)
    line = line_of(duty, "@sgt.vane")
    assert ("will come (Sgt.vane" in line.state, line.buttons) == (True, ("change_answer", "agenda_and_place"))
    fix(duty, "5 Feb 11:00")
    line = line_of(duty, "@sgt.vane")
    assert (line.state, line.buttons) == ("the time is now Thu 5 Feb 11:00; whoever sent you is asked again", ())


def test_who_was_named_stays_named_when_an_answer_is_changed_and_who_is_not_needed_any_more_reads_it(opens: Opens) -> None:
    others = (person("sgt.vane", "police"), person("pc.lamb", "police"))
    duty = opens(rule("meet", "strategy_meeting", due="P5D", attendees=["police", "school"]), also=others)
    duty.report()
    fix(duty)
    duty.press_row("delegate", line_of(duty, "police"), "police", to="Sgt.vane")
    form = duty.form(duty.hear_press("change_answer", line_of(duty, "police"), "police"))
    assert {f.id: f.value for f in form.fields} == {"answer": "delegated", "reason": "", "to": "Sgt.vane"}
    assert "vane" not in str(form.context).lower()
    assert "vane" not in str(duty.form(duty.hear_press("change_answer", line_of(duty, "police"), "school")).fields).lower()
    duty.submit(form, "police", to="Pc.lamb")
    assert "pc.lamb" in duty.expect(kind="invite").people
    gone = line_of(duty, "@sgt.vane")
    assert (gone.state.startswith("you need not come: Police (Police), must come: sends somebody else (Pc.lamb)"), gone.buttons) == (
        True,
        (),
    )
    duty.until("2026-02-03 10:00")
    assert {who for seen in duty.came(kind="chase") for who in seen.people} == {"pc.lamb", "school"}  # in one post, nobody else
    form = duty.form(duty.hear_press("change_answer", line_of(duty, "police"), "police"))
    duty.submit(form, "police", to="Insp Crane, 555 0123")
    assert {f.id: f.value for f in duty.form(duty.hear_press("change_answer", line_of(duty, "police"), "police")).fields}[
        "to"
    ] == "Insp Crane, 555 0123"
    assert "Crane" not in str(duty.platform.shown)


@pytest.mark.parametrize(
    ("to", "says"),
    [("nobody", "Say who comes instead"), ("?", "Say who comes instead"), ("Health", "Health is of health. Send somebody of police")],
)
def test_a_delegate_who_is_nobody_is_refused(missing: Duty, to: str, says: str) -> None:
    fix(missing)
    assert says in refused(missing, lambda: missing.press("delegate", "strategy_meeting", "police", to=to))


def test_a_delegate_who_is_not_known_here_is_kept_sealed_and_said(missing: Duty) -> None:
    fix(missing)
    answer = missing.answer(missing.press("delegate", "strategy_meeting", "police", to="Insp Crane, 555 0123"))
    assert "not known here, so tell them yourself" in answer.text
    assert "Crane" not in str(missing.platform.shown)


def test_a_press_by_an_agency_that_is_not_invited_is_refused_politely(missing: Duty) -> None:
    fix(missing)
    row = missing.row("strategy_meeting", "accept")
    says = refused(missing, lambda: missing.press_row("accept", row, "youth_justice_service"))
    assert says == (
        "This invitation is for police, health, education; youth justice is not invited. "
        "If you should be there, ask the social worker to invite you."
    )


def test_a_partner_that_is_not_invited_arranges_nothing(missing: Duty) -> None:
    fix(missing)
    row = missing.row("strategy_meeting", "held")
    for verb in ("move", "held", "call_off"):
        with pytest.raises(Refused, match="You are not invited to"):
            missing.press_row(verb, row, "youth_justice_service")
    with pytest.raises(Refused, match="You are not invited to"):
        missing.hear(f"meeting {missing.reference}", "youth_justice_service")


def test_an_answer_after_the_meeting_is_refused(missing: Duty) -> None:
    fix(missing)
    row = missing.row("strategy_meeting", "accept")
    missing.until("2026-02-05 10:30")
    missing.type("held", meeting="strategy_meeting", held_at="10:00")
    assert "was held Thu 5 Feb 10:00" in refused(missing, lambda: missing.press_row("accept", row, "police"))


def test_the_council_answers_for_an_agency_that_phoned_and_must_say_which(missing: Duty) -> None:
    fix(missing)
    says = refused(missing, lambda: missing.type("answer", meeting="strategy_meeting", answer="accepted"))
    assert says == "Say for which agency this is."
    missing.type("answer", meeting="strategy_meeting", answer="accepted", agency="police")
    assert "Police (Police), must come: will come (Social worker" in living(missing)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"starts": "1 Feb 10:00"}, "has passed. If it was held then, record it as held."),
        ({"starts": "5 Feb 2028 10:00"}, "more than a year ahead"),
        ({"starts": "soon"}, "is not a time. Type 21:30, tomorrow 21:30"),
        ({"also": "the vicar"}, "'the vicar' is neither a role nor anybody known here"),
        ({"required": "polize"}, "'polize' is not an agency here; did you mean 'police'?"),
        ({"place": "x" * 300}, "at most 200 are kept"),
    ],
)
def test_what_cannot_be_fixed_is_a_sentence_at_its_field(missing: Duty, typed: dict[str, str], says: str) -> None:
    assert says in refused(missing, lambda: fix(missing, **typed))


@pytest.mark.parametrize(
    ("agreed", "says"),
    [
        ("police; check", "Line 1: write who; what; by when"),
        ("police; check; Fri 17:00\nthe vicar; pray; Fri 17:00", "Line 2: 'the vicar' is no role, agency or person"),
        ("police; check; whenever", "Line 1: 'whenever' is not a time"),
        ("police; check; 1 Feb 2026 10:00", "Line 1: '1 Feb 2026 10:00' has passed"),
        ("police; check; Fri 17:00\n" * 31, "31 actions; 30 is the most"),
    ],
)
def test_what_was_agreed_is_read_line_by_line(missing: Duty, agreed: str, says: str) -> None:
    assert says in refused(missing, lambda: missing.type("held", meeting="strategy_meeting", agreed=agreed))


def test_in_the_hour_that_comes_twice_the_earlier_is_meant_and_said(opens: Opens) -> None:
    duty = opens(rule("meet", "strategy_meeting", due="P5D", attendees=["police"]), at="2026-10-23 10:00")
    duty.report()
    answer = duty.answer(fix(duty, "25 Oct 01:30"))
    assert answer.lines[0] == "Strategy meeting fixed for Sun 25 Oct 01:30, in 39 h 30 min (the first 01:30 of that night, BST)."


def test_when_whoever_chairs_leaves_the_next_one_up_hears(opens: Opens) -> None:
    meeting = rule("meet", "strategy_meeting", due="P5D", attendees=["police"], chair=["team_manager"])
    directory = town("westbrook@2020-01-01", empty=["team_manager"])
    duty = opens(meeting, directory=directory)
    duty.report()
    fix(duty)
    duty.press("decline", "strategy_meeting", "police", reason="no car")
    duty.expect(kind="notice", to="head_of_service", action="strategy_meeting")


def test_an_agency_that_nobody_here_speaks_for_is_said_at_once(opens: Opens) -> None:
    duty = opens(rule("meet", "strategy_meeting", due="P5D", attendees=["police", "school"]), empty=["school"])
    duty.report()
    assert "Nobody here is school. Ring them, and record their answer" in duty.answer(fix(duty)).text


def test_agenda_and_place_are_told_to_who_is_invited_and_that_they_looked_is_kept(missing: Duty) -> None:
    fix(missing, place="https://meet.example.org/7f3k")
    row = missing.row("strategy_meeting", "agenda_and_place")
    read = missing.answer(missing.press_row("agenda_and_place", row, "police"))
    assert "Place: https://meet.example.org/7f3k." in read.lines
    assert "- Push factors" in read.lines
    assert "meet.example.org" not in str(missing.platform.shown)
    with pytest.raises(Refused):
        missing.press_row("agenda_and_place", row, "youth_justice_service")
    missing.forward(hours=2)
    assert (
        "Police (Police), must come: no answer yet since Mon 2 Feb 10:00, 2 h, looked at Mon 2 Feb 10:00"
        in missing.answer(missing.hear(f"answers {missing.reference}")).text
    )


def test_who_has_not_answered_for_which_child_since_when_is_one_word(missing: Duty) -> None:
    assert missing.answer(missing.hear("waiting")).lines == ("Everybody who was invited has answered.",)
    fix(missing)
    missing.press("accept", "strategy_meeting", "police")
    missing.forward(hours=3)
    lines = missing.answer(missing.hear("waiting", "la_missing_coordinator")).lines
    since = "must come, no answer for 3 h, since Mon 2 Feb 10:00 (strategy meeting on Thu 5 Feb 10:00)"
    assert lines == tuple(f"{missing.reference}: {who}, {since}" for who in ("Education (School)", "Health (Health)"))


def test_a_meeting_nothing_asks_for_is_held_like_any_other(missing: Duty) -> None:
    form = missing.form(missing.hear(f"meeting {missing.reference} strategy discussion"))
    assert "The protocol names nobody to invite" in form.note
    missing.submit(form, "social_worker", starts="tomorrow 09:00", also="police, school", required="police", chair="team_manager")
    missing.expect(kind="invite", to="police", action="strategy_discussion")
    assert (
        missing.answer(missing.hear(f"agenda {missing.reference}")).lines[0].startswith("Strategy discussion about")
    )  # the one with a time
    missing.answer(fix(missing, "tomorrow 10:00", typed="strategy discussion"))  # no protocol limits it: anybody may move it
    missing.until("2026-02-03 10:30")
    missing.type("held", meeting="strategy_discussion", came="police")
    assert missing.owed("strategy_discussion").status == "met"


def test_the_next_meeting_of_a_series_is_answered_anew(opens: Opens) -> None:
    series = rule(
        "review",
        "review_strategy_meeting",
        anchor="missing_since",
        due="P3D",
        attendees=["police"],
        repeat={"every": "P3D", "counted_from": "last"},
    )
    duty = opens(series)
    duty.report(missing_since="08:00")
    fix(duty, "4 Feb 10:00", typed="review")
    duty.press("accept", "review_strategy_meeting", "police")
    duty.until("2026-02-04 10:30")
    duty.type("held", meeting="review_strategy_meeting", next_at="6 Feb 10:00")
    duty.expect(kind="invite", to="police", action="review_strategy_meeting")
    assert isinstance(duty.hear(f"meeting {duty.reference} review"), Form)


def test_a_meeting_fixed_before_it_is_asked_for_cites_the_clauses_of_its_kind(opens: Opens) -> None:
    duty = opens(pack="triborough@2017-12-01")
    duty.report(missing_since="08:00")
    fix(duty, "3 Feb 10:00", typed="strategy meeting", also="school")
    assert "(TRI-080" in duty.expect(kind="invite", to="police", action="strategy_meeting").text
    assert "Asked for by TRI-080: " in living(duty)
    assert "Police (Police" in living(duty)  # who was invited for an agency is named from the beginning
    duty.type("cancel", meeting="strategy_meeting", reason="the child is back")
    assert {row.says for row in invitations(duty)} == {"strategy meeting"}  # and no name of a rule that nobody has read


def test_a_meeting_that_is_asked_for_twice_is_named_once_with_both_clauses(opens: Opens) -> None:
    duty = opens(pack="triborough@2017-12-01")
    duty.report(missing_since="08:00")
    fix(duty, "5 Feb 16:00", typed="strategy meeting")
    duty.until("2026-02-05 09:00")  # missing for three days: by now the protocol asks for it as well
    assert len({o.key for o in duty.obligations() if o.duty.action == "strategy_meeting" and o.status == "open"}) == 2
    with duty.desk() as desk:
        directory = desk.office.directory
        worker, police = directory.person("social_worker"), directory.person("police")
        assert worker
        assert police
        owed, invited, found = (
            home(desk, worker).owed,
            home(desk, police).invitations,
            standing(desk, actor(desk, "la_missing_coordinator")),
        )
    told = {
        "status": duty.answer(duty.hear(f"status {duty.reference}")).lines,
        "mine": duty.answer(duty.hear("mine")).lines,
        "card": [f"{row.says} {row.clauses} {row.state}" for row in duty.card.rows],
        "home": [f"{item.says} {item.clauses} {item.state}" for item in owed],
        "invitation": [f"{item.says} {item.clauses}" for item in invited],
        "page": [f"{one.says} {one.clauses} {one.meets}" for part in (found.late, found.next, found.undated) for one in part.first],
    }
    for where, lines in told.items():
        named = [line for line in lines if "Thu 5 Feb 16:00" in line]
        assert len(named) == 1, (where, named)
        assert "TRI-080" in named[0], where
        assert "TRI-0" in named[0].replace("TRI-080", ""), where


def invitations(duty: Duty) -> list[Row]:
    """Every line that invited somebody, as it stands now."""
    sent = [p.post.id for _, p in duty.platform.sent if any(row.kind == "invite" for row in p.body.rows)]
    return [row for post in sent for row in duty.now_shown(post).rows]


def test_the_invitation_to_a_meeting_that_was_held_says_no_more_than_that(missing: Duty) -> None:
    fix(missing)
    missing.until("2026-02-05 12:00")
    missing.type("held", meeting="strategy_meeting", held_at="5 Feb 10:00", came="police")
    rows = [row for row in invitations(missing) if row.kind == "invite"]
    assert {(row.says, row.state, row.reason) for row in rows} == {("You were invited: strategy meeting", "done Thu 5 Feb 10:00", "")}
