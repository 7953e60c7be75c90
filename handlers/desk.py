"""A desk: one transaction and one moment, with everything a handler may use."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache

from handlers import access, standing
from handlers.directory import Authority, Directory, Person
from handlers.errors import Refused
from policies.load import digest, edition, load
from policies.pack import Pack
from policies.worktime import LONDON
from storage import arrangements, packs
from storage.db import Session
from storage.sealing import Vault


@lru_cache(maxsize=64)
def read_once(text: str, name: str) -> Pack:
    """A pack from its text, which is read once in a process."""
    return load(text, name, kept=True)


@dataclass
class Office:
    """What stays the same from one desk to the next: who there is, which packs, the keys. `extra` packs: files given by hand.

    `directory` is put in another's place whole when homeward.yml changes; a desk goes on with the one it began with.
    """

    directory: Directory
    vault: Vault
    training: bool = False
    calendar: bool = False  # whether meetings stand in a calendar beside us
    extra: dict[str, str] = field(default_factory=dict)
    read: Callable[[str, str], Pack] = read_once
    shelf: dict[str, Pack] = field(default_factory=dict)

    def pack_text(self, name: str, on: date) -> tuple[str, str]:
        """(edition, text) of the pack an authority uses on a day."""
        return (name, self.extra[name]) if name in self.extra else edition(name, on)


@dataclass(frozen=True)
class Desk:
    """One transaction at one moment. `later`: where the transaction only reads, what is to be written after it, at another desk."""

    session: Session
    now: datetime
    office: Office
    later: list[Callable[[Desk], object]] | None = None

    def keep(self, write: Callable[[Desk], object]) -> None:
        """Write it now, or afterwards where nothing can be written."""
        if self.later is None:
            write(self)
        else:
            self.later.append(write)

    @property
    def vault(self) -> Vault:
        """The keys."""
        return self.office.vault

    @cached_property
    def today(self) -> date:
        """The day in London."""
        return self.now.astimezone(LONDON).date()

    @cached_property
    def directory(self) -> Directory:
        """Who there is now, with absences, swaps and suspensions, which are read when somebody is first asked for."""
        return standing.as_of(self.office.directory, arrangements.current(self.session, self.now), self.now)

    def holders(self, role: str, authority: str, team: str | None = None) -> tuple[Person, ...]:
        """Who holds a role now, looked up once: many episodes ask for the same few."""
        asked = (role, authority, team)
        if asked not in self._holders:
            self._holders[asked] = self.directory.holders(role, authority, self.now, team)
        return self._holders[asked]

    @cached_property
    def _holders(self) -> dict[tuple[str, str, str | None], tuple[Person, ...]]:
        return {}

    def people_changed(self) -> None:
        """An absence, a swap or a suspension was written in this transaction."""
        self.__dict__.pop("directory", None)
        self.__dict__.pop("_holders", None)

    def authority(self, authority_id: str) -> Authority:
        """An authority of the directory."""
        return self.office.directory.authority(authority_id)

    def pack_in_force(self, authority: Authority) -> tuple[str, Pack]:
        """(hash, pack) that governs an episode notified now; its text is kept in the database."""
        name, text = self.office.pack_text(authority.pack, self.today)
        pack, known = self.office.read(text, name), digest(text)
        packs.keep(self.session, hash=known, area=pack.area, effective=pack.effective, format=pack.format, text=text, now=self.now)
        return known, pack

    def pack(self, known: str) -> Pack:
        """The pack kept under a hash."""
        if known not in self.office.shelf:
            self.office.shelf[known] = self.office.read(packs.text_of(self.session, known), known[:12])
        return self.office.shelf[known]


Desks = Callable[[], AbstractContextManager[Desk]]


@dataclass(frozen=True)
class Actor:
    """Who acts, for which authority, with which roles; `on_behalf` names somebody outside the workspace."""

    person: Person
    authority: str
    roles: frozenset[str]
    on_behalf: str | None = None

    @property
    def id(self) -> str:
        """The person's id."""
        return self.person.id

    def check(self, verb: str) -> None:
        """Raise Refused unless one of the roles may use the verb."""
        if not access.may(verb, self.roles):
            raise Refused(access.refusal(verb))


def actor(desk: Desk, person_id: str, authority: str | None = None, on_behalf: str | None = None) -> Actor:
    """The person as an actor for `authority`, or for their only one. Raises Refused when they have no role there."""
    person = desk.directory.person(person_id)
    if person is None:
        raise Refused("You are not known here yet. Ask the administrator to add you to homeward.yml.")
    mine = desk.directory.authorities_of(person, desk.today)
    if {(person_id, None), (person_id, authority)} & desk.directory.suspended or (not mine and _is_suspended(desk, person_id)):
        raise Refused("Your access is suspended, so nothing was done. Ask the coordinator or the administrator. If it is urgent, phone.")
    if not mine:
        raise Refused("You hold no role here today. Ask the coordinator, or the administrator for a role.")
    chosen = authority or (mine[0] if len(mine) == 1 else None)
    if chosen is None:
        raise Refused("You work for more than one authority: say which one this is about.", field="authority")
    if chosen not in mine:
        raise Refused("You hold no role for this authority. Ask its coordinator, or the administrator for a role.")
    return Actor(person, chosen, person.held(chosen, desk.today), on_behalf)


def _is_suspended(desk: Desk, person_id: str) -> bool:
    return any(person == person_id for person, _ in desk.directory.suspended)
