"""What people press."""

import json

import pytest
import sqlalchemy as sa

from handlers.labels import LABELS
from tests.bot.slack.driver import ROOM
from tests.bot.slack.scene import Scene


def written(office: Scene, kind: str) -> int:
    with office.look() as session:
        return int(session.scalar(sa.text("select count(*) from journal where kind = :kind"), {"kind": kind}))


async def test_i_have_it_is_saved_answered_privately_and_shown_in_the_post(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    await office.press(office.button("acknowledge", "police"))
    assert "you have it in hand" in office.told()
    assert office.wire.of("/answer")[-1]["response_type"] == "ephemeral"
    await office.forward(minutes=1)
    edited = json.dumps(office.wire.of("chat.update"))
    assert "Dana Okoye has it in hand" in edited


async def test_pressing_twice_changes_nothing_and_answers_the_same(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    button = office.button("acknowledge", "police")
    await office.press(button)
    first = office.wire.of("/answer")[-1]
    await office.press(button)
    assert office.wire.of("/answer")[-1] == first
    assert written(office, "acknowledged") == 1


async def test_done_asks_when_by_whom_and_on_whose_behalf(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    await office.press(office.button("complete", "record"), user="U2")
    view = office.wire.last_view()
    assert {"done_at|time", "on_behalf", "note"} <= {block["block_id"] for block in view["blocks"]}
    answer = await office.submit(view, {"on_behalf": "the residential home"}, user="U2")
    assert "Done:" in json.dumps(answer)
    await office.forward(minutes=1)
    assert "done Sun 1 Feb" in json.dumps(office.wire.of("chat.update"))


async def test_an_old_button_says_how_it_ended(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    button = office.button("acknowledge", "record")
    await office.press(office.button("complete", "record"), user="U2")
    await office.submit(office.wire.last_view(), {}, user="U2")
    await office.press(button, user="U2")
    assert "Already done by Ines Marlow" in office.told()


async def test_found_note_risk_and_more_open_their_forms(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    for verb in ("found", "note", "risk", "more"):
        await office.press(office.button(verb), user="U2")
        assert office.wire.last_view()["callback_id"] == f"form:{verb}"


async def test_where_it_stands_is_answered_privately(office: Scene) -> None:
    reference = await office.report()
    await office.forward(minutes=1)
    await office.press(office.button("status"), user="U2")
    assert reference in json.dumps(office.wire.of("/answer")[-1])


async def test_an_answer_finds_its_way_without_a_response_address(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    await office.press(office.button("acknowledge", "police"), response_url="https://elsewhere.example.org/steal")
    assert "you have it in hand" in json.dumps(office.wire.of("chat.postEphemeral"))
    office.wire.status["/answer"] = (500, {})
    await office.press(office.button("status"), user="U2", message={"ts": "2.2", "thread_ts": "1.1"})
    assert office.wire.of("chat.postEphemeral")[-1]["thread_ts"] == "1.1"


@pytest.mark.parametrize("verb", sorted(LABELS))
async def test_every_button_there_is_leads_to_an_answer_or_a_form(office: Scene, verb: str) -> None:
    reference = await office.report()
    await office.forward(minutes=1)
    about = json.loads(office.button("acknowledge", "record")["value"])
    office.wire.calls.clear()
    await office.press({"action_id": f"press:{verb}", "value": json.dumps({**about, "r": reference})}, user="U4")
    assert [call.method for call in office.wire.calls][-1] in {"/answer", "views.update"}
    assert "went wrong" not in office.told()
    assert "Not saved" not in office.told()


async def test_a_button_of_another_version_is_answered(office: Scene) -> None:
    await office.press({"action_id": "some:button", "value": "x"})
    assert "not known here any more" in office.told()
    await office.press({"action_id": "press:acknowledge", "value": "not json"})
    await office.press({"action_id": "press:acknowledge", "value": "[1]"})
    await office.press({"action_id": "press:acknowledge", "value": '{"o": 5}'})
    await office.press({"action_id": "press:acknowledge", "value": '{"o": "nobody", "v": 1}'})
    await office.press({"action_id": "press:fly", "value": '{"r": "HW-0000"}'})
    assert len(office.wire.of("/answer")) == 6


async def test_somebody_of_another_workspace_acts_in_a_shared_room_under_their_own_account(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    await office.press(office.button("told", "police"), user="U90", team="T9")
    assert "Done:" in office.told()


async def test_the_same_user_id_of_another_team_is_somebody_else(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    await office.press(office.button("acknowledge", "police"), user="U1", team="T666")
    assert "You are not known here yet" in office.told()
    assert written(office, "acknowledged") == 0


async def test_a_workspace_that_is_not_configured_is_refused(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    await office.press(office.button("acknowledge", "police"), user="U1", team="T666", channel="C666")
    assert "not set up for Homeward" in office.told()
    assert "not set up for Homeward" in json.dumps(await office.command("list", user="U1", team="T666", channel="C666"))


async def test_an_invitation_is_answered_with_one_press_and_somebody_else_can_be_sent(office: Scene) -> None:
    await office.report()
    await office.forward(days=2)
    invited = office.button("accept")
    await office.press(invited, user="U90", team="T9", channel="DU90")
    assert "police accepts" in office.told()
    await office.press(office.button("delegate"), user="U90", team="T9", channel=ROOM)
    answer = await office.submit(office.wire.last_view(), {"to": "Insp Vane, on the desk"}, user="U90", team="T9")
    assert "sends somebody else" in json.dumps(answer)
    await office.press(office.button("decline"), user="U90", team="T9", channel=ROOM)
    answer = await office.submit(office.wire.last_view(), {"reason": "no officer free"}, user="U90", team="T9")
    assert "declines" in json.dumps(answer)
    await office.forward(minutes=2)
    posted = json.dumps(
        [call.sent for call in office.wire.calls if call.method.startswith("chat.") and call.method != "chat.postEphemeral"]
    )
    assert "no officer free" not in posted
    assert "Vane" not in posted
