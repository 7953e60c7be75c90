"""The configuration as handlers know it."""

from __future__ import annotations

from bot.configuration.parts import AccountPart, Configuration, MailAccount, RoomPart, SlackRoom, TeamsAccount
from handlers.directory import Account, Authority, Directory, Holding, Person, Room
from handlers.rota import Shift


def directory(of: Configuration) -> Directory:
    """Authorities, people and rota; a Teams tenant stands where Slack has its team."""
    return Directory(
        tuple(Authority(a.id, a.name, a.pack, tuple(map(_room, a.rooms)), a.closed_days) for a in of.authorities),
        tuple(
            Person(
                p.id,
                p.name,
                p.agency,
                tuple(Holding(r.role, r.authority, r.team, r.since, r.until) for r in p.roles),
                tuple(map(_account, p.accounts)),
            )
            for p in of.people
        ),
        tuple(Shift(t.role, t.authority, t.person, t.days, t.starts, t.ends) for t in of.rota),
    )


def _room(of: RoomPart) -> Room:
    team = of.team if isinstance(of, SlackRoom) else of.tenant
    return Room(of.platform, of.channel, of.purpose, of.identify, team)


def _account(of: AccountPart) -> Account:
    if isinstance(of, MailAccount):
        return Account(of.platform, of.address)
    return Account(of.platform, of.user, of.tenant if isinstance(of, TeamsAccount) else of.team)
