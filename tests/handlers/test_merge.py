"""Two episodes of one child: merged, one of them void, and counted again."""

import pytest

from handlers.case import look
from handlers.desk import actor
from handlers.errors import Refused
from handlers.outgoing import plain
from handlers.retention import everything
from storage import allocations, children, episodes, journal
from tests.fakes import AUTHORITY, KEYS, Duty
from tests.handlers.conftest import Opens
from tests.protocols import duty as rule

SURE = {"agreed": "yes"}


def reported(duty: Duty, **values: str) -> str:
    answer = duty.report(**values)
    return answer.reference or ""


def closed(duty: Duty, since: str, **values: str) -> str:
    """An absence of an hour."""
    duty.until(f"{since} 12:00")
    reference = reported(duty, missing_since=f"{since} 11:00", **values)
    duty.forward(hours=1)
    duty.type("found", found_at=f"{since} 12:30")
    return reference


def merge(duty: Duty, into: str, what: str, by: str = "la_missing_coordinator", reason: str = "same birth date and street") -> str:
    reply = duty.submit(duty.hear(f"merge {duty.reference}", by), by, into=into, what=what, reason=reason, agreed="yes")
    return duty.answer(reply).text


def crossings(duty: Duty) -> tuple[object, ...]:
    """Thresholds that stand."""
    case = duty.case()
    with duty.desk() as desk:
        return case.derived(desk).crossings


@pytest.fixture
def duty(opens: Opens) -> Duty:
    return opens(pack="triborough@2017-12-01")


def test_a_report_entered_twice_becomes_one_and_the_other_is_void(duty: Duty) -> None:
    first = reported(duty, missing_since="09:00", surname="Example", date_of_birth="2012-03-04")
    form = duty.form(duty.submit(duty.hear("report", "edt"), "edt", missing_since="09:10", surname="Example", date_of_birth="2012-03-04"))
    second = duty.answer(duty.submit(form, "edt", same="unsure")).reference or ""
    (alarm,) = [s for s in duty.came(kind="alarm") if "may be the same child" in s.text]
    assert duty.now_shown(alarm.post).buttons == ("merge",)
    duty.reference = second
    opened = duty.form(duty.hear(f"merge {second}", "la_missing_coordinator"))
    assert next(f.value for f in opened.fields if f.id == "into") == first, "the one the reporter was not sure about"
    said = merge(duty, first, "same")
    assert f"{second} is void. Counts were made again: 1 episode of this child." in said
    assert duty.episode.status == "void"
    duty.reference = first
    assert duty.episode.status == "open"
    assert [e.kind for e in duty.told()][-1] == "merged"


def test_two_absences_of_one_child_count_together_and_cross_a_threshold_once(duty: Duty) -> None:
    closed(duty, "2026-02-03", case_reference="CS-0")
    first = closed(duty, "2026-02-05", case_reference="CS-1")
    duty.until("2026-02-07 12:00")
    reported(duty, missing_since="2026-02-07 11:00", initials="RE")
    assert not duty.ever(kind="threshold")
    said = merge(duty, first, "two")
    assert "2 episodes of this child" in said
    assert "overlap" not in said
    duty.forward(minutes=1)
    assert len({s.post for s in duty.ever(kind="threshold")}) == 1
    duty.forward(days=2)
    assert len({s.post for s in duty.ever(kind="threshold")}) == 1, "and not again"


def test_voiding_one_of_two_takes_the_count_back(duty: Duty) -> None:
    for day in ("2026-02-03", "2026-02-05"):
        closed(duty, day, case_reference="CS-1")
    assert crossings(duty)
    duty.type("void", by="team_manager", reason="entered twice")
    assert not crossings(duty)


def test_what_cannot_be_merged_is_refused_in_a_sentence(duty: Duty) -> None:
    first = reported(duty, missing_since="09:00", case_reference="CS-1")
    second = reported(duty, missing_since="09:00", case_reference="CS-2")
    form = duty.form(duty.hear(f"merge {second}", "la_missing_coordinator"))
    assert "same episode" in duty.problem(duty.submit(form, "la_missing_coordinator", into=second, what="same", reason="x", **SURE))["into"]
    with pytest.raises(Refused, match="There is no episode HW-ZZZZ here"):
        duty.submit(form, "la_missing_coordinator", into="HW-ZZZZ", what="same", reason="x", **SURE)
    with pytest.raises(Refused, match="Ask a team manager or the coordinator"):
        merge(duty, first, "same", by="edt")
    assert (
        "needs a reason" in duty.problem(duty.submit(form, "la_missing_coordinator", into=first, what="same", reason=" ", **SURE))["reason"]
    )
    duty.type("void", by="team_manager", reason="x")
    with pytest.raises(Refused, match="is void since"):
        duty.submit(form, "la_missing_coordinator", into=first, what="same", reason="y", **SURE)


@pytest.mark.parametrize("said", ["", "no"])
def test_nobody_merges_two_children_without_knowing_that_it_is_for_good(duty: Duty, said: str) -> None:
    first = reported(duty, missing_since="09:00", case_reference="CS-1")
    second = reported(duty, missing_since="09:00", case_reference="CS-2")
    form = duty.form(duty.hear(f"merge {second}", "la_missing_coordinator"))
    assert any("cannot be undone" in f.label for f in form.fields)
    sent = duty.submit(form, "la_missing_coordinator", into=first, what="same", reason="y", agreed=said)
    assert "Nothing was merged" in duty.problem(sent)["agreed"]
    assert duty.episode.status == "open"


def test_what_one_record_knows_of_the_child_all_know_and_a_subject_reads_every_name(opens: Opens) -> None:
    duty = opens(rule("brief", "written_briefing", due="PT4H"))
    known = reported(duty, missing_since="08:00", surname="Known", date_of_birth="2012-03-04", case_reference="CS-1")
    this = reported(duty, missing_since="08:30", surname="Other")
    merge(duty, known, "two")
    third = reported(duty, missing_since="08:40", initials="ZZ")
    merge(duty, this, "two")
    for reference in (known, this, third):
        with duty.desk() as desk:
            row = episodes.by_reference(desk.session, reference)
            assert row
            assert str(look(desk, row).child.date_of_birth) == "2012-03-04"
            assert children.identity(desk.session, KEYS, row.child_id)["initials"] == "ZZ"
            told = everything(desk, actor(desk, "la_missing_coordinator"), reference, "a request")
            assert told["who"]["surname"] == "Known"
            assert "Other" in {who.get("surname") for who in told["also_recorded_as"]}


def test_who_works_with_either_works_with_the_one_child_and_both_hear_of_it(opens: Opens) -> None:
    rules = rule("brief", "written_briefing", due="PT4H"), rule("sign", "police_notification", owner="team_manager", due="PT4H")
    duty = opens(*rules, holders={"social_worker": 3, "team_manager": 2})
    into = reported(duty, missing_since="08:00")
    duty.type("allocate", "team_manager", role="social_worker", person="social_worker.2")
    this = reported(duty, missing_since="08:30")
    duty.type("allocate", "team_manager", role="social_worker", person="social_worker.3")
    duty.type("allocate", "team_manager", role="team_manager", person="team_manager.2")
    said = merge(duty, into, "two")
    assert "Social worker.2 is the social worker of this child instead of Social worker.3; 'allocate' changes that." in said
    assert "Team manager.2 is the team manager of this child." in said
    assert f"They overlap in time: correct one of them, or make it void with 'void {this}'." in said
    duty.forward(minutes=1)
    assert f"you are the social worker in {this} too" in told_to(duty, "social_worker.2")
    assert "you are not any more" in told_to(duty, "social_worker.3")
    assert f"you are the team manager in {into} too" in told_to(duty, "team_manager.2")
    for reference in (into, this):
        assert working(duty, reference) == {"social_worker": "social_worker.2", "team_manager": "team_manager.2"}
    duty.type("allocate", "team_manager", role="social_worker", person="social_worker.3")
    assert {working(duty, reference)["social_worker"] for reference in (into, this)} == {"social_worker.3"}
    with duty.desk() as desk:
        entries = [e for e in journal.of_authority(desk.session, KEYS, AUTHORITY, 0, 100) if e.kind == "allocated"]
    assert {"role": "social_worker", "person": "social_worker.2", "before": "social_worker.3"} in [e.payload for e in entries]


def test_somebody_who_holds_the_role_no_more_gives_way_to_somebody_who_does(opens: Opens) -> None:
    duty = opens(rule("brief", "written_briefing", due="PT4H"), holders={"social_worker": 2})
    into = reported(duty, missing_since="08:00")
    child = duty.episode.child_id
    with duty.desk() as desk:
        allocations.allocate(desk.session, child, "social_worker", "gone")
    reported(duty, missing_since="08:30")
    duty.type("allocate", "team_manager", role="social_worker", person="social_worker.2")
    merge(duty, into, "two")
    assert working(duty, into) == {"social_worker": "social_worker.2"}


def told_to(duty: Duty, who: str) -> str:
    return "\n".join(plain(duty.platform.shown[p.post.id]) for _, p in duty.platform.sent if p.post.person == who)


def working(duty: Duty, reference: str) -> dict[str, str]:
    with duty.desk() as desk:
        row = episodes.by_reference(desk.session, reference)
        assert row
        return allocations.of_child(desk.session, row.child_id)
