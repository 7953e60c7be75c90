"""The return interview from the offer to the police, as whoever holds it lives it."""

import pytest

from handlers.errors import HandlerError
from handlers.incoming import Submitted
from handlers.outgoing import Answer, Form
from storage import interviews
from storage.interviews import InterviewRow
from tests.fakes import Duty
from tests.handlers.conftest import Opens
from tests.moments import london

BACK = "09:30"


def stored(duty: Duty) -> InterviewRow:
    episode = duty.episode.id
    with duty.desk() as desk:
        row = interviews.of_episode(desk.session, episode)
    assert row is not None
    return row


@pytest.fixture
def back(duty: Duty) -> Duty:
    """A child of the Tri-borough protocol who was missing on Sunday night and is back on Monday at 09:30."""
    duty.report(missing_since="1 Feb 21:00", care_status="looked_after")
    duty.type("found", found_at=BACK, wellbeing="yes")
    return duty


def step(duty: Duty, name: str, by: str = "social_worker", **values: str) -> Answer:
    """One step, typed, with its form filled in where one opens."""
    reply = duty.hear(f"interview {duty.reference} {name}", by)
    return duty.answer(duty.submit(reply, by, **values) if isinstance(reply, Form) else reply)


def test_each_step_is_counted_by_itself(back: Duty) -> None:
    assert stored(back).state == "owed"
    asked = [body for body in back.platform.shown.values() if any(row.action == "return_interview" for row in body.rows)]
    assert {body.buttons for body in asked if body.fallback.endswith("09:30")} == {("status",)}, "a child who is back need not be found"
    step(back, "offered")
    step(back, "accepted")
    assert (stored(back).state, stored(back).offered_at, stored(back).in_time) == ("accepted", back.now, None)
    back.until("2026-02-04 10:00")
    step(back, "conducted", interviewer="social_worker")
    row = stored(back)
    assert (row.state, row.conducted_at, row.in_time, row.interviewer) == ("conducted", back.now, True, "social_worker")
    for last in ("recorded", "signed off", "shared"):
        step(back, last, "team_manager")
    row = stored(back)
    assert {row.recorded_at, row.signed_off_at, row.shared_at} == {back.now}


def test_72_hours_are_over_a_minute_later(back: Duty) -> None:
    back.until("2026-02-05 09:31")
    form = back.form(back.hear(f"interview {back.reference} conducted"))
    assert ("camhs", "CAMHS") in next(f for f in form.fields if f.id == "interviewer").options
    answer = step(back, "conducted", at="2026-02-05T09:31")
    assert answer.lines[0].startswith("Return interview held, Thu 5 Feb 09:31.")
    assert "after the statutory 72 hours" in answer.text
    assert (stored(back).in_time, stored(back).offered_at) == (False, london("2026-02-05 09:31"))


def test_the_form_and_the_post_show_both_clocks(opens: Opens) -> None:
    duty = opens(pack="lancashire@2013-01-01", at="2026-02-06 10:00")
    duty.report(missing_since="5 Feb 21:00", care_status="child_in_need")
    duty.type("found", found_at="07:00", wellbeing="yes")
    form = duty.form(duty.hear(f"interview {duty.reference}"))
    assert "Due Wed 11 Feb 07:00 by this protocol; 72 hours after the return are over Mon 9 Feb 07:00" in form.note
    assert "due Wed 11 Feb 07:00; statutory 72 h: Mon 9 Feb 07:00" in duty.ever(action="return_interview")[0].text


def test_a_declined_interview_says_by_whom_and_carers_are_asked_instead(opens: Opens) -> None:
    duty = opens(pack="england@2014-01-01")
    duty.report(missing_since="1 Feb 21:00")
    duty.type("found", found_at=BACK)
    answer = step(duty, "declined", declined_by="parent_or_carer", reason="they will not have it")
    assert "Ask parents or carers what they know" in answer.text
    row = stored(duty)
    assert (row.state, row.declined_by, row.offered_at) == ("declined", "parent_or_carer", duty.now)
    assert duty.owed("return_interview").status == "waived"
    assert "will not have it" not in str(duty.seen(0))


def test_a_child_who_said_no_may_still_be_interviewed(back: Duty) -> None:
    back.hear(f"interview {back.reference} declined not today")
    again = back.answer(back.hear(f"interview {back.reference} declined not today", "team_manager"))
    assert again.text.startswith("That it was declined is recorded already by Social worker")
    assert len([e for e in back.told() if e.kind == "interviewed"]) == 1
    assert back.owed("return_interview").status == "waived"
    back.forward(hours=2)
    assert "The no of Mon 2 Feb 10:00 stands, so nobody is reminded" in step(back, "offered").text
    form = back.form(back.hear(f"interview {back.reference} held"))
    assert "declined Mon 2 Feb 10:00, offered again Mon 2 Feb 12:00." in form.note
    step(back, "conducted")
    assert back.owed("return_interview").status == "met"
    assert (stored(back).state, stored(back).declined_by) == ("conducted", "child")


def test_whom_the_child_asks_for_holds_it_and_the_time_stays(opens: Opens) -> None:
    duty = opens(pack="bury@2024-06-21")
    duty.report(missing_since="1 Feb 21:00", category="missing_from_care", care_status="looked_after")
    duty.type("found", found_at=BACK)
    before = duty.owed("return_interview")
    form = duty.form(duty.hear(f"interview {duty.reference} offered"))
    options = next(f for f in form.fields if f.id == "choice").options
    assert {role for role, _ in options} >= {"social_worker", "personal_adviser", "child_and_family_worker", "childrens_rights_worker"}
    assert not {"foster_carer", "residential_staff", "police"} & {role for role, _ in options}
    duty.submit(form, "social_worker", choice="personal_adviser")
    after = duty.owed("return_interview")
    assert (before.owner, after.owner, after.due) == ("childrens_rights_worker", "personal_adviser", before.due)
    duty.expect(kind="notice", action="return_interview", to="personal_adviser")


@pytest.mark.parametrize("carer", ["foster_carer", "residential_manager", "placement_provider"])
def test_nobody_who_cares_for_the_child_or_manages_the_placement_holds_it(back: Duty, carer: str) -> None:
    told = len(back.told())
    for name, field in (("offered", "choice"), ("conducted", "interviewer"), ("reassigned", "person")):
        form = back.form(back.hear(f"interview {back.reference} {name}"))
        assert carer not in {value for f in form.fields for value, _ in f.options}
        sentence = back.problem(back.submit(form, "social_worker", **{field: carer}))[field]
        assert "TRI-0" in sentence or "TRI-1" in sentence
    assert len(back.told()) == told


@pytest.mark.parametrize(
    ("pack", "not_theirs", "theirs"),
    [
        ("triborough@2017-12-01", ("police", "health_representative"), "team_manager"),
        ("rutland@2016-09-01", ("police", "school"), "youth_worker"),
        ("lancashire@2013-01-01", ("police",), "social_worker"),
    ],
)
def test_a_step_is_recorded_by_whoever_may_hold_the_interview_or_the_council(
    opens: Opens, pack: str, not_theirs: tuple[str, ...], theirs: str
) -> None:
    duty = opens(pack=pack)
    duty.report(missing_since="08:00", care_status="child_in_need")
    duty.type("found", found_at="09:30")
    before = len(duty.told())
    for by in not_theirs:
        for typed in ("declined because she is tired", "declined", "offered", "accepted", "held at 09:45", "give", "not done"):
            with pytest.raises(HandlerError, match=r"The return interview is independent|You are not invited to"):
                duty.hear(f"interview {duty.reference} {typed}", by)
    assert len(duty.told()) == before
    step(duty, "declined", theirs, reason="not today")


def test_police_may_say_that_the_interview_was_shared_with_them(back: Duty) -> None:
    with pytest.raises(HandlerError, match="The return interview is independent"):
        step(back, "shared", "police")
    step(back, "conducted", interviewer="social_worker")
    step(back, "shared", "police")
    assert stored(back).shared_at == back.now


def test_given_to_somebody_by_name_it_is_theirs_and_nobody_elses(opens: Opens) -> None:
    duty = opens(pack="triborough@2017-12-01", holders={"social_worker": 2})
    duty.report(missing_since="1 Feb 21:00")
    duty.type("found", found_at=BACK)
    assert "Hold the return interview" in duty.answer(duty.hear("mine")).text
    answer = step(duty, "give", person="social_worker.2", reason="knows the child")
    assert "The time stays: Thu 5 Feb 09:30" in answer.text
    given = duty.expect(kind="notice", action="return_interview")
    assert (given.people, given.where) == (("social_worker.2",), "thread")
    assert "Hold the return interview" not in duty.answer(duty.hear("mine")).text
    assert "Hold the return interview" in duty.answer(duty.hear("mine", "social_worker.2")).text
    duty.until("2026-02-05 09:30")
    assert duty.expect(kind="due", action="return_interview").people == ("social_worker.2",)
    step(duty, "conducted", "social_worker.2")
    assert duty.now_shown(given.post).rows[-1].over
    again = duty.submit(duty.hear(f"interview {duty.reference} give"), "social_worker", person="social_worker.2")
    assert duty.problem(again) == {"person": "Social worker.2 has this interview already."}


@pytest.fixture
def twice(duty: Duty) -> tuple[Duty, str, str]:
    """Back on Monday 09:30, missing again from Tuesday 19:00: the references of both episodes."""
    duty.report(missing_since="1 Feb 21:00", case_reference="A-1")
    duty.type("found", found_at=BACK)
    first = duty.reference
    duty.until("2026-02-03 20:00")
    duty.report(missing_since="19:00", case_reference="A-1")
    assert duty.reference != first
    return duty, first, duty.reference


def test_one_conversation_may_be_about_several_returns(twice: tuple[Duty, str, str]) -> None:
    duty, first, second = twice
    duty.type("found", found_at="19:45")
    duty.until("2026-02-04 12:00")
    form = duty.form(duty.hear(f"interview {second} conducted"))
    answer = duty.answer(duty.submit(form, "social_worker", **{f"covers:{first}": "yes"}))
    assert "It is about 2 returns." in answer.text
    for reference in (first, second):
        duty.reference = reference
        assert duty.owed("return_interview").status == "met"
        assert (stored(duty).state, stored(duty).in_time) == ("conducted", True)
    assert not [f for f in duty.form(duty.hear(f"interview {second} conducted")).fields if f.id.startswith("covers")]


def test_missing_again_before_the_interview(twice: tuple[Duty, str, str]) -> None:
    duty, first, second = twice
    duty.reference = first
    assert f"missing again ({second})" in duty.form(duty.hear(f"interview {first}")).note
    duty.until("2026-02-04 12:00")
    odd = step(duty, "conducted", at="2026-02-04T11:00")
    assert f"missing again at that time ({second})" in odd.text
    assert duty.owed("return_interview").status == "met"
    duty.reference = second
    assert [o for o in duty.obligations() if o.duty.action == "return_interview"] == []


def test_a_return_of_another_child_is_not_covered(twice: tuple[Duty, str, str]) -> None:
    duty, first, second = twice
    duty.type("found", found_at="19:45")
    form = duty.form(duty.hear(f"interview {second} conducted"))
    forged = Submitted(form.id, {f.id: f.value for f in form.fields} | {"covers:HW-ZZZZ": "yes"}, "social_worker", dict(form.context))
    with pytest.raises(HandlerError, match=f"HW-ZZZZ does not wait for an interview of this child. These do: {first}"):
        duty.resend(forged)


def test_the_prompts_are_the_protocols_and_only_for_who_holds_it(back: Duty) -> None:
    said = back.answer(back.press("prompts", "return_interview", "social_worker"))
    assert "Push factors" in said.text
    assert "non-judging" in said.text
    assert said.lines[-1].startswith("Nothing that is said in the interview is typed here")
    assert said.seen == "prompts"
    with pytest.raises(HandlerError, match="You are not invited to"):
        back.hear(f"interview {back.reference} prompts", "health_representative")
    assert not any("Push factors" in seen.text for seen in back.seen(0))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("thought", "The steps are"),
        ("offred", "did you mean 'offered'"),
        ("conducted 25:99", "is not a time"),
        ("recorded tomorrow 10:00", "cannot be in the future"),
    ],
)
def test_what_cannot_be_typed_is_a_sentence_and_writes_nothing(back: Duty, typed: str, says: str) -> None:
    before = len(back.told())
    with pytest.raises(HandlerError, match=says):
        back.hear(f"interview {back.reference} {typed}")
    assert len(back.told()) == before


def test_whoever_held_it_does_not_sign_it_off(opens: Opens) -> None:
    duty = opens(pack="rutland@2016-09-01")
    duty.report(missing_since="1 Feb 21:00", whereabouts_known="no")
    duty.type("found", found_at=BACK)
    step(duty, "conducted", "team_manager", interviewer="youth_worker")
    with pytest.raises(HandlerError, match="somebody else signs it off"):
        step(duty, "signed off", "team_manager")
    with pytest.raises(HandlerError, match="signs the interview off"):
        step(duty, "signed off", "youth_worker")
    step(duty, "signed off", "senior_practitioner")
    assert duty.owed("return_interview_signoff").status == "met"


def test_a_return_taken_back_leaves_no_interview_to_be_counted(back: Duty) -> None:
    back.type("undo", what="found")
    assert stored(back).state == "void"
    with back.desk() as desk:
        assert interviews.of_authority(desk.session, "westbrook", london("2026-01-01 00:00"), london("2026-03-01 00:00")) == []
    back.type("found", found_at="09:45")
    assert (stored(back).state, stored(back).returned_at) == ("owed", london("2026-02-02 09:45"))
