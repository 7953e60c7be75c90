"""Who may do what: asked in one place, and a refusal says what is missing and who can help."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from handlers import access
from handlers.desk import actor
from handlers.directory import Account, Authority, Holding, Person, Room
from handlers.errors import Refused
from handlers.vocabulary import VERBS
from policies import words
from storage import journal
from tests.fakes import AUTHORITY, KEYS, PLATFORM, Duty, person, town
from tests.handlers.conftest import Opens
from tests.protocols import duty as rule

ONE_OF_EACH = {
    "reporter": "foster_carer",
    "worker": "social_worker",
    "manager": "team_manager",
    "senior": "head_of_service",
    "coordinator": "la_missing_coordinator",
    "partner": "police",
    "administrator": "administrator",
    "auditor": "auditor",
}
#               reporter worker manager senior coordinator partner administrator auditor
MAY = {
    "report": "yes      yes    yes     yes    yes         yes     -             -",
    "found": "yes      yes    yes     yes    yes         yes     -             -",
    "note": "yes      yes    yes     yes    yes         yes     -             -",
    "acknowledge": "-        yes    yes     yes    yes         yes     -             -",
    "complete": "-        yes    yes     yes    yes         yes     -             -",
    "undo": "-        yes    yes     yes    yes         yes     -             -",
    "risk": "-        yes    yes     yes    yes         yes     -             -",
    "set": "-        yes    yes     yes    yes         yes     -             -",
    "reclassify": "-        yes    yes     yes    yes         yes     -             -",
    "correct": "-        yes    yes     yes    yes         -       -             -",
    "waive": "-        -      yes     yes    yes         -       -             -",
    "extend": "-        -      yes     yes    yes         -       -             -",
    "void": "-        -      yes     yes    yes         -       -             -",
    "close": "-        yes    yes     yes    yes         -       -             -",
    "meeting": "-        yes    yes     yes    yes         yes     -             -",
    "respond": "-        yes    yes     yes    yes         yes     -             -",
    "interview": "-        yes    yes     yes    yes         yes     -             -",
    "decide": "-        yes    yes     yes    yes         yes     -             -",
    "status": "-        yes    yes     yes    yes         yes     yes           yes",
    "list": "-        yes    yes     yes    yes         yes     yes           yes",
    "panel": "-        -      yes     yes    yes         -       -             -",
    "handover": "-        yes    yes     yes    yes         -       -             -",
    "who": "-        yes    yes     yes    yes         yes     yes           yes",
    "people": "-        -      yes     yes    yes         -       yes           yes",
    "allocate": "-        -      yes     yes    yes         -       -             -",
    "away": "yes      yes    yes     yes    yes         yes     yes           yes",
    "arrange": "-        -      yes     yes    yes         -       yes           -",
    "suspend": "-        -      -       yes    yes         -       yes           -",
    "merge": "-        -      yes     yes    yes         -       -             -",
    "share": "-        -      yes     yes    yes         -       -             -",
    "restrict": "-        -      yes     yes    yes         -       -             -",
    "permit": "-        -      yes     yes    yes         -       -             -",
    "request": "yes      yes    yes     yes    yes         yes     -             -",
    "glass": "-        yes    yes     yes    yes         -       -             -",
    "review": "-        -      yes     yes    yes         -       -             -",
    "export": "-        yes    yes     yes    yes         -       yes           yes",
    "records": "-        -      -       yes    yes         -       yes           -",
    "reports": "-        yes    yes     yes    yes         yes     -             yes",
    "link": "-        -      -       -      yes         -       yes           -",
    "adopt": "-        -      -       yes     yes         -       yes           -",
    "help": "yes      yes    yes     yes    yes         yes     yes           yes",
}


@pytest.mark.parametrize("verb", sorted(MAY))
def test_the_table_of_permissions(verb: str) -> None:
    allowed = dict(zip(ONE_OF_EACH, MAY[verb].split(), strict=True))
    assert {group: "yes" if access.may(verb, frozenset({role})) else "-" for group, role in ONE_OF_EACH.items()} == allowed


def test_every_verb_stands_in_the_table_and_every_role_in_a_group() -> None:
    assert {verb.permission for verb in VERBS.values()} <= set(MAY)
    assert set(access.WHO_MAY) == set(MAY)
    assert {access.group_of(role) for role in words.roles()} <= set(access.GROUPS)


def test_several_roles_may_what_any_of_them_may() -> None:
    assert access.may("waive", frozenset({"social_worker", "team_manager"}))
    assert not access.may("waive", frozenset())


@pytest.fixture
def missing(opens: Opens) -> Duty:
    duty = opens(
        rule("brief", "written_briefing", due="PT24H"),
        rule("check", "safe_and_well_check", owner="police", due="PT24H"),
        rule("meet", "strategy_meeting", due="P5D", attendees=["police", "health_representative"]),
        also=[person("outsider", authority="elsewhere"), Person("stranger", "Stranger", "police")],
    )
    duty.report(missing_since="08:00")
    return duty


@pytest.mark.parametrize(
    ("typed", "by", "says"),
    [
        ("correct", "police", "Your roles here do not include 'correct'. Ask the social worker or a manager to do it"),
        ("waive", "police", "Ask a team manager or the coordinator to do it"),
        ("have {ref} written briefing", "foster_carer", "Your roles here do not include 'acknowledge'"),
        ("status", "foster_carer", "Your roles here do not include 'status'"),
        ("status", "stranger", "You hold no role here today."),
        ("status", "nobody", "You are not known here yet. Ask the administrator to add you to homeward.yml."),
    ],
)
def test_a_refusal_says_what_is_missing_and_who_can_help(missing: Duty, typed: str, by: str, says: str) -> None:
    with pytest.raises(Refused, match=says.replace(".", r"\.")):
        missing.hear(typed.replace("{ref}", missing.reference) if "{ref}" in typed else f"{typed} {missing.reference}", by)


def test_a_refused_form_is_refused_when_it_is_sent_in_too(missing: Duty) -> None:
    form = missing.form(missing.hear(f"waive {missing.reference}", "team_manager"))
    with pytest.raises(Refused, match="do not include 'waive'"):
        missing.submit(form, "police", action="written_briefing", reason="x")


def test_a_partner_answers_for_its_own_agency(missing: Duty) -> None:
    with pytest.raises(Refused, match="This is for social worker to answer"):
        missing.hear(f"have {missing.reference} written briefing", "police")
    assert "you have it in hand" in missing.answer(missing.hear(f"have {missing.reference} safe and well check", "police")).text
    with pytest.raises(Refused, match="This is for police to answer"):
        missing.hear(f"have {missing.reference} safe and well check", "health_representative")


def test_staff_may_answer_for_anybody_and_it_is_kept_who_it_was(missing: Duty) -> None:
    missing.hear(f"have {missing.reference} safe and well check", "edt")
    assert missing.told()[-1].actor == "edt"


def test_a_partner_sees_what_concerns_its_agency(missing: Duty) -> None:
    seen = missing.answer(missing.hear(f"status {missing.reference}", "health_representative")).text
    assert "See to the meet" in seen
    assert "See to the brief" not in seen
    with pytest.raises(Refused, match="You are not invited"):
        missing.hear(f"status {missing.reference}", "school")
    assert missing.answer(missing.hear("list", "school")).text == "No episode is open."


def test_the_form_of_a_partner_shows_only_its_own_duties(missing: Duty) -> None:
    form = missing.form(missing.hear(f"done {missing.reference}", "police"))
    (choice,) = (f for f in form.fields if f.id == "action")
    assert "written_briefing" not in dict(choice.options)
    with pytest.raises(Refused) as refused:
        missing.hear(f"have {missing.reference} return interview", "school")
    assert "briefing" not in str(refused.value)


def test_a_partner_is_not_told_what_others_did(missing: Duty) -> None:
    missing.type("done", action="written_briefing")
    for typed in ("done", "have"):
        reply = missing.hear(f"{typed} {missing.reference}", "police")
        assert "Already done" not in repr(reply)
    with pytest.raises(Refused, match="Nothing of that kind is owed"):
        missing.hear(f"have {missing.reference} written briefing", "police")
    missing.type("found", "police", found_at="10:00")
    (what,) = (f for f in missing.form(missing.hear(f"undo {missing.reference}", "police")).fields if f.id == "what")
    assert [value for value, _ in what.options] == ["found"]
    (what,) = (f for f in missing.form(missing.hear(f"undo {missing.reference}", "social_worker")).fields if f.id == "what")
    assert {value for value, _ in what.options} == {"found", "written_briefing"}


def test_only_the_one_who_is_to_be_told_can_say_so(opens: Opens) -> None:
    duty = opens(
        rule("tell", "hos_notification", owner="team_manager", due="PT0S", tell=["head_of_service"]),
        rule("write", "dcs_notification", owner="team_manager", due="PT0S", tell=["director_childrens_services"], in_writing=True),
    )
    duty.report()
    row = duty.row("hos_notification", "told")
    with pytest.raises(Refused, match="Only the one who is to be told can say so: head of service"):
        duty.press_row("told", row, "social_worker")
    duty.press_row("told", row, "head_of_service")
    assert duty.owed("hos_notification").status == "met"
    with pytest.raises(AssertionError, match="no post shows"):  # wanted in writing: no such button
        duty.row("dcs_notification", "told")
    written = duty.row("dcs_notification", "complete")
    with pytest.raises(Refused, match="wanted in writing"):
        duty.press_row("told", written, "director_childrens_services")


# ---- two authorities


@pytest.fixture
def two(opens: Opens) -> Duty:
    """A second authority with a worker of its own; one person works for both."""
    base = town("westbrook@2020-01-01")
    rooms = (Room(PLATFORM, "east", "coordination"),)
    both = Person("both", "Both", "edt_service", (Holding("edt", AUTHORITY), Holding("edt", "eastbrook")), (Account(PLATFORM, "both"),))
    directory = replace(
        base,
        authorities=(*base.authorities, Authority("eastbrook", "Eastbrook", "westbrook@2020-01-01", rooms)),
        people=(*base.people, person("east.worker", "social_worker", authority="eastbrook"), both),
    )
    duty = opens(rule("brief", "written_briefing", due="PT24H"), directory=directory)
    duty.report(missing_since="08:00")
    return duty


def test_authorities_do_not_see_each_others_children(two: Duty) -> None:
    acts: list[Callable[[], object]] = [
        lambda: two.hear(f"status {two.reference}", "east.worker"),
        lambda: two.hear(f"note {two.reference} hello", "east.worker"),
        lambda: two.hear(f"found {two.reference}", "east.worker"),
        lambda: two.press_row("acknowledge", two.row("written_briefing", "acknowledge"), "east.worker"),
    ]
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert two.answer(two.hear("list", "east.worker")).text == "No episode is open."


def test_a_form_of_one_authority_sent_in_by_another_is_refused(two: Duty) -> None:
    form = two.form(two.hear(f"found {two.reference}", "social_worker"))
    with pytest.raises(Refused):
        two.submit(form, "east.worker", found_at="09:00")
    assert two.episode.status == "open"


def test_the_same_case_reference_in_another_authority_is_another_child(two: Duty) -> None:
    two.report(case_reference="CS-0042")
    form = two.form(two.hear("report", "east.worker"))
    answer = two.answer(two.submit(form, "east.worker", case_reference="CS-0042"))
    assert answer.reference not in {two.reference, None}


def test_somebody_who_works_for_two_is_asked_for_which(two: Duty) -> None:
    asked = two.form(two.hear("report", "both"))
    assert asked.fields[0].id == "authority"
    form = two.form(two.submit(asked, "both", authority="eastbrook"))
    answer = two.answer(two.submit(form, "both", missing_since="09:00"))
    two.reference = answer.reference or ""
    assert two.episode.authority == "eastbrook"


def test_a_press_speaks_for_the_authority_of_the_episode(two: Duty) -> None:
    row = two.row("written_briefing", "acknowledge")
    two.press_row("acknowledge", row, "both")
    assert two.told()[-1].actor == "both"


def test_a_role_that_has_ended_or_not_begun_is_no_role(opens: Opens) -> None:
    gone = Person("gone", "Gone", "childrens_social_care", (Holding("team_manager", AUTHORITY, until=date(2026, 2, 1)),))
    soon = Person("soon", "Soon", "childrens_social_care", (Holding("team_manager", AUTHORITY, since=date(2026, 2, 3)),))
    duty = opens(also=[gone, soon])
    for who in ("gone", "soon"):
        with pytest.raises(Refused, match="You hold no role here today"):
            duty.hear("list", who)
    duty.forward(days=1)
    assert duty.answer(duty.hear("list", "soon")).lines
    with duty.desk() as desk, pytest.raises(Refused):
        actor(desk, "gone")


def test_what_was_shown_is_written_down(missing: Duty) -> None:
    missing.hear(f"status {missing.reference}", "team_manager")
    with missing.desk() as desk:
        shown = [e for e in journal.of_authority(desk.session, KEYS, AUTHORITY, 0, 100) if e.kind == "shown"]
    assert shown[-1].actor == "team_manager"
    assert shown[-1].payload["reference"] == missing.reference
