"""What is said at the start when something is missing."""

from pathlib import Path

import pytest

from bot.configuration import directory, understand
from bot.errors import Unusable
from bot.settings import Settings
from bot.slack.access import access
from bot.slack.scopes import LOST_WITHOUT, needed
from bot.slack.serving import Access, look_for_problems
from bot.slack.workspaces import Line
from tests.bot.slack.scene import HOMEWARD_YML
from tests.bot.slack.wire import Wire

CONFIGURED = understand(HOMEWARD_YML, "homeward.yml")


def problems(slack: Wire, team: str = "T1", app_token: str | None = None) -> str:
    return " ".join(look_for_problems(Access(Line(slack.url), [(team, "xoxb-invented")], None, app_token), directory(CONFIGURED)))


def test_where_nothing_is_missing_nothing_is_said(slack: Wire) -> None:
    slack.headers["X-OAuth-Scopes"] = ",".join(sorted(needed()))
    assert problems(slack, app_token="xapp-invented") == ""


def test_every_scope_that_is_missing_is_named_with_what_is_lost(slack: Wire) -> None:
    slack.headers["X-OAuth-Scopes"] = ",".join(sorted(needed() - {"im:write", "dnd:read"}))
    said = problems(slack)
    assert "has not granted the scope im:write: people who are not in a room cannot be reached" in said
    assert "dnd:read" in said
    assert "chat:write" not in said
    assert set(LOST_WITHOUT) == needed()


def test_a_token_that_slack_does_not_take_is_named(slack: Wire) -> None:
    slack.refuse["auth.test"] = "invalid_auth"
    assert problems(slack) == "Slack does not take the token of workspace T1 (invalid_auth)."


def test_a_slack_that_cannot_be_reached_is_no_fault_of_the_token() -> None:
    access = Access(Line("http://127.0.0.1:9"), [("T1", "xoxb-invented")], None, "xapp-invented")
    said = look_for_problems(access, directory(CONFIGURED))
    assert said[0].startswith("Slack could not be asked about workspace T1")
    assert said[1].startswith("Slack could not be asked for a socket")


def test_a_token_of_another_workspace_is_named(slack: Wire) -> None:
    slack.answers["auth.test"] = {"team_id": "T2", "user_id": "U", "bot_id": "B"}
    assert "The token given for workspace T1 belongs to T2." in problems(slack)


def test_a_room_that_is_archived_gone_or_without_us_is_named(slack: Wire) -> None:
    slack.answers["conversations.info"] = {"channel": {"is_archived": True}}
    assert "The coordination room C1 of Westbrook is archived." in problems(slack)
    slack.answers["conversations.info"] = {"channel": {"is_member": False}}
    assert "/invite @Homeward" in problems(slack)
    slack.refuse["conversations.info"] = "channel_not_found"
    assert "cannot be seen (channel_not_found)" in problems(slack)


def test_a_room_of_a_workspace_without_a_token_is_named(slack: Wire) -> None:
    assert "for which homeward.yml names no token" in problems(slack, team="T2")


def test_an_app_token_that_slack_does_not_take_is_named(slack: Wire) -> None:
    slack.refuse["apps.connections.open"] = "missing_scope"
    assert "SLACK_APP_TOKEN lacks the scope connections:write." in problems(slack, app_token="xapp-invented")
    slack.refuse["apps.connections.open"] = "invalid_auth"
    assert "Slack does not take SLACK_APP_TOKEN (invalid_auth)." in problems(slack, app_token="xapp-invented")


def test_what_is_half_configured_stops_the_start_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    with pytest.raises(Unusable, match="SLACK_BOT_TOKEN holds the token of workspace T1, but it is not set"):
        access(Settings(_env_file=None), CONFIGURED)  # type: ignore[call-arg]
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-invented")
    with pytest.raises(Unusable, match="Slack could not be heard"):
        access(Settings(_env_file=None), CONFIGURED)  # type: ignore[call-arg]
    without = understand(HOMEWARD_YML.replace("slack: [{team", "#"), "homeward.yml")
    with pytest.raises(Unusable, match="no 'slack:' line"):
        access(Settings(_env_file=None), without)  # type: ignore[call-arg]
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "invented")
    found = access(Settings(_env_file=None), CONFIGURED)  # type: ignore[call-arg]
    assert found
    assert found.tokens == [("T1", "xoxb-invented")]


def test_only_slack_is_answered_at_a_response_address() -> None:
    assert Line().may_answer("https://hooks.slack.com/commands/T/1/x")
    assert not Line().may_answer("http://hooks.slack.com/commands")
    assert not Line().may_answer("https://hooks.slack.com.example.org/")
    assert not Line().may_answer("https://example.org/slack.com")
    assert Line("http://127.0.0.1:4003").may_answer("http://127.0.0.1:9/answer")


async def test_both_clients_and_the_socket_go_through_a_proxy_where_one_is_set(slack: Wire) -> None:
    line = Line("http://slack.example.org", slack.url)
    line.client("xoxb-invented").auth_test()
    await line.async_client("xoxb-invented").auth_test()
    assert len(slack.of("auth.test")) == 2
    assert line.url == "http://slack.example.org/api/"


def test_certificates_of_our_own_are_read(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Line(ca_file=str(tmp_path / "council.pem")).client("xoxb-invented")
    assert Line().tls() is None
