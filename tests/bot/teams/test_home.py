"""Somebody's own page, in their talk with the bot."""

import sqlalchemy as sa

from bot.teams import home
from handlers.pages.home import Home, Item
from storage.tables import JOURNAL
from tests.bot.played import START
from tests.bot.teams.driver import buttons
from tests.bot.teams.limits import check_card
from tests.bot.teams.scene import Scene
from tests.bot.teams.wire import text_of


async def test_mine_shows_what_is_owed_with_its_buttons_and_is_in_the_journal_first(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    await office.say("mine", user="u2", channel="a:u2")
    shown = office.wire.of("post")[-1]
    assert shown.place == "a:u2"
    assert "Complete the missing child record" in text_of(shown.card)
    assert shown.sent["summary"] == "Homeward"
    with office.look() as session:
        assert session.scalar(sa.select(sa.func.count()).where(JOURNAL.c.kind == "shown", JOURNAL.c.actor == "worker.one")) == 1


async def test_a_button_pressed_there_gives_the_page_as_it_is_now(office: Scene) -> None:
    await office.report()
    await office.forward(minutes=1)
    await office.say("home", user="u2", channel="a:u2")
    shown = office.wire.of("post")[-1]
    button = next(b for b in buttons(shown.card) if b["data"].get("verb") == "acknowledge" and "missing child record" in b["tooltip"])
    answer = await office.press(button, shown.message, user="u2", channel="a:u2")
    assert text_of(answer["value"]).startswith("Noted: you have it in hand")
    assert "What you owe, by when" in text_of(answer["value"])


async def test_teams_asks_for_the_page_anew_when_somebody_looks_at_it_again(office: Scene) -> None:
    await office.say("mine", user="u2", channel="a:u2")
    shown = office.wire.of("post")[-1]
    assert "You owe nothing" in text_of(shown.card)
    reference = await office.report()
    await office.forward(minutes=1)
    answer = await office.press(shown.card["refresh"]["action"], shown.message, user="u2", channel="a:u2")
    assert f"{reference}: Complete the missing child record" in text_of(answer["value"])
    again = await office.press(answer["value"]["refresh"]["action"], shown.message, user="u90", channel="a:u90")
    assert "missing child record" not in text_of(again["value"])  # whoever looks gets their own


async def test_a_report_begins_on_the_page(office: Scene) -> None:
    await office.say("mine", channel="a:u1")
    button = next(b for b in buttons(office.wire.of("post")[-1].card) if "Report" in b["title"])
    assert "Missing since: time" in text_of(await office.open(button, channel="a:u1"))


async def test_somebody_unknown_is_told_so(office: Scene) -> None:
    await office.say("mine", user="u77", channel="a:u77")
    assert "You are not known here yet" in office.told("u77")
    answer = await office.press({"data": {"verb": "home", "page": "x"}}, "5", user="u77", channel="a:u77")
    assert "not known" in answer["value"]


def test_a_full_page_stays_within_what_teams_takes() -> None:
    item = Item(
        "HW-7F3K",
        "Hold the strategy discussion " * 5,
        ("TRI-001",) * 8,
        "was due " * 8,
        START,
        True,
        "o" * 32,
        3,
        ("acknowledge", "complete"),
    )
    lines = tuple(f"HW-7F3K: missing for {n} h; 12 open, 3 late" for n in range(20))
    full = Home("Mia", (item,) * 8, (item,) * 8, (item,) * 8, lines, lines, lines, 1, 3, 40)
    card = home.card(full, START).model_dump(by_alias=True, exclude_none=True)
    check_card(card)
    assert [b["title"] for b in buttons(card)][:4] == ["Report a missing child", "As it is now", "Earlier", "More"]
