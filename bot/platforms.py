"""The platforms an installation has, built by hand: chat, where it is configured, and e-mail beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol

from bot.configuration import Configuration
from bot.errors import Unusable
from bot.inbound import Inbound
from bot.settings import Settings
from handlers.alarms import raise_alarm
from handlers.delivery.pace import Pace
from handlers.delivery.ways import MAIL
from handlers.desk import Desks
from handlers.ports import Parcel, Platform

if TYPE_CHECKING:
    from fastapi import APIRouter, FastAPI

    from bot.mail.platform import Mail

MISSING = "{what} is configured, but {name} is not installed: install homeward[{extra}], or run `make install`."


class Chat(Protocol):
    """A chat platform that serves: its port, its pace, its door, its life around the server's, and its end after the last post."""

    @property
    def platform(self) -> Platform: ...

    @property
    def pace(self) -> Pace: ...

    @property
    def router(self) -> APIRouter | None: ...

    def life(self) -> AbstractAsyncContextManager[None]: ...

    def close(self) -> None: ...


def chats(settings: Settings, configured: Configuration, inbound: Inbound, at: Desks, host: str) -> dict[str, Chat]:
    """Every chat platform that is configured, by name. Raises Unusable."""
    return {**dict(_slack(settings, configured, inbound, at)), **dict(_teams(settings, configured, inbound, host))}


def mount(app: FastAPI, chat: Mapping[str, Chat]) -> None:
    """Open the doors of those that are called by their platform."""
    for found in chat.values():
        if found.router:
            app.include_router(found.router)


class Ends(Protocol):
    """What holds a line open until the last post has gone."""

    def close(self) -> None: ...


def hang_up(parts: Sequence[Ends]) -> None:
    """End every line, once nothing is sent any more."""
    for part in parts:
        part.close()


def mail_part(settings: Settings) -> dict[str, Mail]:
    """E-mail, where a server for it is named. Raises Unusable."""
    if settings.homeward_smtp is None:
        return {}
    from bot.mail.platform import Mail, Server

    return {MAIL: Mail(Server.at(settings.homeward_smtp.get_secret_value(), settings.homeward_mail_from))}


def _slack(settings: Settings, configured: Configuration, inbound: Inbound, at: Desks) -> Iterator[tuple[str, Chat]]:
    if not configured.slack and settings.slack_bot_token is None:
        return
    try:
        from bot.slack.access import access
        from bot.slack.serving import connect
    except ModuleNotFoundError as error:
        raise Unusable(MISSING.format(what="Slack", name=error.name, extra="slack")) from None
    found = access(settings, configured)
    if found:
        yield "slack", connect(found, inbound, lambda parcel, name: _ring(at, parcel, name))


def _teams(settings: Settings, configured: Configuration, inbound: Inbound, host: str) -> Iterator[tuple[str, Chat]]:
    if not (settings.client_id or settings.homeward_teams_local) or not configured.tenants():
        return
    try:
        from bot.teams.access import access
        from bot.teams.serving import connect
    except ModuleNotFoundError as error:
        raise Unusable(MISSING.format(what="Teams", name=error.name, extra="teams")) from None
    yield "teams", connect(access(settings, host), inbound)


def _ring(at: Desks, parcel: Parcel, name: str) -> None:
    """Somebody whose notifications are off was sent something urgent: the management room is asked to ring them."""
    sentence = f"{parcel.body.reference}: {name} has notifications off. The message is there; please ring them."
    with at() as desk:
        raise_alarm(desk, parcel.post.authority, f"silent:{parcel.post.id}", sentence, reference=parcel.body.reference)
