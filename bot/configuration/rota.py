"""Turns of the rota in homeward.yml, written out or kept in a calendar file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator, Field, Tag

from bot.configuration.fields import Clock, Day, Id, Part, RoleId, Word


class TurnPart(Part):
    """Who holds a role on which days between which times; over midnight when `to` is the earlier."""

    role: RoleId
    authority: Id
    team: Word | None = None
    person: Id
    days: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    starts: Clock = Field(alias="from")
    ends: Clock = Field(alias="to")


class CalendarPart(Part):
    """The turns of a role kept in a calendar file, whose path begins at the folder of homeward.yml."""

    role: RoleId
    authority: Id
    team: Word | None = None
    file: Annotated[str, Field(pattern=r"\.ics$")]


def _kind(raw: object) -> str:
    return "calendar" if isinstance(raw, CalendarPart) or (isinstance(raw, dict) and "file" in raw) else "turn"


RotaPart = Annotated[Annotated[TurnPart, Tag("turn")] | Annotated[CalendarPart, Tag("calendar")], Discriminator(_kind)]
