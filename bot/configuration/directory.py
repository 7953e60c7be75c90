"""The configuration as handlers know it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.configuration.calendars import spans
from bot.configuration.fields import is_file
from bot.configuration.parts import AuthorityPart, Configuration
from bot.configuration.people import AccountPart, MailAccount, PersonPart, RoomPart, SlackRoom, TeamsAccount
from bot.configuration.rota import CalendarPart, TurnPart
from handlers.directory import Account, Authority, Directory, Holding, Person, Room
from handlers.rota import Shift, Turn


def directory(of: Configuration, folder: Path = Path(), now: datetime | None = None) -> Directory:
    """Authorities, people and rota; a Teams tenant stands where Slack has its team. Raises Unusable for a calendar in `folder`.

    Of a calendar the year that follows `now` is read.
    """
    return Directory(
        tuple(map(_authority, of.authorities)),
        tuple(map(_person, of.people)),
        tuple(turn for line in of.rota for turn in _turns(line, of, folder, now or datetime.now(UTC))),
    )


def _authority(a: AuthorityPart) -> Authority:
    rooms = tuple(map(_room, a.rooms))
    return Authority(
        a.id, a.name, a.pack, rooms, a.closed_days, shift_hours=a.shift_hours, approvers=a.approvers, keep_months=a.keep_months
    )


def _person(p: PersonPart) -> Person:
    roles = tuple(Holding(r.role, r.authority, r.team, r.since, r.until) for r in p.roles)
    return Person(p.id, p.name, p.agency, roles, tuple(map(_account, p.accounts)))


def packs(of: Configuration, folder: Path) -> dict[str, str]:
    """The texts of protocols that are files beside homeward.yml, as `Office.extra` takes them."""
    return {a.pack: (folder / a.pack).read_text(encoding="utf-8") for a in of.authorities if is_file(a.pack)}


def _turns(line: TurnPart | CalendarPart, of: Configuration, folder: Path, now: datetime) -> Sequence[Turn]:
    if isinstance(line, CalendarPart):
        return spans(line, of, folder, now)
    return [Shift(line.role, line.authority, line.person, line.days, line.starts, line.ends, line.team)]


def _room(of: RoomPart) -> Room:
    team = of.team if isinstance(of, SlackRoom) else of.tenant
    return Room(of.platform, of.channel, of.purpose, of.identify, team)


def _account(of: AccountPart) -> Account:
    if isinstance(of, MailAccount):
        return Account(of.platform, of.address)
    return Account(of.platform, of.user, of.tenant if isinstance(of, TeamsAccount) else of.team)
