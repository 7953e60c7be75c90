"""What happens to rooms, people and tokens."""

import json

import pytest

from tests.bot.slack.driver import MANAGEMENT
from tests.bot.slack.scene import Scene


async def alarms(office: Scene) -> str:
    await office.forward(minutes=1)
    return json.dumps([sent for sent in office.wire.of("chat.postMessage") if sent["channel"] == MANAGEMENT])


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"type": "channel_archive", "channel": "C1"}, "coordination room of Westbrook was archived"),
        ({"type": "group_archive", "channel": "C2"}, "partners room of Westbrook was archived"),
        ({"type": "channel_left", "channel": "C1"}, "taken out of the coordination room"),
        ({"type": "channel_rename", "channel": {"id": "C1", "name": "new"}}, "has another name now"),
        ({"type": "user_change", "user": {"id": "U1", "team_id": "T1", "deleted": True}}, "account of Dana Okoye was switched off"),
        ({"type": "tokens_revoked", "tokens": {"bot": ["B"]}}, "withdrawn Homeward"),
        ({"type": "app_uninstalled"}, "withdrawn Homeward"),
    ],
)
async def test_what_happens_to_us_is_said_to_the_management_room_once(office: Scene, event: dict[str, object], said: str) -> None:
    assert (await office.event(event)).status_code == 200
    assert (await office.event(event, number="Ev2")).status_code == 200
    assert (await alarms(office)).count(said) == 1


async def test_what_happens_to_rooms_and_people_that_are_not_ours_is_nothing(office: Scene) -> None:
    for event in (
        {"type": "channel_archive", "channel": "C9"},
        {"type": "user_change", "user": {"id": "U1", "team_id": "T1", "deleted": False}},
        {"type": "user_change", "user": {"id": "U1", "team_id": "T2", "deleted": True}},
        {"type": "app_home_opened", "user": "U1", "tab": "messages"},
    ):
        assert (await office.event(event)).status_code == 200
    assert await alarms(office) == "[]"


async def test_being_taken_out_of_a_room_is_noticed_by_our_own_leaving(office: Scene) -> None:
    office.serving.conversation.workspaces.first().user = "U0HOMEWARD"
    await office.event({"type": "member_left_channel", "channel": "C1", "user": "U0HOMEWARD", "team": "T1"})
    assert "taken out of the coordination room" in await alarms(office)


async def test_somebody_who_leaves_a_room_is_reached_directly_from_then_on(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    office.wire.answers["conversations.members"] = {"members": ["U2", "U3"]}
    await office.event({"type": "member_left_channel", "channel": "C1", "user": "U1", "team": "T1"})
    office.wire.calls.clear()
    await office.report()
    await office.forward(minutes=1)
    assert "DU1" in {sent["channel"] for sent in office.wire.of("chat.postMessage")}
