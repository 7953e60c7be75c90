"""Who speaks from where: an account, the workspace that can answer it, and the authority whose room it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.workspaces import Workspace, Workspaces
from handlers.directory import Directory


@dataclass(frozen=True)
class Caller:
    """`team` is the person's own, `workspace` ours: in a shared channel they differ. None: this is nowhere we serve."""

    team: str
    user: str
    workspace: Workspace | None
    channel: str | None = None
    thread: str | None = None
    authority: str | None = None
    response_url: str | None = None
    trigger: str | None = None
    from_view: bool = False


def caller(body: Mapping[str, Any], workspaces: Workspaces, directory: Directory) -> Caller:
    """From the payload of a command, a button, a shortcut or a form; every part of it is Slack's word, signed."""
    user = body.get("user") or {}
    home = str(user.get("team_id") or _id(body.get("team")) or body.get("team_id") or "")
    channel = _id(body.get("channel")) or body.get("channel_id") or (body.get("container") or {}).get("channel_id")
    room = _room(channel, directory)
    view = body.get("view") or {}
    teams = [room[1] if room else None, view.get("app_installed_team_id"), _id(body.get("team")), body.get("team_id"), home]
    message = body.get("message") or {}
    return Caller(
        team=home,
        user=str(user.get("id") or body.get("user_id") or ""),
        workspace=workspaces.home_of(teams) or (workspaces.first() if home in _partners(directory) else None),
        channel=channel,
        thread=message.get("thread_ts"),
        authority=room[0] if room else None,
        response_url=body.get("response_url"),
        trigger=body.get("trigger_id"),
        from_view=bool(view) and not body.get("response_url"),
    )


def _room(channel: str | None, directory: Directory) -> tuple[str, str | None] | None:
    """(authority, team) of a room that is ours."""
    rooms = ((a.id, r) for a in directory.authorities for r in a.rooms)
    return next(((a, r.team) for a, r in rooms if r.platform == "slack" and r.channel == channel), None)


def _partners(directory: Directory) -> set[str | None]:
    """Teams of people we know: they speak to us in shared channels and direct messages, without a token of their own."""
    return {a.team for person in directory.people for a in person.accounts if a.platform == "slack"}


def _id(found: Any) -> str | None:
    return str(found["id"]) if isinstance(found, Mapping) and found.get("id") else None
