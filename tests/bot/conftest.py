"""A browser, where there is one, and a training room that tests share when they do not mind what others did in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.bot.processes import Started
from tests.bot.tab import CHROMIUM, PATIENCE, opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed here (Debian: apt-get install chromium)")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Started]:
    """A room for one test alone."""
    started = opened(tmp_path)
    yield started
    started.end()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A room for tests that do not mind what others did in it."""
    started = opened(tmp_path_factory.mktemp("shared"))
    yield started
    started.end()
