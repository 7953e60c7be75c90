"""The change of shift: who has taken which child, and what happens to the one nobody took."""

from dataclasses import dataclass, replace
from datetime import time

import pytest
import sqlalchemy as sa

from handlers import retention
from handlers.asking import reference_of
from handlers.desk import actor
from handlers.directory import Authority
from handlers.errors import HandlerError, Later
from handlers.frontdesk import pressing
from handlers.incoming import Pressed, Submitted
from handlers.outgoing import Answer, Form, Reply, Row, plain
from handlers.pages.home import home
from handlers.rota import DAYS
from handlers.rota import Shift as Turn
from storage import asks
from storage.tables import ASKS
from tests.fakes import AUTHORITY, Duty, person, town
from tests.handlers.conftest import Opens
from tests.moments import london

PACK = "triborough@2017-12-01"


@dataclass
class Shift:
    """Three children are away at nine in the evening; the day worker hands over to EDT until nine in the morning."""

    duty: Duty
    references: list[str]

    def row(self, reference: str, button: str = "take", to: str = "edt") -> Row:
        """The newest line about a child that shows a button, as it stands now."""
        for _, parcel in reversed(self.duty.platform.sent):
            if to in {p.id for p in parcel.people}:
                for row in self.duty.platform.shown[parcel.post.id].rows:
                    if row.says.startswith(reference) and button in row.buttons:
                        return row
        raise AssertionError(f"nobody was shown {reference} with {button}")

    def press(self, verb: str, reference: str, by: str = "edt", **values: str) -> Reply:
        return self.pressed(self.row(reference, verb, to=by), verb, by, **values)

    def pressed(self, row: Row, verb: str, by: str, **values: str) -> Reply:
        reply = self.duty._act(lambda desk: pressing.press(Pressed(verb, by, row.obligation, row.version, None), desk))
        return self.duty.submit(reply, by, **values) if isinstance(reply, Form) and values else reply

    def kept(self) -> dict[str, tuple[str | None, ...]]:
        """Both sides of each child, as the table has them."""
        with self.duty.desk() as desk:
            group = desk.session.scalars(sa.select(ASKS.c.group_id).distinct()).one()
            return {reference_of(desk, a): (a.asked_by, a.person, a.answered_by, a.state) for a in asks.of_group(desk.session, group)}


@pytest.fixture
def evening(opens: Opens) -> Duty:
    duty = opens(pack=PACK, at="2026-02-02 20:00", directory=town(PACK, holders={"social_worker": 2}))
    for n, since in enumerate(("30 Jan 23:00", "18:00", "19:00")):
        duty.report(missing_since=since, case_reference=f"A-{n}")
    duty.until("2026-02-02 21:00")
    return duty


@pytest.fixture
def shift(evening: Duty) -> Shift:
    form = evening.form(evening.hear("handover"))
    references = [f.id.removeprefix("note:") for f in form.fields if f.id.startswith("note:")]
    evening.submit(form, "social_worker", to="edt", **{f"note:{references[1]}": "the aunt rings back"})
    return Shift(evening, references)


def test_every_child_is_put_to_the_next_worker_with_what_falls_due(shift: Shift) -> None:
    duty = shift.duty
    given = [seen for seen in duty.came(kind="notice") if "missing for" in seen.text]
    assert [seen.text[:7] for seen in given] == shift.references
    assert {seen.people for seen in given} == {("edt",)}
    assert len({seen.post for seen in given}) == 1
    assert given[0].text.startswith(f"{shift.references[0]}: missing for 70 h: late: ")
    assert "due before Tue 3 Feb 09:00: " in given[0].text
    assert "strategy discussion (social worker, Mon 2 Feb 23:00)" in given[0].text
    assert "nothing falls due before Tue 3 Feb 09:00" in given[1].text
    assert "aunt" not in str(duty.seen(0))


def test_one_is_taken_one_asked_about_and_one_ignored_and_escalated(shift: Shift) -> None:
    duty, (taken, asked, ignored) = shift.duty, shift.references
    assert duty.answer(shift.press("take", taken)).lines[0].startswith(f"{taken} is with you now, until Tue 3 Feb 09:00.")
    duty.forward(minutes=10)
    assert "the aunt rings back" in duty.answer(shift.press("read", asked)).text
    duty.answer(shift.press("ask", asked, text="has she rung?"))
    assert duty.came(people="social_worker")
    assert "has she rung" not in str(duty.seen(0))
    form = duty.form(shift.press("reply", asked, "social_worker"))
    assert "has she rung?" in form.note
    duty.submit(form, "social_worker", text="not yet")
    assert "not yet" in duty.answer(shift.press("read", asked)).text
    duty.answer(shift.press("take", asked))

    duty.until("2026-02-02 21:30")
    assert "Not taken over yet" in duty.now_shown(duty.expect(kind="reminder", people="edt").post).headline
    duty.until("2026-02-02 22:00")
    up = duty.expect(kind="escalation")
    assert (up.people, up.text[:7]) == (("team_manager",), ignored)
    assert [seen.text[:7] for seen in duty.came(people="social_worker")] == [ignored]
    assert f"{ignored}: not taken over by Edt, waits since Mon 2 Feb 21:00" in duty.answer(duty.hear("mine", "team_manager")).lines[0]
    duty.until("2026-02-03 02:00")
    assert duty.expect(kind="escalation", text=ignored).people == ("head_of_service",)
    duty.answer(shift.press("take", ignored, "team_manager"))
    assert shift.kept() == {
        taken: ("social_worker", "edt", "edt", "accepted"),
        asked: ("social_worker", "edt", "edt", "accepted"),
        ignored: ("social_worker", "edt", "team_manager", "accepted"),
    }
    assert (
        "Everything you handed over was taken: 3"
        in [b for b in duty.platform.shown.values() if b.headline == "Handover complete"][-1].lines[0]
    )
    duty.reference = asked
    kinds = [entry.kind for entry in duty.told() if entry.kind.startswith("hand")]
    assert kinds == ["handed_over", "handover_asked", "handover_answered", "handover_taken"]
    duty.forward(hours=12)
    assert "take" not in str([row.buttons for body in duty.platform.shown.values() for row in body.rows])


def test_pressed_twice_or_late_it_says_who_has_the_child(shift: Shift) -> None:
    duty, reference = shift.duty, shift.references[0]
    row = shift.row(reference)
    first = duty.answer(shift.pressed(row, "take", "edt"))
    assert duty.answer(shift.pressed(row, "take", "edt")).text == first.text
    with pytest.raises(HandlerError, match=f"{reference} is with you already, since Mon 2 Feb 21:00"):
        duty.hear(f"take {reference}", "edt")
    with pytest.raises(HandlerError, match=f"{reference} was taken over by Edt at Mon 2 Feb 21:00 already"):
        shift.pressed(row, "take", "team_manager")
    assert "taken over by Edt" in duty.now_shown(duty.came()[0].post if duty.came() else shift_post(duty)).rows[0].state


def shift_post(duty: Duty) -> str:
    return next(p.post.id for _, p in duty.platform.sent if p.body.headline.startswith("Handover from"))


def to_be_deleted(duty: Duty) -> str:
    with duty.desk() as desk:
        return "\n".join(retention.refused(desk, actor(desk, "la_missing_coordinator", AUTHORITY)))


def test_who_gives_cannot_take_and_a_partner_cannot_answer(shift: Shift) -> None:
    row = shift.row(shift.references[0])
    with pytest.raises(HandlerError, match="somebody else takes it"):
        shift.pressed(row, "take", "social_worker")
    for verb in ("take", "ask", "read"):
        with pytest.raises(HandlerError, match="Your roles here do not include 'handover'"):
            shift.pressed(row, verb, "police")
    forged = Row("", "", "", (), obligation="nothing")
    with pytest.raises(HandlerError, match="no longer exists"):
        shift.pressed(forged, "take", "edt")


def test_handed_over_anew_it_is_put_to_the_new_one_only(shift: Shift) -> None:
    duty, reference = shift.duty, shift.references[0]
    old = shift.row(reference)
    duty.submit(duty.hear("handover"), "social_worker", to="social_worker.2")
    with pytest.raises(HandlerError, match="handed over anew"):
        shift.pressed(old, "take", "edt")
    assert duty.answer(duty.hear(f"take {reference}", "social_worker.2")).lines[0].startswith(f"{reference} is with you now")
    duty.until("2026-02-02 21:30")
    assert {s.people for s in duty.came(kind="reminder") if "missing for" in s.text} == {("social_worker.2",)}


def test_it_works_by_typing_alone(shift: Shift) -> None:
    duty, (first, second, _) = shift.duty, shift.references
    assert f"{first}: handed over by Social worker, waits for you since Mon 2 Feb 21:00" in duty.answer(duty.hear("mine", "edt")).text
    with duty.desk() as desk:
        person = desk.office.directory.person("edt")
        assert person
        assert [item.reference for item in home(desk, person).invitations if "take" in item.buttons] == shift.references
    assert "is with you now" in duty.answer(duty.hear(f"take {first}", "edt")).text
    assert f"{first}: handed" not in duty.answer(duty.hear("mine", "edt")).text
    assert "has been sent it" in duty.answer(duty.hear(f"ask {second} who has the photo?", "edt")).text
    assert "Answered" in duty.answer(duty.hear(f"ask {second} the sergeant", "social_worker")).text
    with pytest.raises(HandlerError, match="You hand this child over"):
        duty.hear(f"ask {second} again", "social_worker")


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"to": "social_worker"}, "to", "You cannot hand over to yourself"),
        ({"to": "police"}, "to", "not council staff"),
        ({"to": "nobody.known"}, "to", "is nobody with a role here"),
        ({"until": "1 Feb 21:00"}, "until", "cannot be the end of the next shift"),
        ({"until": "9 Feb 21:00"}, "until", "cannot be the end of the next shift"),
        ({"until": "soon"}, "until", "is not a time"),
        ({"until": ""}, "until", "This needs an answer"),
    ],
)
def test_a_slip_keeps_the_form_and_writes_nothing(evening: Duty, typed: dict[str, str], field: str, says: str) -> None:
    form = evening.form(evening.hear("handover"))
    assert says in evening.problem(evening.submit(form, "social_worker", **({"to": "edt"} | typed)))[field]
    with evening.desk() as desk:
        assert asks.open_of(desk.session, "westbrook") == []


def test_with_nobody_away_there_is_nothing_to_hand_over(opens: Opens) -> None:
    with pytest.raises(HandlerError, match="No episode is open"):
        opens(pack=PACK).hear("handover")


def test_a_question_nobody_answers_goes_up_as_well(shift: Shift) -> None:
    duty, reference = shift.duty, shift.references[0]
    for other in shift.references[1:]:
        shift.press("take", other)
    shift.press("ask", reference, text="where is the photo?")
    duty.forward(minutes=30)
    assert duty.expect(kind="reminder", people="social_worker").text.startswith(reference)
    duty.forward(minutes=30)
    up = duty.expect(kind="escalation")
    assert up.text.startswith(reference)
    told = duty.answer(duty.hear("mine", up.people[0])).lines[0]
    assert told.startswith(f"{reference}: Edt asked Social worker about it and has no answer, waits since Mon 2 Feb 21:00")


def test_many_children_are_several_posts_and_each_can_be_taken(opens: Opens) -> None:
    duty = opens(pack=PACK, at="2026-02-02 20:00")
    for n in range(11):
        duty.report(missing_since="17:00", case_reference=f"A-{n}")
    form = duty.form(duty.hear("handover"))
    assert "11 open" in form.note
    answer: Answer = duty.answer(duty.submit(form, "social_worker", to="edt"))
    assert len(answer.lines) == 13
    posts = [p for _, p in duty.platform.sent if p.body.headline.startswith("Handover from")]
    assert [len(p.body.rows) for p in posts] == [8, 3]
    assert posts[0].body.headline.endswith("1 to 8 of 11")


def test_the_shift_ends_when_the_rota_says_and_the_next_is_proposed(opens: Opens) -> None:
    night = Turn("edt", "westbrook", "edt", DAYS, time(22), time(8))
    duty = opens(pack=PACK, at="2026-02-02 21:00", directory=town(PACK, rota=[night]))
    duty.report(missing_since="17:00")
    fields = {f.id: f.value for f in duty.form(duty.hear("handover")).fields}
    assert (fields["to"], fields["until"]) == ("edt", "2026-02-03T08:00")
    assert london("2026-02-03 08:00") > duty.now


def test_without_a_rota_whoever_had_it_last_time_is_proposed_and_everybody_by_name_and_title(evening: Duty) -> None:
    asked = {f.id: f for f in evening.form(evening.hear("handover")).fields}["to"]
    assert asked.value == "edt", "nobody was handed to before: EDT is on call"
    assert ("team_manager", "Team manager, team manager") in asked.options
    assert not [label for person, label in asked.options if person in label and person != "edt"]
    for to in ("social_worker.2", "team_manager"):
        evening.submit(evening.hear("handover"), "social_worker", to=to)
        evening.forward(minutes=1)
    proposed = {
        by: {f.id: f.value for f in evening.form(evening.hear("handover", by)).fields}["to"]
        for by in ("social_worker", "edt", "team_manager")
    }
    assert proposed == {"social_worker": "team_manager", "team_manager": "social_worker", "edt": ""}


def test_a_restricted_child_is_counted_and_not_listed_and_taken_back(shift: Shift) -> None:
    duty, reference = shift.duty, shift.references[0]
    row = shift.row(reference)
    post = shift_post(duty)
    duty.reference = reference
    duty.type("restrict", "team_manager", reason="a relative works here")
    assert reference not in str(duty.now_shown(post))
    with pytest.raises(HandlerError, match="no longer exists"):
        shift.pressed(row, "take", "edt")
    form = duty.form(duty.hear("handover"))
    assert reference not in str(form.fields)
    assert "1 restricted is not among them" in form.note


def test_of_an_erased_child_the_line_goes_and_the_others_stay(shift: Shift) -> None:
    duty, (reference, other, _) = shift.duty, shift.references
    duty.reference = reference
    duty.type("void", by="team_manager", reason="reported by mistake")
    with duty.desk() as desk:
        retention.erase(desk, actor(desk, "la_missing_coordinator", AUTHORITY), reference, "the court ordered it")
    duty.platform.trouble = [Later(60)] * 20
    duty.forward(minutes=1)
    assert shift_post(duty) in to_be_deleted(duty)
    duty.platform.trouble = []
    duty.forward(minutes=2)
    said = plain(duty.now_shown(shift_post(duty)))
    assert reference not in said
    assert other in said
    assert to_be_deleted(duty) == ""
    duty.until("2026-02-02 23:00")
    assert reference not in str(duty.came())


def test_a_form_about_a_child_of_another_authority_is_nothing_to_anybody_else(opens: Opens) -> None:
    outsider = person("outsider", "edt", authority="elsewhere")
    directory = town(PACK, also=[outsider])
    elsewhere = Authority("elsewhere", "Elsewhere", PACK)
    duty = opens(pack=PACK, at="2026-02-02 20:00", directory=replace(directory, authorities=(*directory.authorities, elsewhere)))
    duty.report(missing_since="17:00")
    duty.submit(duty.hear("handover"), "social_worker", to="edt")
    row = Shift(duty, [duty.reference]).row(duty.reference)
    for form in ("ask", "reply", "refuse", "submit"):
        forged = Submitted(form, {"text": "who is it?"}, "outsider", {"ask": str(row.obligation), "authority": "elsewhere"})
        with pytest.raises(HandlerError, match="no longer exists"):
            duty.resend(forged)
    with pytest.raises(HandlerError, match="You hold no role for this authority"):
        duty._act(lambda desk: pressing.press(Pressed("take", "outsider", row.obligation), desk))
