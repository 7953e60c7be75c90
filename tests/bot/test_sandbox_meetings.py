"""A meeting in a real browser: fixed, answered, chased, moved, held, and taken home as a file for the calendar."""

import re

from playwright.sync_api import Browser, expect

from bot.sandbox.render import drawn
from bot.sandbox.screen import Shown
from handlers.outgoing import Body, Row
from tests.bot.processes import Started
from tests.bot.tab import FRIDAY_NIGHT, Tab
from tests.fakes import person


def police(answer: str) -> re.Pattern[str]:
    """The line of the police, whoever else is invited of them."""
    return re.compile(rf"Police \(Sgt Ray Holm[^)]*\), must come: {answer}")


def say(tab: Tab, words: str) -> None:
    """Type a command."""
    line = tab.page.get_by_role("combobox", name="Command", exact=True)
    line.fill(f"/missing {words}")
    tab.page.keyboard.press("Enter")


def fill(tab: Tab, send: str, **typed: str) -> None:
    """Fill the open form by its labels and send it."""
    for label, text in typed.items():
        tab.dialog.get_by_label(label.replace("_", " ")).fill(text)
    tab.dialog.get_by_role("button", name=send, exact=True).click()
    expect(tab.dialog).to_have_count(0)


def press(tab: Tab, button: str) -> None:
    """The last button of the thread that is called so."""
    said, _, row = button.partition(": ")
    tab.thread.get_by_role("button", name=re.compile(f"^{said}: (For [a-z ]+: )?{row}" if row else f"^{said}")).last.click()


def test_the_story_of_a_meeting(browser: Browser, room: Started) -> None:  # noqa: PLR0915 - one story
    tab = Tab(browser, room)
    reference = tab.report()
    tab.play("social_worker")
    say(tab, f"meeting {reference} strategy meeting")
    expect(tab.dialog).to_contain_text("Invited by the protocol (TRI-080")
    fill(tab, "Fix", When="Mon 9 Feb 15:00", Place_or_link="Room 4")
    expect(tab.post("Only you see this")).to_contain_text("Strategy meeting fixed for Mon 9 Feb 15:00")
    living = tab.post("agencies that must come will come")
    expect(living).to_contain_text(police("no answer yet"))

    tab.play("police")
    tab.page.get_by_role("navigation", name="Rooms").get_by_role("button", name="Partners").click()
    tab.room.get_by_role("button", name=re.compile("^Thread|^Open the thread")).first.click()
    press(tab, "I will come: You are invited: strategy meeting")
    expect(living).to_contain_text(police("will come"))
    with tab.page.expect_download() as given:
        press(tab, "Agenda and place: You are invited: strategy meeting")
    assert given.value.suggested_filename == f"{reference}-strategy-meeting.ics"
    assert b"LOCATION:Room 4" in given.value.path().read_bytes()
    tab.play("health_representative")
    press(tab, "I cannot come: You are invited: strategy meeting")
    fill(tab, "Decline", Why="theatre")
    expect(living).to_contain_text("cannot come, reason given (Dr Leo Adair")
    expect(tab.thread).not_to_contain_text("theatre")

    tab.play("social_worker")
    tab.page.get_by_role("navigation", name="Rooms").get_by_role("button", name="Coordination").click()
    tab.room.get_by_role("button", name=re.compile("^Thread")).first.click()
    expect(tab.post("Strategy meeting on Mon 9 Feb 15:00: health cannot come")).to_contain_text(
        "Health (Dr Leo Adair), must come: cannot come"
    )
    press(tab, "Move: Strategy meeting on Mon 9 Feb 15:00: health")
    fill(tab, "Move", When="Mon 9 Feb 17:00")
    expect(living).to_contain_text(police("no answer yet"))
    tab.move("+1 day", "Sat 7 Feb 2026 22:15")
    say(tab, "waiting")
    expect(tab.page.get_by_text("must come, no answer for 24 h").first).to_be_visible()

    tab.move("+1 day", "Sun 8 Feb 2026 22:15")
    tab.move("+1 day", "Mon 9 Feb 2026 22:15")
    expect(tab.post("Was the strategy meeting of Mon 9 Feb 17:00 held?")).to_be_visible()
    say(tab, f"held {reference} strategy meeting")
    agreed = "police; ring the aunt; Tue 12:00"
    fill(tab, "Record", Which_agencies_came="police", What_was_agreed="police; ring the aunt; Tue 12:00", When_is_the_next_one="Wed 10:00")
    answer = tab.post("Only you see this", "held Mon 9 Feb 17:00")
    expect(answer).to_contain_text("Do what was agreed at the strategy meeting, action 1 (police)")
    expect(answer).to_contain_text("fixed for Wed 11 Feb 10:00")
    expect(tab.thread).not_to_contain_text(agreed.split("; ")[1])
    say(tab, f"feedback {reference}")
    for who in ("child", "carers", "parents"):
        tab.dialog.get_by_role("group", name=re.compile(who)).get_by_label("Yes").check()
    fill(tab, "Record")
    expect(tab.post("Only you see this", "Recorded: meeting outcome feedback")).to_be_visible()
    assert tab.wrong == []


def test_an_invitation_that_has_become_late_says_so_in_a_whole_phrase() -> None:
    row = Row(rule="meet", says="You are invited", kind="chase", to=("police",), reason="no answer yet", due=FRIDAY_NIGHT.isoformat())
    body = Body("HW-7F3K", "no answer yet", (row,), ())
    shown = Shown("1", "chase", FRIDAY_NIGHT, "thread", None, None, None, body, tones=("late",))
    assert drawn(shown, person("pc.reed", "police"), ())["rows"][0]["state"] == "late · no answer yet"
