"""Somebody's own page."""

import json
from typing import Any

import sqlalchemy as sa

from bot.slack.callers import Caller
from tests.bot.slack.limits import check_view
from tests.bot.slack.scene import Scene


async def look(office: Scene, user: str = "U2", team: str = "T1") -> dict[str, Any]:
    await office.event({"type": "app_home_opened", "user": user, "tab": "home"}, team=team)
    return office.wire.last_view()


async def test_the_page_shows_what_is_owed_by_when_who_is_missing_and_what_is_late(office: Scene) -> None:
    reference = await office.report()
    await office.forward(hours=1)
    page = json.dumps(await look(office))
    for part in ("What you owe, by when", "Your checklist", "Missing now", "Late", reference, "press:complete"):
        assert part in page


async def test_a_button_of_the_page_answers_in_a_window_and_the_page_follows(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    page = await look(office)
    button = next(e for b in page["blocks"] if b["type"] == "actions" for e in b["elements"] if e["action_id"] == "press:acknowledge")
    base = {"user": {"id": "U2", "team_id": "T1"}, "team": {"id": "T1"}, "container": {"type": "view"}, "view": {**page, "id": "VH"}}
    await office.interact({"type": "block_actions", "trigger_id": "t", **base, "actions": [button]})
    assert "you have it in hand" in json.dumps(office.wire.of("views.open")[-1])


async def test_the_page_changes_while_it_is_open(office: Scene) -> None:
    first = await look(office)
    assert "You owe nothing" in json.dumps(first)
    reference = await office.report()
    await office.serving.homes.refresh()
    assert reference in json.dumps(office.wire.of("views.publish")[-1])
    shown = len(office.wire.of("views.publish"))
    await office.serving.homes.refresh()
    assert len(office.wire.of("views.publish")) == shown


async def test_a_long_page_has_pages_and_never_too_many_blocks(office: Scene) -> None:
    for _ in range(6):
        await office.report()
    await office.forward(hours=30)
    page = await look(office)
    check_view(page)
    assert "page 1 of" in json.dumps(page)
    more = next(e for b in page["blocks"] if b.get("block_id") == "pages" for e in b["elements"])
    base = {"user": {"id": "U2", "team_id": "T1"}, "team": {"id": "T1"}, "container": {"type": "view"}, "view": {**page, "id": "VH"}}
    await office.interact({"type": "block_actions", "trigger_id": "t", **base, "actions": [more]})
    assert "page 2 of" in json.dumps(office.wire.last_view())


async def test_an_invitation_waits_on_the_page_until_it_is_answered(office: Scene) -> None:
    await office.report()
    await office.forward(days=2)
    assert "Invitations that wait" in json.dumps(await page_of(office, "U90", "T9"))
    await office.press(office.button("accept"), user="U90", team="T9")
    assert "press:accept" not in json.dumps(await page_of(office, "U90", "T9"))


async def page_of(office: Scene, user: str, team: str) -> dict[str, Any]:
    of = Caller(team, user, office.serving.conversation.workspaces.first(), from_view=True)
    await office.serving.homes.look(of)
    return office.wire.last_view()


async def test_a_stranger_sees_how_to_get_access_and_nothing_else(office: Scene) -> None:
    reference = await office.report()
    page = json.dumps(await look(office, user="U99"))
    assert "U99 of T1" in page
    assert reference not in page


async def test_what_was_shown_is_in_the_journal(office: Scene) -> None:
    await look(office)
    with office.look() as session:
        assert session.scalar(sa.text("select count(*) from journal where kind = 'shown' and actor = 'worker.one'")) == 1


async def test_the_report_button_opens_the_form(office: Scene) -> None:
    page = await look(office)
    button = next(e for b in page["blocks"] if b.get("block_id") == "report" for e in b["elements"])
    base = {"user": {"id": "U2", "team_id": "T1"}, "team": {"id": "T1"}, "container": {"type": "view"}, "view": {**page, "id": "VH"}}
    await office.interact({"type": "block_actions", "trigger_id": "t", **base, "actions": [button]})
    assert office.wire.last_view()["callback_id"] == "form:report"
