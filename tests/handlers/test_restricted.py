"""Restricted episodes: no room knows of them, people are nudged without content, and only those permitted open them."""

import json

import pytest

from handlers import alarms, retention
from handlers.desk import actor
from handlers.errors import Refused
from handlers.frontdesk import pressing
from handlers.incoming import Pressed
from handlers.outgoing import plain
from storage import children, episodes, journal
from storage.retention import Ended
from tests.fakes import AUTHORITY, KEYS, Duty
from tests.handlers.conftest import Opens
from tests.protocols import duty as rule

APPROVER = "la_missing_coordinator"
RULES = (
    rule("brief", "written_briefing", owner="team_manager", due="PT4H"),
    rule("look", "safe_and_well_check", owner="police", due="PT4H"),
    rule("meet", "strategy_meeting", owner="social_worker", due="P2D", attendees=["police"]),
)
TELLING = ("brief", "meet", "look", "safe", "check", "strategy", "missing since", "due", "police", "westbrook")


@pytest.fixture
def hidden(opens: Opens) -> Duty:
    """Restricted by the team manager an hour after the report; a social worker is barred."""
    duty = opens(*RULES, fields={"coordinator": APPROVER}, holders={"social_worker": 2})
    duty.report(missing_since="09:30")
    duty.forward(hours=1)
    form = duty.form(duty.hear(f"restrict {duty.reference}", "team_manager"))
    answer = duty.answer(duty.submit(form, "team_manager", may_not="social_worker", reason="the father works here"))
    assert "is restricted: no room shows it" in answer.text
    return duty


def says(duty: Duty) -> list[tuple[str, str | None, str]]:
    """Everything as it stands now: place, person, text."""
    return [
        (p.post.place, p.post.person, plain(duty.now_shown(p.post.id)) + duty.now_shown(p.post.id).fallback) for _, p in duty.platform.sent
    ]


def test_what_rooms_were_shown_is_taken_back_and_nothing_new_comes(hidden: Duty) -> None:
    sent = len(hidden.platform.sent)
    hidden.forward(days=3)
    rooms = [text for place, _, text in says(hidden) if place != "direct"]
    assert rooms
    assert all(hidden.reference not in text for text in rooms)
    assert {text.removesuffix("Homeward") for text in rooms if "attention" not in text} == {"No longer shown here"}
    assert all(p.post.place == "direct" or p.post.kind == "alarm" for _, p in hidden.platform.sent[sent:])


def test_people_are_nudged_without_content_and_the_barred_one_never(hidden: Duty) -> None:
    before = len(hidden.platform.sent)
    hidden.forward(days=3)
    nudged = [(p.post.person, p.body) for _, p in hidden.platform.sent[before:] if p.post.place == "direct"]
    assert {"team_manager", "police", "social_worker.2"} <= {person for person, _ in nudged}
    assert "social_worker" not in {person for person, _ in nudged}
    for _, body in nudged:
        said = plain(body).lower()
        assert not [word for word in TELLING if word in said.replace("something waits for you", "")], said
        assert not body.buttons or set(body.buttons) <= {"status"}


def test_only_those_permitted_and_the_approver_open_it(hidden: Duty) -> None:
    for may in ("team_manager", APPROVER):
        assert hidden.answer(hidden.hear(f"status {hidden.reference}", may)).lines
    for may_not in ("edt", "social_worker", "social_worker.2", "head_of_service", "police"):
        with pytest.raises(Refused, match=f"There is no episode {hidden.reference} here"):
            hidden.hear(f"status {hidden.reference}", may_not)
        with pytest.raises(Refused, match="There is no episode"):
            hidden.hear(f"note {hidden.reference} hello", may_not)
        with hidden.desk() as desk, pytest.raises(Refused):
            pressing.press(Pressed("status", may_not, reference=hidden.reference), desk)


def test_it_is_counted_and_never_listed(hidden: Duty) -> None:
    for who in ("edt", "team_manager"):
        listed = hidden.answer(hidden.hear("list", who)).text
        assert hidden.reference not in listed
        assert "1 restricted and not listed here." in listed
        assert hidden.reference not in hidden.answer(hidden.hear("mine", who)).text


def test_a_request_reaches_the_approver_and_its_answer_tells_nothing(hidden: Duty) -> None:
    def ask(reference: str, by: str) -> str:
        form = hidden.form(hidden.hear(f"request {reference}", by))
        return hidden.answer(hidden.submit(form, by, reason="I am on call tonight")).text.replace(reference, "HW-….")

    there = ask(hidden.reference, "edt")
    assert (APPROVER,) in {s.people for s in hidden.came(kind="alarm", where="direct")}
    assert "on call tonight" not in json.dumps([p.post.body for _, p in hidden.platform.sent])
    assert ask("HW-ZZZZ", "edt") == there == ask(hidden.reference, "social_worker"), "whoever guesses learns nothing"
    form = hidden.form(hidden.hear(f"permit {hidden.reference}", APPROVER))
    assert "may see" in hidden.answer(hidden.submit(form, APPROVER, person="edt", until="2026-02-02 18:00", reason="on call")).text
    assert hidden.answer(hidden.hear(f"status {hidden.reference}", "edt")).lines
    hidden.forward(hours=12)
    with pytest.raises(Refused, match="There is no episode"):
        hidden.hear(f"status {hidden.reference}", "edt")


def test_one_who_must_not_see_it_is_never_permitted(hidden: Duty) -> None:
    form = hidden.form(hidden.hear(f"permit {hidden.reference}", APPROVER))
    assert "must not see this episode" in hidden.problem(hidden.submit(form, APPROVER, person="social_worker", reason="x"))["person"]
    form = hidden.form(hidden.hear(f"glass {hidden.reference}", "social_worker"))
    assert "that the glass opens" in hidden.problem(hidden.submit(form, "social_worker", reason="x"))["reference"]


def test_breaking_the_glass_opens_it_for_four_hours_and_is_reviewed(hidden: Duty) -> None:
    form = hidden.form(hidden.hear(f"glass {hidden.reference}", "edt"))
    assert "Open to you until" in hidden.answer(hidden.submit(form, "edt", reason="sighting at the station")).text
    assert (APPROVER,) in {s.people for s in hidden.came(kind="alarm", where="direct")}
    assert hidden.answer(hidden.hear(f"status {hidden.reference}", "edt")).lines
    hidden.until("2026-02-03 09:00")
    assert any("waits for its review" in p.body.headline for _, p in hidden.platform.sent), "asked again with the digest"
    with pytest.raises(Refused, match="There is no episode"):
        hidden.hear(f"status {hidden.reference}", "edt")
    review = hidden.form(hidden.hear(f"review {hidden.reference}", APPROVER))
    assert "reviewed by you" in hidden.answer(hidden.submit(review, APPROVER, verdict="justified", reason="right to do")).text
    with hidden.desk() as desk:
        kinds = [e.kind for e in journal.of_authority(desk.session, KEYS, AUTHORITY, 0, 200)]
    assert {"restricted", "glass_broken", "glass_reviewed"} <= set(kinds)


def test_opened_again_its_card_comes_back(hidden: Duty) -> None:
    with pytest.raises(Refused):
        hidden.hear(f"unrestrict {hidden.reference}", "service_manager")
    form = hidden.form(hidden.hear(f"unrestrict {hidden.reference}", "team_manager"))
    hidden.submit(form, "team_manager", reason="he left")
    assert hidden.card.headline.startswith(hidden.reference)
    assert hidden.reference in hidden.answer(hidden.hear("list", "edt")).text


def test_a_relative_who_works_here_restricts_it_from_the_start(opens: Opens) -> None:
    duty = opens(*RULES, fields={"coordinator": APPROVER})
    answer = duty.report(missing_since="09:30", relatives="Jo Bloggs, team  MANAGER", case_reference="CS-1")
    assert "is open and restricted" in answer.text
    assert all(p.post.place == "direct" for _, p in duty.platform.sent)
    duty.forward(days=1)
    assert "team_manager" not in {p.post.person for _, p in duty.platform.sent}
    with pytest.raises(Refused, match="There is no episode"):
        duty.hear(f"status {duty.reference}", "team_manager")
    again = duty.answer(duty.submit(duty.hear("report", "social_worker"), "social_worker", case_reference="CS-1", narrative="seen"))
    assert "Your report was kept" in again.text
    assert "HW-" not in again.text
    assert [e.kind for e in duty.told()].count("noted") == 1


def test_an_alarm_about_it_names_no_reference(hidden: Duty) -> None:
    with hidden.desk() as desk:
        alarms.raise_alarm(desk, AUTHORITY, "x", f"{hidden.reference} could not be worked out.", reference=hidden.reference)
    hidden.forward(minutes=1)
    (came,) = hidden.came(kind="alarm")
    assert came.text == "A restricted episode could not be worked out. (house rule)"


def test_it_is_not_shared_and_a_second_restriction_says_what_to_do(hidden: Duty) -> None:
    with pytest.raises(Refused, match="restricted already"):
        hidden.submit(hidden.hear(f"restrict {hidden.reference}", "team_manager"), "team_manager", reason="x")


def test_who_is_allocated_to_the_child_opens_it_and_the_barred_one_never_is(hidden: Duty) -> None:
    with pytest.raises(Refused, match="There is no episode"):
        hidden.hear(f"status {hidden.reference}", "social_worker.2")
    hidden.type("allocate", "team_manager", role="social_worker", person="social_worker.2")
    assert "See to the meet" in hidden.answer(hidden.hear(f"status {hidden.reference}", "social_worker.2")).text
    form = hidden.form(hidden.hear(f"allocate {hidden.reference}", "team_manager"))
    problem = hidden.problem(hidden.submit(form, "team_manager", role="social_worker", person="social_worker"))
    assert "must not see this episode" in problem["person"]


@pytest.fixture
def second(hidden: Duty) -> Duty:
    """The child of the restricted episode is missing again, and that is open to all; the head of service must not see the first."""
    hidden.type("restrict", "team_manager", may_not="head_of_service", reason="a neighbour")
    child = hidden.episode.child_id
    hidden.type("found", "team_manager", found_at="11:00", wellbeing="yes")
    hidden.type("close", "team_manager", reason="back home")
    hidden.forward(hours=1)
    hidden.report(missing_since="11:30")
    again = hidden.episode.child_id
    with hidden.desk() as desk:
        children.merge(desk.session, again, child)
    return hidden


def restricted(duty: Duty) -> str:
    with duty.desk() as desk:
        return next(row.reference for row in episodes.of_authority(desk.session, AUTHORITY) if row.restricted)


def test_whoever_keeps_the_records_reads_of_another_episode_of_the_child_only_what_they_may_open(second: Duty) -> None:
    first, head, child = restricted(second), "head_of_service", second.episode.child_id
    second.type("found", found_at="12:00", wellbeing="yes")
    second.type("close", reason="back home")
    with second.desk() as desk:
        who, approver = actor(desk, head), actor(desk, APPROVER)
        told = retention.everything(desk, who, second.reference, "a request")
        assert [one["reference"] for one in told["episodes"]] == [second.reference]
        assert len(retention.everything(desk, approver, second.reference, "a request")["episodes"]) == 2
        over = Ended(child, (first, second.reference), second.now, held=False)
        assert first not in retention.line(desk, who, over)
        assert first in retention.line(desk, approver, over)
        assert first not in retention.erase(desk, who, second.reference, "the court ordered it").text


def test_no_form_and_no_refusal_names_a_restricted_episode_of_the_child(second: Duty) -> None:
    first = restricted(second)
    second.type("found", found_at="12:00", wellbeing="yes")
    form = second.form(second.hear(f"interview {second.reference} conducted"))
    assert first not in repr(form)
    corrected = second.submit(second.hear(f"correct {second.reference}"), "social_worker", missing_since="10:00", reason="x")
    (said,) = second.problem(corrected).values()
    assert "Another episode of this child lasted until" in said
