"""What homeward.yml may say; nothing else is accepted."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from bot.configuration.fields import Id, PackName, Part, Word
from bot.configuration.people import PersonPart, RoomPart
from bot.configuration.rota import RotaPart


class AuthorityPart(Part):
    """A council. Days in `closed_days` are not worked, as bank holidays are not; `shift_hours` is how long a shift is without a rota.

    `keep_months` count from the closing of an episode; `approvers` decide about restricted ones.
    """

    id: Id
    name: Word
    pack: PackName
    rooms: tuple[Annotated[RoomPart, Field(discriminator="platform")], ...] = ()
    closed_days: frozenset[date] = frozenset()
    shift_hours: Annotated[int, Field(ge=1, le=24)] = 12
    approvers: tuple[Id, ...] = ()
    keep_months: Annotated[int, Field(ge=1, le=1200)] = 25


class WorkspacePart(Part):
    """A Slack workspace and the variable that holds its token."""

    team: Word
    token_env: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]


class TrackerPart(Part):
    """A SharePoint list, by the ids that Graph gives its site and itself."""

    site: Word
    list: Word


class GraphPart(Part):
    """What Microsoft Graph is used for; whatever is left out is not.

    `mailbox`: from which letters to people outside chat go; `calendar`: the mailbox in whose calendar meetings stand.
    """

    mailbox: Word | None = None
    calendar: Word | None = None
    tracker: TrackerPart | None = None


class Configuration(Part):
    """The whole file."""

    authorities: tuple[AuthorityPart, ...] = Field(min_length=1)
    people: tuple[PersonPart, ...] = ()
    slack: tuple[WorkspacePart, ...] = ()
    rota: tuple[RotaPart, ...] = ()
    graph: GraphPart | None = None

    def tenants(self) -> frozenset[str]:
        """Every tenant of Teams that a room or a person is in."""
        rooms = {room.tenant for authority in self.authorities for room in authority.rooms if room.platform == "teams"}
        return frozenset(rooms | {a.tenant for person in self.people for a in person.accounts if a.platform == "teams"})
