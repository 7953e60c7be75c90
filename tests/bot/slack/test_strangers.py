"""Accounts that nobody is known to have."""

import json

from tests.bot.slack.driver import MANAGEMENT
from tests.bot.slack.scene import Scene


async def test_a_stranger_is_told_how_to_get_access_and_the_coordinator_is_asked(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    await office.press(office.button("acknowledge", "police"), user="U77", team="T7")
    answer = json.dumps(office.wire.of("/answer")[-1])
    assert "Your account is U77 of T7" in answer
    assert "HW-" not in answer
    await office.forward(minutes=1)
    asked = [sent for sent in office.wire.of("chat.postMessage") if sent["channel"] == MANAGEMENT and "asks for access" in json.dumps(sent)]
    assert len(asked) == 1


async def test_what_a_stranger_pressed_is_done_once_they_have_access(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    await office.press(office.button("told", "police"), user="U77", team="T7")
    await office.forward(minutes=1)
    await office.press(office.button("link"), user="U4", channel=MANAGEMENT)
    answer = await office.submit(office.wire.last_view(), {"person": "police.one"}, user="U4")
    assert "What they pressed was done" in json.dumps(answer)
    await office.forward(minutes=1)
    assert "Done for you" in json.dumps(office.wire.of("chat.postMessage"))
    assert "HW-" in json.dumps(await office.command("list", user="U77", team="T7"))


async def test_access_is_given_to_nobody_who_is_reached_there_already(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    await office.press(office.button("acknowledge", "police"), user="U78")
    await office.command("link", user="U4")
    answer = await office.submit(office.wire.last_view(), {"person": "manager.one"}, user="U4")
    assert "has another account there already" in answer["errors"]["person"]


async def test_only_the_coordinator_or_an_administrator_gives_access(office: Scene) -> None:
    await office.command("list", user="U79")
    await office.command("link", user="U2")
    assert "Your roles here do not include 'link'" in json.dumps(office.wire.calls[-1].sent)
    assert "Nobody waits for access" not in office.told()


async def test_a_stranger_who_fills_in_a_form_keeps_what_they_typed(office: Scene) -> None:
    reference = await office.report()
    await office.command(f"found {reference}")
    answer = await office.submit(office.wire.last_view(), {}, user="U80")
    assert answer["response_action"] == "errors"
    assert "You are not known here yet" in next(iter(answer["errors"].values()))
