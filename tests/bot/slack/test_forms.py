"""Forms filled in and sent."""

import json
from typing import Any

import sqlalchemy as sa

from bot.slack import forms, tags
from handlers.echo import understood
from handlers.outgoing import Field, Form
from tests.bot.played import START
from tests.bot.slack.limits import check_view
from tests.bot.slack.scene import Scene


def episodes_in(office: Scene) -> int:
    with office.look() as session:
        return int(session.scalar(sa.text("select count(*) from episodes")))


async def test_a_report_is_saved_and_answered_in_the_place_of_the_form(office: Scene) -> None:
    reference = await office.report(narrative="left after tea", surname="Example")
    assert reference.startswith("HW-")
    assert episodes_in(office) == 1


async def test_a_long_form_has_two_steps_and_the_second_shows_how_the_first_was_understood(office: Scene) -> None:
    await office.command("report")
    first = office.wire.last_view()
    assert first["submit"]["text"] == "Next"
    answer = await office.submit(first, {"missing_since": "2026-02-01T17:35", "risk_level": "medium"})
    second = answer["view"]
    assert "Sun 1 Feb 17:35, 4 h 40 min ago" in json.dumps(second)
    assert {"surname", "narrative", "case_reference"} <= {block.get("block_id") for block in second["blocks"]}
    assert episodes_in(office) == 0


async def test_nothing_anybody_wrote_is_kept_in_the_metadata(office: Scene) -> None:
    await office.command("report")
    answer = await office.submit(office.wire.last_view(), {"category": "missing"})
    again = await office.submit(answer["view"], {"surname": "Example", "date_of_birth": "4 Mar 2031", "narrative": "secret words"})
    text = json.dumps(again)
    assert "in the future" in text
    for view in [call.sent["view"] for call in office.wire.calls if "view" in call.sent]:
        assert "Example" not in view.get("private_metadata", "")
        assert "secret" not in view.get("private_metadata", "")


async def test_an_error_about_the_first_step_brings_everything_back_on_one_page(office: Scene) -> None:
    await office.command("report")
    second = (await office.submit(office.wire.last_view(), {"missing_since": "2026-02-02T21:00", "risk_level": "medium"}))["view"]
    page = (await office.submit(second, {"surname": "Example", "narrative": "what I wrote"}))["view"]
    text = json.dumps(page)
    assert "cannot be in the future" in text
    assert "what I wrote" in text
    assert episodes_in(office) == 0
    saved = await office.submit(page, {"missing_since": "2026-02-01T21:00"})
    assert "HW-" in json.dumps(saved)
    assert episodes_in(office) == 1


async def test_an_error_stays_at_its_field_and_the_form_stays_open(office: Scene) -> None:
    reference = await office.report()
    await office.command(f"found {reference}")
    answer = await office.submit(office.wire.last_view(), {"found_at": "2026-02-01T20:00"})
    assert answer["response_action"] == "errors"
    assert "before the child went missing" in answer["errors"]["found_at|time"]


async def test_a_day_without_a_time_is_asked_about(office: Scene) -> None:
    reference = await office.report()
    await office.command(f"found {reference}")
    view = office.wire.last_view()
    view["blocks"] = [
        {**b, "element": {**b["element"], "initial_time": None}} if b.get("block_id") == "found_at|time" else b for b in view["blocks"]
    ]
    answer = await office.submit(view, {})
    assert answer["errors"] == {"found_at|time": "Give the time as well, or take the day away."}


async def test_a_form_sent_twice_is_saved_once_and_answered_the_same(office: Scene) -> None:
    await office.command("report a child who left at 21:00")
    view = office.wire.last_view()
    first, again = await office.submit(view, {}), await office.submit(view, {})
    assert first == again
    assert episodes_in(office) == 1


async def test_the_same_child_is_asked_about_with_everything_typed_kept(office: Scene) -> None:
    reference = await office.report(case_reference="LC-1")
    await office.command("report he is gone again, case LC-1")
    question = (await office.submit(office.wire.last_view(), {"surname": "Example"}))["view"]
    assert question["blocks"][1]["block_id"] == "same" or "same" in {b.get("block_id") for b in question["blocks"]}
    assert reference in json.dumps(question)
    assert "Example" in json.dumps(question)
    assert "was added to it" in json.dumps(await office.submit(question, {"same": "same"}))
    assert episodes_in(office) == 1


async def test_a_form_of_an_older_version_comes_back_anew_with_what_was_typed(office: Scene) -> None:
    await office.command("report gone since 21:00")
    view = office.wire.last_view()
    old = {**view, "private_metadata": json.dumps({**json.loads(view["private_metadata"]), "v": tags.VERSION - 1})}
    anew = (await office.submit(old, {"surname": "Example"}))["view"]
    assert "was updated while this form was open" in json.dumps(anew)
    assert "Example" in json.dumps(anew)
    assert episodes_in(office) == 0
    assert "HW-" in json.dumps(await office.submit(anew, {}))


async def test_a_form_of_nobody_says_that_nothing_was_saved(office: Scene) -> None:
    view: dict[str, Any] = {"type": "modal", "callback_id": "form:ghost", "private_metadata": "", "blocks": []}
    assert "Nothing was saved" in json.dumps(await office.submit(view, {}))
    known = json.dumps({"v": tags.VERSION, "f": "ghost", "c": {}, "a": "westbrook", "k": {}, "1": False})
    assert "is not known here" in json.dumps(await office.submit({**view, "private_metadata": known}, {}))


async def test_a_picked_time_is_echoed_before_anything_is_saved(office: Scene) -> None:
    await office.command("report")
    view = {**office.wire.last_view(), "id": "V1", "hash": "h"}
    view["state"] = {"values": {"missing_since|time": {"echo": {"type": "timepicker", "selected_time": "17:35"}}}}
    action = {"type": "timepicker", "block_id": "missing_since|time", "action_id": "echo"}
    base = {"user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1"}, "container": {"type": "view"}}
    await office.interact({"type": "block_actions", **base, "view": view, "actions": [action]})
    echoed = office.wire.last_view()
    assert "Sun 1 Feb 17:35, 4 h 40 min ago" in json.dumps(echoed)
    assert [b for b in echoed["blocks"] if b["block_id"] != "missing_since|echo"] == view["blocks"]


async def test_the_way_back_to_the_first_step_keeps_both_steps(office: Scene) -> None:
    await office.command("report")
    second = (await office.submit(office.wire.last_view(), {"risk_level": "high"}))["view"]
    second = {**second, "id": "V1", "state": {"values": {"surname": {"value": {"type": "plain_text_input", "value": "Example"}}}}}
    base = {"user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1"}, "container": {"type": "view"}}
    await office.interact({"type": "block_actions", **base, "view": second, "actions": [{"type": "button", "action_id": forms.WHOLE}]})
    page = {b["block_id"]: b for b in office.wire.last_view()["blocks"]}
    assert page["surname"]["element"]["initial_value"] == "Example"
    assert page["risk_level"]["element"]["initial_option"]["value"] == "high"


async def test_more_leads_to_the_form_that_was_chosen(office: Scene) -> None:
    reference = await office.report()
    await office.forward(minutes=1)
    await office.press(office.button("more"), user="U2")
    answer = await office.submit(office.wire.last_view(), {"form": "correct"}, user="U2")
    assert answer["view"]["callback_id"] == "form:correct"
    assert reference in answer["view"]["private_metadata"]


async def test_somebody_of_two_authorities_is_asked_which_one_it_is_about(office: Scene) -> None:
    second = {**vars(office.office.directory.authorities[0]), "id": "eastbrook", "name": "Eastbrook", "rooms": ()}
    directory = office.office.directory
    both = type(directory.authorities[0])(**second)
    dana = directory.people[0]
    roles = (*dana.roles, type(dana.roles[0])("edt", "eastbrook"))
    people = (type(dana)(**{**vars(dana), "roles": roles}), *directory.people[1:])
    object.__setattr__(office.office, "directory", type(directory)((*directory.authorities, both), people))
    await office.command("report missing since 21:00", channel="D1")
    question = office.wire.last_view()
    assert "Eastbrook" in json.dumps(question)
    form = (await office.submit(question, {"authority": "eastbrook"}))["view"]
    assert form["callback_id"] == "form:report"
    assert "since 21:00" in json.dumps(form)
    assert "HW-" in json.dumps(await office.submit(form, {}))
    with office.look() as session:
        assert session.scalar(sa.text("select authority from episodes")) == "eastbrook"


def test_a_choice_of_many_is_grouped_and_a_long_label_is_cut() -> None:
    many = tuple((f"person.{n}", f"A very long name that goes on and on, and on until nobody reads it any more {n}") for n in range(250))
    form = Form(
        "link", "Give access to somebody who is not known", (Field("person", "Who", "choice", many, value="person.201"),), "Give access"
    )
    view = forms.opened(form, None)
    check_view(view)
    assert len(view["blocks"][-1]["element"]["option_groups"]) == 3


def test_a_typed_time_is_the_latest_that_has_passed() -> None:
    assert understood("21:30", "missing_since", START) == "Sun 1 Feb 21:30, 45 min ago"
    assert understood("23:30", "missing_since", START).startswith("Sat 31 Jan 23:30")
    assert understood("23:30", "until", START).startswith("Sun 1 Feb 23:30, in 1 h 15 min")
    assert understood("2026-02-01", "until", START) == ""
