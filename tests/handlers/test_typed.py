"""Notes, and what is typed: in a thread, wrongly, on behalf of somebody."""

import pytest

from handlers.errors import NotUnderstood, Refused
from handlers.frontdesk import pressing, submitting
from handlers.incoming import Pressed, Submitted
from tests.fakes import Duty

LONG = "x" * 10_000
AWAY = "away_from_placement_without_authorisation"


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
