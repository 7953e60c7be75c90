"""The invented council that a generated year belongs to."""

from __future__ import annotations

from bench.year.people import TEAMS
from handlers.desk import Office
from handlers.directory import Account, Authority, Directory, Holding, Person, Room
from policies import words
from storage.sealing import Vault

AUTHORITY, NAME = "westbrook", "Westbrook"
MANAGERS = ("Ada Finch", "Bel Harker", "Cy Lomas", "Dee Marsh", "Eli Norwood", "Fay Ostler")


def office(pack: str) -> Office:
    """One person a role, a manager for each team, three rooms."""
    rooms = tuple(Room("null", purpose, purpose) for purpose in ("coordination", "partners", "management"))
    people = [
        Person(role, words.label(role), words.agency_of(role), (Holding(role, AUTHORITY),), (Account("null", role),))
        for role in sorted(words.roles() - {"team_manager"})
    ]
    people += [
        Person(team.lower(), name, "childrens_social_care", (Holding("team_manager", AUTHORITY, team),), (Account("null", team.lower()),))
        for team, name in zip(TEAMS, MANAGERS, strict=True)
    ]
    return Office(Directory((Authority(AUTHORITY, NAME, pack, rooms),), tuple(people)), Vault([b"b" * 32]))
