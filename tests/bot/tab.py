"""One browser tab on the training room, spoken of as people do."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from bot.sandbox.files import open_files
from tests.bot.processes import Started

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FRIDAY_NIGHT = datetime(2026, 2, 6, 22, 15, tzinfo=UTC)
PATIENCE = 15_000  # milliseconds; a loaded machine is slow


def opened(folder: Path) -> Started:
    """A training room whose clock stands on a Friday night."""
    open_files(folder / "homeward-sandbox.sqlite", FRIDAY_NIGHT).engine.dispose()
    return Started(folder, "sandbox", "--port", "0")


class Tab:
    """Who is played in it is in its address."""

    def __init__(self, browser: Browser, room: Started, who: str = "edt", width: int = 1280, place: str = "") -> None:
        self.page: Page = browser.new_page(viewport={"width": width, "height": 800})
        self.page.set_default_timeout(PATIENCE)
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda message: self.wrong.append(message.text) if "Content Security" in message.text else None)
        self.page.goto(f"{room.address}/?who={who}&place={place}")
        self.sheet = self.page.get_by_role("region", name="Page", exact=True)
        self.room = self.page.get_by_role("region", name="Room", exact=True)
        self.thread = self.page.get_by_role("region", name="Thread", exact=True)
        self.clock = self.page.get_by_label("Training clock").locator("time")
        self.places = self.page.get_by_role("navigation", name="Rooms").get_by_role("button")
        self.dialog = self.page.get_by_role("dialog")

    def report(self, since: str = "21:30", **typed: str) -> str:
        """Report a child; gives the reference."""
        self.page.get_by_role("button", name="Report a missing child").click()
        self.dialog.get_by_label("Missing since").fill(since)
        for label, text in typed.items():
            self.dialog.get_by_label(label).fill(text)
        self.dialog.get_by_role("button", name="Report", exact=True).click()
        expect(self.thread).to_contain_text("Only you see this")
        found = re.search(r"HW-[0-9A-Z]+", self.thread.inner_text())
        assert found
        return found[0]

    def move(self, button: str, until: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()
        expect(self.clock).to_have_text(until)

    def play(self, who: str) -> None:
        self.page.get_by_label("You play").select_option(who)

    def begin(self, story: str) -> None:
        """Begin a story from the page of the exercise; what was played before is put away."""
        self.go("Exercise")
        self.sheet.get_by_role("button", name=f"Play: {story}").click()
        begin = self.dialog.get_by_role("button", name="Begin")
        goals = self.sheet.get_by_role("list", name="Goals")
        told = self.sheet.get_by_role("heading", level=3, name=story)
        expect(begin.or_(told).first).to_be_visible()
        if begin.is_visible():
            begin.click()
        expect(told).to_be_visible()
        expect(goals).to_be_visible()

    def go(self, place: str) -> None:
        self.places.filter(has_text=place).first.click()
        shown = self.page.locator("section.pane:visible h2").first
        expect(shown).to_have_text(re.compile(f"^{place}"))

    def done(self, what: str, at: str = "") -> None:
        """Press Done (or Held or not) for one thing in Where things stand, and send the form."""
        self.go("Where things stand")
        self.sheet.get_by_role("button", name=re.compile(f"^(Done|Held or not): {what}")).first.click()
        if at:
            self.dialog.get_by_role("textbox", name=re.compile("at|When")).first.fill(at)
        self.dialog.locator("button[type=submit]").click()
        expect(self.dialog).to_have_count(0)

    def post(self, *texts: str) -> Locator:
        """The last post of the thread that says all of this."""
        posts = self.thread.get_by_role("article")
        for text in texts:
            posts = posts.filter(has_text=text)
        return posts.last
