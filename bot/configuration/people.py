"""People and rooms of homeward.yml, and where each is on its platform."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from bot.configuration.fields import Agency, Id, Identify, Part, Purpose, RoleId, Word


class SlackRoom(Part):
    platform: Literal["slack"]
    team: Word
    channel: Word
    purpose: Purpose
    identify: Identify = "reference"


class TeamsRoom(Part):
    platform: Literal["teams"]
    tenant: Word
    channel: Word
    purpose: Purpose
    identify: Identify = "reference"


class SlackAccount(Part):
    platform: Literal["slack"]
    team: Word
    user: Word


class TeamsAccount(Part):
    platform: Literal["teams"]
    tenant: Word
    user: Word


class MailAccount(Part):
    platform: Literal["mail"]
    address: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]


RoomPart = SlackRoom | TeamsRoom
AccountPart = SlackAccount | TeamsAccount | MailAccount


class RolePart(Part):
    """A standing role, perhaps of one team, perhaps between two days."""

    role: RoleId
    authority: Id
    team: Word | None = None
    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to")


class PersonPart(Part):
    id: Id
    name: Word
    agency: Agency
    accounts: tuple[Annotated[AccountPart, Field(discriminator="platform")], ...] = ()
    roles: tuple[RolePart, ...] = ()
