"""The training room with 50 episodes and 2,000 messages, in a real browser: how soon it opens, how soon a press is answered."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.line import Line
from bot.sandbox import files, town
from bot.sandbox.training import Training
from handlers.incoming import Submitted
from handlers.outgoing import Form

EPISODES, DAYS, TIMES = 50, timedelta(days=7), 5
OPENS, ANSWERS = 2.0, 0.3  # s
PRESS = """() => new Promise((done) => {
  const began = performance.now();
  const seen = () => document.querySelector(".post.private") && done(performance.now() - began);
  new MutationObserver(seen).observe(document.body, {subtree: true, childList: true});
  [...document.querySelectorAll("button")].filter((b) => b.textContent === "Where it stands").pop().click();
})"""  # from the press to the answer on the page, as the page itself sees it
START = datetime(2026, 2, 6, 22, 15, tzinfo=UTC)


def measure() -> list[Line]:
    """The best of a few: others may use the machine meanwhile. Nothing where there is no Chromium."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        posts = _played(Path(folder) / "room.sqlite")
        with _serving(Path(folder)) as address:
            opened, answered = _in_browser(chromium, address)
    about = f"with {EPISODES} episodes and {posts:,} messages"
    return [Line(f"room {about} opens", opened, OPENS, "s"), Line("the same answers a press", answered, ANSWERS, "s")]


def _played(database: Path) -> int:
    training = Training(files.open_files(database, START))
    for _ in range(EPISODES):
        form = training.hear("report", "edt")
        assert isinstance(form, Form)
        values = {field.id: field.value for field in form.fields} | {"missing_since": "21:30"}
        training.submit(Submitted("report", values, "edt", dict(form.context), town.AUTHORITY))
    training.move_to(training.moment + DAYS)
    with training.engine.connect() as connection:
        posts = connection.exec_driver_sql("SELECT count(*) FROM posts").scalar_one()
    training.engine.dispose()
    return int(posts)


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    command = [str(Path(sys.executable).with_name("homeward")), "sandbox", "--port", "0", "--database", str(folder / "room.sqlite")]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        found = re.search(r"http://\S+\d", process.stdout.readline())
        try:
            assert found
            yield found[0]
        finally:
            process.terminate()


def _in_browser(chromium: str, address: str) -> tuple[float, float]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only this line needs it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        opened, answered = [], []
        for _ in range(TIMES):
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"{address}/?who=la_missing_coordinator&place=coordination")
            page.locator(".post.card").nth(EPISODES - 1).wait_for()
            opened.append(float(page.evaluate("performance.now()")) / 1000)
            answered.append(float(page.evaluate(PRESS)) / 1000)
            page.close()
        browser.close()
    return min(opened), min(answered)
