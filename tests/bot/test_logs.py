"""Logs: a line of JSON each, and nothing in it that somebody typed."""

import json
import logging
from collections.abc import Iterator

import pytest

from bot import logs


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for ring in logs.OURS:
        logging.getLogger(ring).setLevel(logging.NOTSET)


def test_a_line_is_json_and_an_error_only_its_kind(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO")
    try:
        raise ValueError("Robin Example is missing")
    except ValueError:
        logging.getLogger("bot.rounds").exception("episode %s could not be settled", "0190")
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert (said["level"], said["from"], said["says"]) == ("error", "bot.rounds", "episode 0190 could not be settled")
    assert said["error"] == "ValueError"
    assert "Robin" not in line


def test_at_every_level_others_say_no_more_than_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("DEBUG")
    logging.getLogger("slack_sdk.web").debug("body: Robin Example")
    logging.getLogger("uvicorn.error").info("started")
    logging.getLogger("handlers.cycles").debug("looked")
    assert [json.loads(line)["says"] for line in capsys.readouterr().err.splitlines()] == ["looked"]
