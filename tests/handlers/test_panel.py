"""The monthly panel: proposed with why, asked of partners, chased, its agenda, and what it decided."""

import pytest

from handlers.errors import HandlerError
from handlers.frontdesk import pressing
from handlers.incoming import Pressed
from handlers.outgoing import Form, Reply, Row
from handlers.panel.monthly import monthly
from storage import asks
from tests.fakes import Duty
from tests.handlers.conftest import Opens

LEAD = "lead_manager_missing"
HELD = "seen at the station twice"


@pytest.fixture
def town(opens: Opens) -> Duty:
    """Two children of the Bury protocol at high risk, and one who meets no criterion."""
    duty = opens(pack="bury@2024-06-21")
    for n, risk in enumerate(("high", "high", "medium")):
        duty.report(missing_since="08:00", risk_level=risk, case_reference=f"A-{n}", initials=f"A{'BCD'[n]}", date_of_birth="4 Mar 2012")
    return duty


@pytest.fixture
def called(town: Duty) -> Duty:
    form = town.form(town.hear("panel", LEAD))
    town.submit(form, LEAD, meets_at="5 Mar 10:00", submit_by="26 Feb 17:00")
    return town


def listed(duty: Duty) -> list[str]:
    with duty.desk() as desk:
        return [str(reference) for a in asks.open_of(desk.session, "westbrook")[:1] for reference in a.about["references"]]


def row(duty: Duty, to: str) -> Row:
    """What a partner was asked, as it stands now."""
    for _, parcel in reversed(duty.platform.sent):
        if to in {p.id for p in parcel.people}:
            for found in duty.platform.shown[parcel.post.id].rows:
                if "submit" in found.buttons:
                    return found
    raise AssertionError(f"{to} was asked nothing")


def press(duty: Duty, by: str, found: Row) -> Reply:
    return duty._act(lambda desk: pressing.press(Pressed("submit", by, found.obligation, found.version), desk))


def test_children_who_meet_the_criteria_are_proposed_with_why(town: Duty) -> None:
    form = town.form(town.hear("panel", LEAD))
    proposed = [f for f in form.fields if f.id.startswith("child:")]
    assert len(proposed) == 2
    assert {f.hint for f in proposed} == {"High risk and missing (BURY-89)"}
    assert form.note == "2 children meet the criteria."


def test_called_it_puts_them_on_the_list_and_asks_every_agency(called: Duty) -> None:
    asked = called.came(kind="notice", text="what do you hold on")
    members = {"police", "health_representative", "education_representative", "youth_justice_service", "housing_representative"}
    assert {seen.people[0] for seen in asked} == members
    assert len({seen.post for seen in asked}) == 5
    for reference in listed(called):
        called.reference = reference
        assert {o.status for o in called.obligations() if o.duty.action == "panel_referral"} == {"met"}


def test_what_a_partner_holds_is_sealed_and_read_by_the_lead(called: Duty) -> None:
    first, second = listed(called)
    form = called.form(press(called, "police", row(called, "police")))
    assert {f.label for f in form.fields} == {f"{first} (AB, born 2012)", f"{second} (AC, born 2012)"}
    called.answer(called.submit(form, "police", **{f"about:{first}": HELD}))
    assert HELD not in str(called.seen(0))
    assert "AB" not in str([b.stored() for b in called.platform.shown.values()])
    agenda = called.answer(called.hear("panel", LEAD)).text
    assert "Sent: police." in agenda
    assert "Not sent yet: " in agenda
    assert f"• {first}: High risk and missing (BURY-89). Sent about it: 1. To be decided." in agenda
    assert HELD not in agenda
    assert HELD in called.form(called.hear(f"panel {first}", LEAD)).note
    with pytest.raises(HandlerError, match="do not include 'panel'"):
        called.hear(f"panel {first}", "police")
    with pytest.raises(HandlerError, match="This asks"):
        press(called, "school_nurse", row(called, "police"))


def test_who_sends_nothing_is_reminded_and_then_named_to_the_lead(called: Duty) -> None:
    for by in ("police", "health_representative", "education_representative", "youth_justice_service"):
        called.submit(called.form(press(called, by, row(called, by))), by, **{f"about:{listed(called)[0]}": "nothing new"})
    called.until("2026-02-24 17:00")
    assert called.expect(kind="reminder", text="Panel").people == ("housing_representative",)
    called.until("2026-02-26 17:00")
    assert called.expect(kind="due", text="Panel").people == ("housing_representative",)
    called.until("2026-02-27 09:00")
    told = next(b for b in called.platform.shown.values() if b.headline == "The panel")
    assert "from: housing representative (Housing representative)" in told.lines[0]


def test_decisions_are_recorded_and_whoever_stays_is_proposed_again(called: Duty) -> None:
    first, second = listed(called)
    early = called.submit(called.hear(f"panel {first}", LEAD), LEAD, decision="a plan")
    assert "what it decides is recorded then" in called.problem(early)["decision"]
    called.until("2026-03-05 11:00")
    assert "1 still" in called.answer(called.submit(called.hear(f"panel {first}", LEAD), LEAD, decision="a plan", stays="yes")).text
    assert "the last" in called.answer(called.submit(called.hear(f"panel {second}", LEAD), LEAD, decision="closed")).text
    assert "a plan" not in str(called.seen(0))
    following = called.form(called.hear("panel", LEAD))
    assert [f.id for f in following.fields if f.id.startswith("child:")] == [f"child:{first}"]
    with pytest.raises(HandlerError, match="The panel met"):
        press(called, "police", row(called, "police"))


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"submit_by": "1 Feb 10:00"}, "submit_by", "has passed"),
        ({"meets_at": "20 Feb 10:00"}, "meets_at", "before partners submit"),
        ({"meets_at": ""}, "meets_at", "This needs an answer"),
    ],
)
def test_a_slip_keeps_the_form_and_asks_nobody(town: Duty, typed: dict[str, str], field: str, says: str) -> None:
    form = town.form(town.hear("panel", LEAD))
    given = {"meets_at": "5 Mar 10:00", "submit_by": "26 Feb 17:00"} | typed
    assert says in town.problem(town.submit(form, LEAD, **given))[field]
    assert town.came(text="what do you hold") == []


def test_nobody_left_on_the_list_and_no_panel_at_all(opens: Opens, town: Duty) -> None:
    form = town.form(town.hear("panel", LEAD))
    out = {f.id: "no" for f in form.fields if f.id.startswith("child:")}
    with pytest.raises(HandlerError, match="Nobody is left"):
        town.submit(form, LEAD, meets_at="5 Mar 10:00", submit_by="26 Feb 17:00", **out)
    assert isinstance(form, Form)


def test_a_protocol_without_a_panel_says_so(opens: Opens) -> None:
    with pytest.raises(HandlerError, match="has no panel"):
        opens(pack="rutland@2016-09-01").hear("panel", "team_manager")


def test_once_a_month_whoever_calls_it_is_told_while_children_wait(town: Duty) -> None:
    def told() -> int:
        return monthly(town.desks_at(town.now))

    assert (told(), told()) == (1, 0)
    town.forward(minutes=1)
    shown = next(b for b in town.platform.shown.values() if b.headline == "The monthly panel")
    assert (shown.mentions, shown.lines[0].split(" the ")[0]) == ((LEAD,), "2 children meet")
    town.submit(town.hear("panel", LEAD), LEAD, meets_at="5 Mar 10:00", submit_by="26 Feb 17:00")
    town.until("2026-03-09 10:00")
    assert told() == 0


def test_a_child_restricted_since_is_named_to_no_partner_who_was_asked(called: Duty) -> None:
    called.reference, other = listed(called)
    called.type("restrict", LEAD, reason="a relative works here")
    waits = called.answer(called.hear("mine", "police")).text
    assert other in waits
    assert called.reference not in waits
    called.reference = other
    called.type("restrict", LEAD, reason="a relative works here")
    called.until("2026-03-04 10:00")
    assert not [seen for seen in called.came() if "what do you hold on" in seen.text]
