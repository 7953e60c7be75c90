"""The start-up check: which key is refused, and which room we have not been added to, in a sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from bot.teams.connector import Connector
from bot.teams.references import References
from handlers.directory import Authority, Directory, Room
from handlers.errors import HandlerError, NoKey


def problems(connector: Connector, references: References, directory: Directory) -> Iterator[str]:
    """Ask for a token, and look at every room."""
    try:
        connector.wait(connector.token())
    except NoKey as refused:
        yield f"Microsoft does not take CLIENT_ID with CLIENT_SECRET in TENANT_ID ({refused.why}). Has the secret run out?"
    except HandlerError:
        yield "Microsoft could not be asked for a token: is there a way out, a proxy?"
    for authority in directory.authorities:
        for room in authority.rooms:
            if room.platform == "teams":
                yield from _room(authority, room, references)


def _room(authority: Authority, room: Room, references: References) -> Iterator[str]:
    if references.of(room.team or "", room.channel) is None:
        name = f"The {room.purpose} room {room.channel} of {authority.name}"
        yield f"{name} has not been heard from. Add the app to its team, then type @Homeward help in that channel once."
