"""A meeting lived through on Slack, every request signed: fixed, answered, chased, moved, held; and the file for the calendar."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.bot.slack.driver import PARTNERS, ROOM
from tests.bot.slack.scene import HOMEWARD_YML, Scene, scene
from tests.bot.slack.wire import Wire

PEOPLE = """  - id: nurse.two
    name: Dr Noor Sayle
    agency: health
    accounts: [{platform: slack, team: T1, user: U7}]
    roles: [{role: health_representative, authority: westbrook}]
  - id: teacher.one
    name: Fay Winter
    agency: education
    accounts: [{platform: slack, team: T1, user: U8}]
    roles: [{role: education_representative, authority: westbrook}, {role: school, authority: westbrook}]
  - id: police.two
    name: PC Jo Reed
    agency: police
    accounts: [{platform: slack, team: T1, user: U91}]
    roles: [{role: police_compliance_officer, authority: westbrook}]
slack: ["""
POLICE = {"user": "U90", "team": "T9", "channel": PARTNERS}
HEALTH = {"user": "U7", "channel": PARTNERS}
WORKER = {"user": "U2", "channel": ROOM}


@pytest.fixture
async def office(sqlite: Engine, slack: Wire) -> AsyncIterator[Scene]:
    nurse = (
        "  - id: nurse.one\n    name: Dr Leo Adair\n    agency: health\n    roles: [{role: health_representative, authority: westbrook}]\n"
    )
    slack.answers["conversations.members"] = {"members": ["U1", "U2", "U3", "U4", "U7", "U8", "U90", "U91", "U0HOMEWARD"]}
    async with scene(sqlite, slack, HOMEWARD_YML.replace(nurse, "").replace("slack: [", PEOPLE)) as found:
        yield found


def posts(office: Scene, says: str) -> list[dict[str, Any]]:
    """What was posted or edited that says this."""
    return [c.sent for c in office.wire.calls if c.method in {"chat.postMessage", "chat.update"} and says in json.dumps(c.sent)]


async def fill(office: Scene, user: str = "U2", team: str = "T1", **values: str) -> str:
    """Send in the window that opened last, whatever steps it takes; gives what came of it."""
    answer: dict[str, Any] = {"view": office.wire.last_view()}
    while "submit" in answer.get("view", {}):
        answer = await office.submit(answer["view"], values, user=user, team=team)
        assert "errors" not in answer, answer
    await office.forward(minutes=1)
    return json.dumps(answer)


async def test_the_story_of_a_meeting(office: Scene) -> None:  # noqa: PLR0915 - one story, told in one go
    reference = await office.report(care_status="looked_after")
    await office.forward(days=3, hours=12)  # Thursday 10:15: the strategy meeting is owed by Friday 21:00
    await office.command(f"meeting {reference} strategy meeting", user="U2")
    view = office.wire.last_view()
    shown = json.dumps(view)
    assert "Invited by the protocol (TRI-080" in shown
    assert "children's coordinator" in shown
    required = "police, health, education"
    fixed = await fill(office, starts="2026-02-06T14:00", place="Room 4", chair="team_manager", required=required, also="education")
    assert "fixed for Fri 6 Feb 14:00" in fixed
    invited = posts(office, "You are invited: strategy meeting on Fri 6 Feb 14:00")[0]
    assert invited["channel"] == PARTNERS
    assert {"<@U90>", "<@U7>"} <= set(re.findall(r"<@U\d+>", json.dumps(invited)))

    await office.press(office.button("delegate", "strategy meeting"), **POLICE)
    assert "PC Jo Reed is invited" in await fill(office, user="U90", team="T9", to="PC Jo Reed")
    await office.press(office.button("decline", "strategy meeting"), **HEALTH)
    assert "health declines" in await fill(office, user="U7", reason="theatre all day")
    told = posts(office, "Strategy meeting on Fri 6 Feb 14:00: health cannot come")[0]
    assert "<@U3>" in json.dumps(told)
    assert "cannot come, reason given (Dr Noor Sayle" in json.dumps(told)

    await office.press(office.button("move", "Strategy meeting on Fri 6 Feb 14:00:"), user="U3")
    assert "moved from Fri 6 Feb 14:00 to Fri 6 Feb 17:00" in await fill(office, user="U3", starts="2026-02-06T17:00")
    assert posts(office, "the time is now Fri 6 Feb 17:00")
    await office.press(office.button("accept", "Fri 6 Feb 17:00"), user="U91", channel=PARTNERS)
    await office.press(office.button("accept", "Fri 6 Feb 17:00"), **HEALTH)
    await office.forward(hours=27)  # Friday 13:18
    chased = [p for p in posts(office, "no answer to the invitation yet") if "Fri 6 Feb 17:00" in json.dumps(p)]
    assert chased
    waiting = json.dumps(await office.command("waiting", user="U4"))
    assert "Education (Fay Winter), must come, no answer for 27 h" in waiting
    assert [line for line in waiting.split("\\n") if "Police" in line and "strategy meeting" in line] == []
    living = json.dumps(posts(office, "agencies that must come will come")[-1])
    assert "2 of 3 agencies that must come will come" in living
    assert "Police (Sgt Ray Holm), must come: will come (PC Jo Reed" in living

    await office.forward(hours=5)  # after it
    await office.press(office.button("held", "strategy meeting"), user="U3")
    agreed = "police; ring the aunt; Sat 12:00\nsocial worker; tell the school; Mon 10:00"
    held = await fill(office, user="U3", held_at="2026-02-06T17:00", agreed=agreed, came="police, health", next_at="2026-02-08T10:00")
    assert "held Fri 6 Feb 17:00" in held
    assert "Do what was agreed at the strategy meeting, action 1 (police)" in held
    assert "fixed for Sun 8 Feb 10:00" in held
    await office.press(office.button("what_was_agreed", "action 1"), **POLICE)
    assert "ring the aunt" in office.told()
    await office.command(f"feedback {reference}", user="U3")
    recorded = await fill(office, user="U3", told_child="no", told_carers="yes", told_parents="yes", reason="not back yet")
    assert "meeting outcome feedback" in recorded

    in_rooms = json.dumps([c.sent for c in office.wire.calls if c.method in {"chat.postMessage", "chat.update"}])
    for sealed in ("theatre", "Room 4", "aunt", "not back yet"):
        assert sealed not in in_rooms


async def test_who_is_invited_gets_a_file_for_the_calendar_alone(office: Scene) -> None:
    reference = await office.report()
    await office.forward(minutes=1)
    await office.command(f"meeting {reference} strategy discussion", user="U2")
    await fill(office, starts="2026-02-02T14:00", place="Room 4")
    await office.press(office.button("agenda_and_place", "strategy discussion"), **POLICE)
    (content,) = office.wire.uploads
    assert "BEGIN:VEVENT" in content
    assert "LOCATION:Room 4" in content
    assert office.wire.of("files.completeUploadExternal")[-1]["channel_id"] == "DU90"
    office.wire.refuse["files.getUploadURLExternal"] = "missing_scope"
    await office.command(f"agenda {reference}", user="U90", team="T9", channel=PARTNERS)
    assert "lacks the scope files:write" in office.told()


async def test_a_press_by_an_agency_that_is_not_invited_says_so_politely(office: Scene) -> None:
    reference = await office.report()
    await office.forward(minutes=1)
    await office.command(f"meeting {reference} strategy discussion", user="U2")
    await fill(office, starts="2026-02-02T14:00")
    await office.press(office.button("accept", "strategy discussion"), user="U8", channel=PARTNERS)
    assert "This invitation is for police; education is not invited." in office.told()
