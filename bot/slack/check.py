"""The start-up check: which token, scope or channel is missing, in a sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from slack_sdk.errors import SlackApiError

from bot.slack import errors, scopes
from bot.slack.workspaces import Line, Workspace, Workspaces
from handlers.directory import Authority, Directory, Room

FAILURES = (SlackApiError, OSError, ValueError)


def problems(workspaces: Workspaces, directory: Directory) -> Iterator[str]:
    """Ask every workspace who we are and every room whether we are in it."""
    answering = set()
    for workspace in workspaces.every.values():
        found = list(_identity(workspace))
        yield from found
        if workspace.user:
            answering.add(workspace.team)
    for authority in directory.authorities:
        for room in authority.rooms:
            if room.platform == "slack":
                yield from _room(authority, room, workspaces, answering)


def socket_problem(line: Line, app_token: str) -> str | None:
    """Whether Slack would open a socket for us; the connection itself is made later."""
    try:
        line.client(app_token).apps_connections_open(app_token=app_token)
    except FAILURES as error:
        why = errors.code(error)
        if why == "missing_scope":
            return "SLACK_APP_TOKEN lacks the scope connections:write."
        return (
            f"Slack does not take SLACK_APP_TOKEN ({why})." if why else f"Slack could not be asked for a socket ({type(error).__name__})."
        )
    return None


def _identity(workspace: Workspace) -> Iterator[str]:
    try:
        answer = workspace.client.auth_test()
    except FAILURES as error:
        said = errors.code(error)
        if said:
            yield f"Slack does not take the token of workspace {workspace.team} ({said})."
        else:
            yield f"Slack could not be asked about workspace {workspace.team} ({type(error).__name__}): is there a way out, a proxy?"
        return
    workspace.user, workspace.bot = answer.get("user_id"), answer.get("bot_id")
    if answer.get("team_id") != workspace.team:
        yield f"The token given for workspace {workspace.team} belongs to {answer.get('team_id')}."
    granted = next((value for name, value in answer.headers.items() if name.lower() == "x-oauth-scopes"), None)
    if granted is None:
        return
    text = granted[0] if isinstance(granted, list) else granted
    workspace.scopes = frozenset(part.strip() for part in str(text).split(","))
    for scope in sorted(scopes.needed() - workspace.scopes):
        yield f"Workspace {workspace.team} has not granted the scope {scope}: {scopes.LOST_WITHOUT[scope]}. Install the app again."


def _room(authority: Authority, room: Room, workspaces: Workspaces, answering: set[str]) -> Iterator[str]:
    name = f"The {room.purpose} room {room.channel} of {authority.name}"
    workspace = workspaces.of(room.team)
    if workspace is None:
        yield f"{name} is in workspace {room.team}, for which homeward.yml names no token under 'slack'."
        return
    if workspace.team not in answering:
        return
    try:
        answer = workspace.client.api_call("conversations.info", data={"channel": room.channel})
    except FAILURES as error:
        said = errors.code(error)
        yield f"{name} cannot be seen ({said or type(error).__name__}): invite the app there, or correct its id."
        return
    channel = answer.get("channel") or {}
    if channel.get("is_archived"):
        yield f"{name} is archived."
    elif not channel.get("is_member", True):
        yield f"{name} does not have the app in it: type /invite @Homeward there."
