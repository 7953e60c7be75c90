"""Reporting a child missing: what can be known at two in the morning is enough, and nothing said is lost."""

import pytest
from sqlalchemy import text

from handlers.errors import Refused
from tests.fakes import Duty
from tests.handlers.conftest import Opens
from tests.moments import london

ANSWER_ENDS = "This does not call the police. If a child is in danger now, ring 999."
LONG = "x" * 10_000


def journal(duty: Duty) -> list[str]:
    return [entry.kind for entry in duty.told()]


def nothing_written(duty: Duty) -> bool:
    """No child, no episode, no entry, no post."""
    with duty.desk() as desk:
        counts = [desk.session.scalar(text(f"SELECT count(*) FROM {t}")) for t in ("children", "episodes", "journal", "posts", "receipts")]
    return counts == [0] * 5


def test_an_empty_report_opens_an_episode(duty: Duty) -> None:
    answer = duty.report(by="edt", category="missing", risk_level="")
    assert duty.episode.status == "open"
    assert duty.case().episode.missing_since == london("2026-02-02 10:00")
    assert answer.lines[0] == f"{duty.reference} is open: missing since Mon 2 Feb 10:00."
    assert ANSWER_ENDS in answer.lines


def test_the_answer_says_who_was_sent_it_whether_police_know_and_whom_nobody_can_reach(opens: Opens) -> None:
    duty = opens(pack="triborough@2017-12-01", empty=["police"])
    text = duty.report(by="edt", missing_since="09:30").text
    assert "Sent to:" in text
    assert "Social worker" in text
    assert "Nobody holds: police." in text
    assert "Police: not recorded as told yet" in text


def test_police_told_before_the_report_is_recorded_with_their_reference(duty: Duty) -> None:
    answer = duty.report(missing_since="09:30", police_told="yes", police_reference="QX-77 Robin Example")
    assert duty.owed("police_notification").status == "met"
    assert "Police: recorded as told" in answer.text
    assert "QX-77" not in answer.text  # the answer is kept in clear for a repetition
    assert any(entry.payload.get("note") == "QX-77 Robin Example" for entry in duty.told())
    duty.expect_silence(action="police_notification")


def test_an_absence_of_which_police_need_not_know_says_so(opens: Opens) -> None:
    text = opens().report(category="absent").text
    assert "Police: the protocol does not ask for them to be told in this category." in text
    assert "Police: recorded as told" in opens().report(category="absent", police_told="yes").text


def test_a_carer_may_say_that_police_were_told(duty: Duty) -> None:
    """A reporter may not complete duties, but what they did themselves is theirs to say."""
    answer = duty.report(by="foster_carer", missing_since="09:30", police_told="yes")
    assert duty.owed("police_notification").status == "met"
    assert "Police: recorded as told" in answer.text


def test_a_protocol_that_asks_about_the_police_in_its_own_words_asks_once(opens: Opens) -> None:
    check = {"id": "police-told", "ask": "Have the police been told? This bot does not call them.", "clauses": ["TRI-044"]}
    duty = opens(fields={"intake": {"checks": [check]}})
    form = duty.form(duty.hear("report", "edt"))
    assert [field.id for field in form.fields if "police been told" in field.label] == ["check:police-told"]
    assert "Police: recorded as told" in duty.report(category="absent", **{"check:police-told": "yes"}).text


def test_every_answer_of_the_form_is_kept_and_no_free_text_leaves(opens: Opens) -> None:
    checks = [{"id": "searched", "ask": "Was the room searched?", "clauses": ["TRI-044"]}]
    duty = opens(fields={"intake": {"checks": checks, "asks": ["uasc", "safe_to_search"]}})
    duty.report(
        narrative="Left by the window. 🪟\nتركت المنزل",
        uasc="yes",
        safe_to_search="no",
        **{"check:searched": "yes"},
        on_behalf="night carer",
    )
    (entry,) = (e for e in duty.told() if e.kind == "reported")
    assert entry.payload["narrative"] == "Left by the window. 🪟\nتركت المنزل"
    assert entry.payload["facts"] == {"risk_level": "medium", "uasc": True, "safe_to_search": False}
    assert entry.payload["checks"] == {"searched": "yes"}
    assert entry.on_behalf == "night carer"


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("missing_since", "tomorrow 10:00", "Missing since cannot be in the future: it is Mon 2 Feb 10:00 now"),
        ("missing_since", "2026-02-02T10:03", "cannot be in the future"),
        ("missing_since", "about nine", "is not a time. Type 21:30"),
        ("missing_since", "9999-12-31T23:59-05:00", "is not a time"),
        ("date_of_birth", "4 Mar 2027", "A birth date of 4 March 2027 is in the future. Check the year."),
        ("date_of_birth", "3 Feb 2026", "A birth date of 3 February 2026 is in the future."),
        ("date_of_birth", "4 Mar 1812", "more than 120 years ago"),
        ("date_of_birth", "13", "is not a birth date. Type 4 Mar 2012."),
        ("category", "", "This needs an answer."),
        ("category", "mising", "did you mean 'missing'?"),
        ("risk_level", "low", "A child under 18 is never low risk (TRI-061)."),
        ("risk_level", "hihg", "did you mean 'high'?"),
        ("risk_level", "👧", "is not a risk level; choose"),
        ("care_status", "looked_afer", "did you mean 'looked_after'?"),
        ("narrative", LONG, "That is 10,000 characters; at most 4,000 are kept."),
        ("surname", LONG, "That is 10,000 characters; at most 200 are kept."),
        ("case_reference", LONG, "at most 200 are kept"),
        ("police_reference", LONG, "at most 200 are kept"),
        ("on_behalf", LONG, "at most 200 are kept"),
    ],
)
def test_what_cannot_be_comes_back_at_its_field_with_all_that_was_typed(duty: Duty, field: str, typed: str, says: str) -> None:
    form = duty.form(duty.hear("report", "edt"))
    kept = {"narrative": "She took her coat.", "initials": "QZ", "police_told": "yes"}
    reply = duty.submit(form, "edt", **{**kept, field: typed})
    problems = duty.problem(reply)
    assert set(problems) == {field}
    assert says in problems[field]
    assert problems[field].endswith((".", "?", "now"))  # a sentence
    again = {f.id: f.value for f in reply.form.fields}  # type: ignore[union-attr]
    assert again[field] == typed
    assert {name: again[name] for name in kept if name != field} == {n: v for n, v in kept.items() if n != field}
    assert nothing_written(duty)


def test_after_the_slip_is_mended_the_same_form_goes_through_once(duty: Duty) -> None:
    form = duty.form(duty.hear("report", "edt"))
    slip = duty.submit(form, "edt", missing_since="tomorrow 10:00")
    mended = duty.answer(duty.submit(slip.form, "edt", missing_since="09:00"))  # type: ignore[union-attr]
    again = duty.answer(duty.submit(slip.form, "edt", missing_since="09:00"))  # type: ignore[union-attr]
    assert again.lines == mended.lines
    duty.reference = mended.reference or ""
    assert journal(duty) == ["reported"]


def test_a_time_of_a_moment_ago_on_a_fast_telephone_is_no_future(duty: Duty) -> None:
    duty.report(missing_since="2026-02-02T10:01")
    assert duty.episode.missing_since == london("2026-02-02 10:01")


def test_an_adult_may_be_at_low_risk(duty: Duty) -> None:
    duty.report(risk_level="low", date_of_birth="4 Mar 2004")
    assert duty.episode.risk_level == "low"


def test_half_a_character_and_the_character_nought_are_survived(duty: Duty) -> None:
    duty.report(narrative="half \ud83d of an emoji\0", surname="O\ud83dx", date_of_birth="4 Mar 2012")
    (entry,) = (e for e in duty.told() if e.kind == "reported")
    assert entry.payload["narrative"] == "half \ufffd of an emoji"


def test_ten_thousand_characters_typed_after_the_word_are_a_sentence_too(duty: Duty) -> None:
    duty.report()
    with pytest.raises(Refused, match="That is 10,000 characters"):
        duty.hear(f"note {duty.reference} {LONG}")


# ---- the same child?

ROBIN = {"case_reference": "CS-0042", "surname": "Example", "initials": "RE", "date_of_birth": "4 Mar 2012"}


def reported_again(duty: Duty, **who: str) -> object:
    return duty.submit(duty.form(duty.hear("report", "edt")), "edt", **who)


def test_a_known_case_reference_asks_whether_it_is_the_same_child(duty: Duty) -> None:
    duty.report(**ROBIN)
    question = duty.form(reported_again(duty, case_reference=" cs-0042 ", narrative="Seen at the station."))  # type: ignore[arg-type]
    asked = question.fields[0]
    assert asked.id == "same"
    assert asked.label == f"{duty.reference} is open for this child. Is it the same child?"
    assert [value for value, _ in asked.options] == ["same", "different", "unsure"]
    assert asked.value == ""
    assert {f.id: f.value for f in question.fields}["narrative"] == "Seen at the station."


def test_the_same_child_becomes_a_note_and_the_managers_hear_of_it(duty: Duty) -> None:
    first = duty.report(**ROBIN).reference
    question = reported_again(duty, case_reference="CS-0042", narrative="Seen at the station.")
    answer = duty.answer(duty.submit(question, "edt", same="same"))  # type: ignore[arg-type]
    assert answer.reference == first
    assert "Your report was added to it." in answer.lines[0]
    assert [e.payload["text"] for e in duty.told() if e.kind == "noted"] == ["Seen at the station."]
    assert "reported a second time" in duty.expect(kind="alarm").text
    assert ANSWER_ENDS in answer.lines


def test_a_name_and_a_birth_date_only_suggest(duty: Duty) -> None:
    duty.report(**ROBIN)
    for who in ({"surname": "EXAMPLE"}, {"initials": "r.e."}):
        question = duty.form(reported_again(duty, date_of_birth="2012-03-04", **who))  # type: ignore[arg-type]
        assert question.fields[0].label == f"{duty.reference} may be about the same child."
        assert [value for value, _ in question.fields[0].options] == ["different", "unsure", "same"]
        assert question.fields[0].value == "different"


@pytest.mark.parametrize(
    "who",
    [{"surname": "Example"}, {"initials": "RE"}, {"date_of_birth": "4 Mar 2012"}, {"surname": "Sample", "date_of_birth": "4 Mar 2012"}],
)
def test_less_than_that_asks_nothing(duty: Duty, who: dict[str, str]) -> None:
    first = duty.report(**ROBIN).reference
    assert duty.report(**who).reference != first


def test_a_different_child_gets_an_episode_of_its_own(duty: Duty) -> None:
    first = duty.report(**ROBIN).reference
    question = reported_again(duty, surname="Example", date_of_birth="2012-03-04")
    answer = duty.answer(duty.submit(question, "edt", same="different"))  # type: ignore[arg-type]
    assert answer.reference not in {first, None}


def test_not_sure_opens_a_new_one_and_asks_the_coordinator(duty: Duty) -> None:
    first = duty.report(**ROBIN).reference
    question = reported_again(duty, surname="Example", date_of_birth="2012-03-04")
    answer = duty.answer(duty.submit(question, "edt", same="unsure"))  # type: ignore[arg-type]
    assert answer.reference not in {first, None}
    assert f"{answer.reference} and {first} may be the same child" in duty.expect(kind="alarm").text


def test_the_same_child_found_meanwhile_gets_its_next_episode(duty: Duty) -> None:
    first = duty.report(**ROBIN).reference or ""
    question = reported_again(duty, surname="Example", date_of_birth="2012-03-04")
    duty.type("found", wellbeing="yes")
    duty.type("close")
    answer = duty.answer(duty.submit(question, "edt", same="same"))  # type: ignore[arg-type]
    assert answer.reference not in {first, None}
    duty.reference = answer.reference or ""
    assert len(duty.case().rows) == 2


def test_a_known_child_reported_after_a_closed_episode_keeps_the_history(duty: Duty) -> None:
    duty.report(**ROBIN)
    duty.type("found", wellbeing="yes")
    duty.type("close")
    duty.forward(days=3)
    duty.report(case_reference="CS-0042")
    assert duty.episode.number == 2


def test_two_reporters_of_one_child_are_asked_the_same(duty: Duty) -> None:
    duty.report(by="edt", **ROBIN)
    form = duty.form(duty.hear("report", "foster_carer"))
    question = duty.form(duty.submit(form, "foster_carer", case_reference="CS-0042"))
    assert question.title == "Is it the same child?"
