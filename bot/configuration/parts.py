"""What homeward.yml may say; nothing else is accepted."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, ValidationInfo

from handlers.access import ACCESS_ROLES
from policies import words
from policies.load import edition, load
from policies.words import PackError


def clock(written: object) -> time:
    """YAML reads 17:00 without quotes as the number 1020, so a time is taken only as text."""
    if not isinstance(written, str):
        raise ValueError('write a time in quotes, like "17:00"')  # noqa: TRY004 - pydantic gathers ValueErrors
    try:
        return time.fromisoformat(written)
    except ValueError:
        raise ValueError(f"'{written}' is not a time; write it like \"17:00\"") from None


def is_file(pack: str) -> bool:
    """Whether a pack is named by its path, which begins at the folder of homeward.yml."""
    return pack.endswith((".yaml", ".yml"))


def known_pack(name: str, info: ValidationInfo) -> str:
    try:
        if not is_file(name):
            edition(name)
        elif info.context is not None:
            load((info.context["folder"] / name).read_text(encoding="utf-8"), name)
    except PackError as error:
        raise ValueError(str(error)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"the protocol {name} cannot be read ({getattr(error, 'strerror', None) or 'not text'})") from None
    return name


def one_of(what: str, known: Callable[[], Container[str]]) -> AfterValidator:
    """Accept a word of a closed list, and name the nearest one otherwise; the list is read when it is first needed."""

    def check(word: str) -> str:
        if word not in known():
            raise ValueError(f"'{word}' is not {what}{words.nearest(word, known())}")
        return word

    return AfterValidator(check)


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Word = Annotated[str, Field(min_length=1)]
Clock = Annotated[time, BeforeValidator(clock)]
RoleId = Annotated[str, one_of("a role", lambda: words.roles() | set(ACCESS_ROLES))]
Agency = Annotated[str, one_of("an agency", lambda: words.vocabulary()["agencies"])]
PackName = Annotated[str, AfterValidator(known_pack)]
Purpose = Literal["coordination", "partners", "management"]
Identify = Literal["reference", "reference_initials"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Part(BaseModel):
    """Every part of the file: nothing unknown, nothing changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


class WorkspacePart(Part):
    """A Slack workspace and the variable that holds its token."""

    team: Word
    token_env: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]


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
