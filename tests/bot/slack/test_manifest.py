"""manifest.yml says what the code does, no more and no less."""

import re
from pathlib import Path
from typing import Any

import yaml

import bot.slack
from bot.slack import listeners
from bot.slack.events import EVENTS
from bot.slack.scopes import EVENTS as SCOPES_OF_EVENTS
from bot.slack.scopes import METHODS, needed

HERE = Path(bot.slack.__file__).parent
MANIFEST: dict[str, Any] = yaml.safe_load((HERE.parents[1] / "manifest.yml").read_text(encoding="utf-8"))
FAMILIES = ("apps", "auth", "chat", "conversations", "dnd", "users", "views", "reactions", "files", "pins", "bookmarks")


def called() -> set[str]:
    """Every Web API method that the code names, as `chat.update` or as `chat_update(`."""
    source = "\n".join(file.read_text(encoding="utf-8") for file in HERE.glob("*.py") if file.name != "scopes.py")
    named = re.findall(rf'"((?:{"|".join(FAMILIES)})\.[a-zA-Z.]+)"', source)
    functions = re.findall(rf"\.((?:{'|'.join(FAMILIES)})_[a-zA-Z_]+)\(", source)
    return {*named, *(name.replace("_", ".") for name in functions)}


def test_scopes_are_those_of_the_methods_called_and_the_events_heard() -> None:
    assert called() - {"apps.connections.open"} == set(METHODS)
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed()
    assert "user" not in MANIFEST["oauth_config"]["scopes"]


def test_events_are_those_the_code_listens_to() -> None:
    subscribed = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert sorted(subscribed) == sorted(EVENTS) == sorted(SCOPES_OF_EVENTS)


def test_commands_and_shortcuts_are_those_the_code_answers() -> None:
    assert [command["command"] for command in MANIFEST["features"]["slash_commands"]] == [listeners.COMMAND]
    shortcuts = {(s["type"], s["callback_id"]) for s in MANIFEST["features"]["shortcuts"]}
    assert shortcuts == {("global", listeners.REPORT), ("message", listeners.REPORT_FROM)}
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"]


def test_slack_calls_us_or_we_call_slack_never_both() -> None:
    settings = MANIFEST["settings"]
    urls = [
        settings["event_subscriptions"].get("request_url"),
        settings["interactivity"].get("request_url"),
        *(command.get("url") for command in MANIFEST["features"]["slash_commands"]),
    ]
    assert settings["interactivity"]["is_enabled"]
    assert settings["socket_mode_enabled"] is not any(urls)
    assert len(set(urls)) == 1
    assert str(urls[0]).endswith("/slack/events")


def test_the_app_is_named_as_slack_allows() -> None:
    assert len(MANIFEST["display_information"]["name"]) <= 35
    assert len(MANIFEST["display_information"]["description"]) <= 140
