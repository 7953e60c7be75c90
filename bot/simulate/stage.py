"""Where a scenario is played: a database in memory, one placeholder person a role, a platform that records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from bot.simulate.scenario import Scenario
from handlers.desk import Desk, Desks, Office
from handlers.directory import Account, Authority, Directory, Holding, Person, Room
from handlers.outgoing import Sent
from handlers.ports import Parcel
from policies import words
from policies.pack import Pack
from storage.creating import create_all
from storage.db import transaction
from storage.engines import open_database
from storage.sealing import Vault

Read = Callable[[str, str], Pack]
AUTHORITY = "scenario"
PLATFORM = "recorded"


@dataclass
class Recorder:
    """A platform that takes everything at once and remembers it in order."""

    now: datetime
    sent: list[tuple[datetime, Parcel]] = field(default_factory=list)
    edits: int = 0

    def send(self, parcel: Parcel) -> Sent:
        """Take it."""
        self.sent.append((self.now, parcel))
        return Sent(parcel.post.id, self.now)

    def update(self, parcel: Parcel) -> Sent:
        """Count the edit."""
        self.edits += 1
        return Sent(parcel.post.reference or parcel.post.id, self.now)

    def look_up(self, parcel: Parcel) -> Sent | None:
        """Nothing is ever uncertain here."""
        return None


class Stage:
    """The office of one scenario and its clock."""

    def __init__(self, scenario: Scenario, read: Read, packs: Mapping[str, str], start: datetime) -> None:
        self.engine: Engine = open_database("sqlite://")
        create_all(self.engine)
        directory = _directory(scenario.pack, scenario.empty_roles, scenario.holders)
        self.office = Office(directory, Vault([b"\0" * 32]), extra=dict(packs), read=read)
        self.recorder = Recorder(start)
        self.platforms = {PLATFORM: self.recorder}

    def desks_at(self, now: datetime) -> Desks:
        """Desks at a moment; the recorder's clock goes with them."""
        self.recorder.now = now

        @contextmanager
        def opened() -> Iterator[Desk]:
            with transaction(self.engine) as session:
                yield Desk(session, now, self.office)

        def desk() -> AbstractContextManager[Desk]:
            return opened()

        return desk


def _directory(pack: str, empty: tuple[str, ...], holders: Mapping[str, int]) -> Directory:
    rooms = tuple(Room(PLATFORM, purpose, purpose) for purpose in ("coordination", "partners", "management"))
    people = []
    for role in sorted(words.roles()):
        for n in range(0 if role in empty else holders.get(role, 1)):
            who = role if n == 0 else f"{role}.{n + 1}"
            held = (Holding(role, AUTHORITY),)
            people.append(Person(who, words.label(who), words.agency_of(role), held, (Account(PLATFORM, who),)))
    # somebody may still act in an empty role's name in a timeline; nobody is on call in it
    people += [Person(role, words.label(role), words.agency_of(role)) for role in empty]
    return Directory((Authority(AUTHORITY, AUTHORITY, pack, rooms),), tuple(people))
