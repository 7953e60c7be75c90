"""Buttons of posts, pressed by those who may, by those who may not, twice, late, and forged."""

from itertools import product
from typing import Any

import sqlalchemy as sa

from handlers.labels import LABELS
from storage.tables import JOURNAL, SETTINGS
from tests.bot.teams.driver import OTHER_TENANT, PARTNERS, ROOM, buttons
from tests.bot.teams.limits import check_card
from tests.bot.teams.scene import Scene
from tests.bot.teams.wire import Call, text_of


def name_of(call: Call) -> str:
    """How posts name the message of a call."""
    thread = call.place.partition(";messageid=")[2]
    return f"{thread}/{call.message}" if thread else call.message


async def test_who_presses_sees_the_card_as_it_is_now_and_so_does_everybody_soon(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    button, call = office.button("acknowledge", "missing child record")
    answer = await office.press(button, name_of(call), user="u2")
    assert answer["type"] == "application/vnd.microsoft.card.adaptive"
    check_card(answer["value"])
    assert text_of(answer["value"]).startswith("Noted: you have it in hand.")
    assert "Ines Marlow has it in hand" in text_of(answer["value"])
    await office.forward(seconds=30)
    assert "Ines Marlow has it in hand" in text_of(office.wire.shown()[call.message].card)


async def test_pressing_twice_and_at_once_writes_once_and_answers_the_same(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    button, call = office.button("acknowledge", "missing child record")
    answers = [await office.press(button, name_of(call), user="u2") for _ in range(2)]
    assert answers[0] == answers[1]
    with office.look() as session:
        assert session.scalar(sa.select(sa.func.count()).where(JOURNAL.c.kind == "acknowledged")) == 1


async def test_a_button_that_asks_opens_a_dialog_and_the_post_shows_its_end(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    button, call = office.button("complete", "missing child record")
    done = await office.submit(await office.open(button, user="u2"), {}, user="u2")
    assert text_of(done).startswith("Done")
    await office.forward(seconds=30)
    assert "done Sun 1 Feb 22:16, 1 min late" in text_of(office.wire.shown()[call.message].card)


async def test_where_it_stands_is_shown_in_a_dialog_to_the_presser_alone(office: Scene) -> None:
    reference = await office.report()
    await office.forward(minutes=1)
    before = len(office.wire.of("post"))
    button, _ = office.button("status")
    assert reference in text_of(await office.open(button, user="u2"))
    assert len(office.wire.of("post")) == before


async def test_a_forged_button_is_answered_and_changes_nothing(office: Scene) -> None:
    some: list[dict[str, Any]] = [{}, {"o": "nothing", "v": 3, "r": "HW-0000"}, {"o": 5}, {"v": "x"}, {"r": ["HW"]}, {"o": None, "r": None}]
    for verb, data in [*product(["acknowledge", "complete"], some), *product([*LABELS, "elope", ""], some[1:2])]:
        answer = await office.press({"data": {"verb": verb, **data}}, "1/2")
        assert answer["statusCode"] == 200
        assert answer["type"] == "application/vnd.microsoft.activity.message"
        assert await office.open({"data": {"verb": verb, **data}})
    with office.look() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(JOURNAL)) == 0


async def test_a_press_of_somebody_unknown_is_kept_and_done_once_they_have_access(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    button, call = office.button("told", "you are the one to be told")
    answer = await office.press(button, name_of(call), user="u77", channel=PARTNERS)
    assert "You are not known here yet" in answer["value"]
    await office.forward(seconds=30)
    link, _ = office.button("link")
    form = await office.open(link, user="u4", channel="19:management@thread.tacv2")
    assert "u77" in str(form)
    await office.submit(form, {"person": "nurse.one"}, user="u4")
    with office.look() as session:
        assert session.scalar(sa.select(SETTINGS.c.value).where(SETTINGS.c.name.contains("u77"))) == "nurse.one"


async def test_the_same_account_of_another_tenant_is_nobody(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    button, call = office.button("acknowledge")
    activity = office.activity("invoke", "u2", ROOM, tenant=OTHER_TENANT, name="adaptiveCard/action")
    activity["value"] = {"action": {"type": "Action.Execute", "verb": "press", "data": button["data"]}}
    assert (await office.deliver({**activity, "replyToId": call.message})).status_code == 403


async def test_an_invitation_is_answered_with_one_tap(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    await office.say("mine", user="u90", channel="a:u90")
    button, call = office.button("accept")
    answer = await office.press(button, call.message, user="u90", channel="a:u90")
    assert "police" in text_of(answer["value"]).split("\n")[0].lower()
    with office.look() as session:
        assert session.scalar(sa.select(sa.func.count()).where(JOURNAL.c.kind == "responded")) == 1


async def test_every_button_of_a_card_says_what_it_is_about(office: Scene) -> None:
    reference = await office.report()
    await office.forward(minutes=1)
    for call in office.wire.of("post"):
        for button in buttons(call.card):
            assert ":" in button["tooltip"]
            assert button["data"]["r"] == reference
