"""What happens to the bot and to its rooms: noticed, remembered, and said."""

from typing import Any

import sqlalchemy as sa

from storage.tables import CONVERSATIONS, POSTS
from tests.bot.teams.driver import BOT, MANAGEMENT, PARTNERS, ROOM, TEAM, TENANT
from tests.bot.teams.scene import Scene
from tests.bot.teams.wire import text_of


def known(office: Scene) -> dict[str, str]:
    """Whose conversation is known, with its address."""
    with office.look() as session:
        rows = session.execute(sa.select(CONVERSATIONS.c.whose, CONVERSATIONS.c.address)).all()
    return dict(rows)


def alarms(office: Scene) -> list[str]:
    """What the management room is to hear."""
    with office.look() as session:
        bodies = session.scalars(sa.select(POSTS.c.body).where(POSTS.c.kind == "alarm")).all()
    return [body["rows"][0]["says"] for body in bodies]


async def changed(office: Scene, kind: str, channel: str = ROOM, **more: Any) -> None:
    """Something happened to a channel or a team."""
    activity = office.activity("conversationUpdate", "u3", channel)
    activity["channelData"] = {"tenant": {"id": TENANT}, "team": {"id": TEAM}, "channel": {"id": channel}, "eventType": kind}
    assert (await office.deliver({**activity, **more})).status_code == 200


async def test_added_to_a_team_it_knows_how_to_write_there(office: Scene) -> None:
    await office.deliver(office.activity("installationUpdate", "u3", ROOM, action="add"))
    assert known(office) == {ROOM: office.address}
    assert office.wire.of("post") == []


async def test_added_by_a_person_it_says_hello_and_shows_their_page(office: Scene) -> None:
    await office.deliver(office.activity("installationUpdate", "u2", "a:u2", action="add"))
    assert known(office) == {"u2": office.address}
    assert "Homeward is here" in office.told("u2")
    assert "What you owe, by when" in office.told("u2")


async def test_an_address_that_changes_is_taken_from_the_next_message(office: Scene) -> None:
    await office.say("help")
    office.address = office.address.replace("/uk", "/uk/moved")
    await office.say("help")
    assert known(office)[ROOM].endswith("/moved")


async def test_taken_out_of_a_team_the_management_room_hears_of_every_room_that_is_lost(office: Scene) -> None:
    for channel in (ROOM, PARTNERS, MANAGEMENT):
        await office.say("help", channel=channel)
    removed = office.activity("installationUpdate", "u3", TEAM, action="remove")
    removed["channelData"] = {"tenant": {"id": TENANT}, "team": {"id": TEAM}}
    await office.deliver(removed)
    assert sorted(said.split()[6] for said in alarms(office)) == ["coordination", "management", "partners"]
    assert set(known(office)) == {"u1"}


async def test_removed_as_a_member_is_the_same_and_said_once_a_day(office: Scene) -> None:
    for _ in range(2):
        await changed(office, "teamMemberRemoved", membersRemoved=[BOT])
    assert len(alarms(office)) == 1


async def test_somebody_who_takes_it_off_is_written_to_anew(office: Scene) -> None:
    await office.say("help", channel="a:u1")
    await office.deliver(office.activity("installationUpdate", "u1", "a:u1", action="remove"))
    assert known(office) == {}


async def test_a_deleted_channel_an_archived_team_and_a_new_name_are_said(office: Scene) -> None:
    await changed(office, "channelDeleted", PARTNERS)
    await changed(office, "channelRenamed")
    await office.say("help")
    await changed(office, "teamArchived")
    told = " ".join(alarms(office))
    assert "partners room of Westbrook was deleted" in told
    assert "has another name now" in told
    assert "was archived" in told


async def test_a_channel_that_is_renamed_and_deleted_on_one_day_is_said_to_be_deleted(office: Scene) -> None:
    await changed(office, "channelRenamed", PARTNERS)
    await changed(office, "channelDeleted", PARTNERS)
    assert ["was deleted" in said for said in alarms(office)] == [False, True]


async def test_a_channel_that_is_no_room_of_ours_is_nobodys_alarm(office: Scene) -> None:
    await changed(office, "channelDeleted", "19:other@thread.tacv2")
    assert alarms(office) == []


async def test_posts_for_a_room_that_refuses_us_go_another_way_and_it_is_said(office: Scene) -> None:
    await office.say("help")
    await office.report()
    office.wire.faults.extend(["404"])
    await office.forward(minutes=1)
    assert any("are refused there" in said for said in alarms(office))
    cards = [call.place for call in office.wire.of("post") if "not found yet" in text_of(call.card)]
    assert MANAGEMENT in cards
