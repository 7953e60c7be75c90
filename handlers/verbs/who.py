"""Who holds a role now, and whom the next ping would reach; and what is wrong with the people of an authority."""

from __future__ import annotations

from collections.abc import Iterable

from handlers import gaps, roll_call
from handlers.addressing import Book, Target, find
from handlers.desk import Actor, Desk
from handlers.directory import Person
from handlers.errors import Refused
from handlers.outgoing import Answer
from handlers.verbs.show import open_concerned
from policies import words
from policies.pack import Pack
from storage import arrangements

MOST = 40  # roles in one answer


def who(desk: Desk, actor: Actor, typed: str, reference: str | None) -> Answer:
    """One role, or every one that the protocol names; about one child where it is asked in its thread or with its reference."""
    actor.check("who")
    if reference:
        case = open_concerned(desk, reference, actor)
        book, pack = Book(desk, case.row, case.pack), case.pack
        return Answer(tuple(_about_child(desk, book, role) for role in _asked(typed, pack)), case.row.reference, seen="who")
    _, pack = desk.pack_in_force(desk.authority(actor.authority))
    return Answer(tuple(_now(desk, actor.authority, pack, role) for role in _asked(typed, pack)), seen="who")


def problems(desk: Desk, actor: Actor) -> Answer:
    """Gaps, doubles and people out of reach; then who is away."""
    actor.check("people")
    _, pack = desk.pack_in_force(desk.authority(actor.authority))
    found = roll_call.call(desk.office.directory, arrangements.current(desk.session, desk.now), actor.authority, pack, desk.now)
    return Answer((*(found.problems or ("No gap in the fortnight to come, and everybody can be reached.",)), *found.notes), seen="people")


def _asked(typed: str, pack: Pack) -> list[str]:
    role = typed.strip().lower().replace(" ", "_").replace("-", "_")
    if not role:
        return gaps.roles_of(pack)[:MOST]
    labels = {words.label(r).lower().replace(" ", "_"): r for r in words.roles()}
    known = role if role in words.roles() else labels.get(role)
    if known is None:
        raise Refused(f"'{typed.strip()[:40]}' is not a role here{words.nearest(role, words.roles()) or '.'} 'who' alone shows them all.")
    return [known]


def _about_child(desk: Desk, book: Book, role: str) -> str:
    target = book.target(role)
    return f"{_capital(role)}: {_reached(desk, target)}"


def _reached(desk: Desk, target: Target) -> str:
    passed = f"nobody holds {' or '.join(map(words.label, target.empty))}, so it " if target.empty else ""
    if not target.people:
        return f"{passed or 'it '}goes to the management room."
    as_role = f" ({words.label(target.role)})" if len(target.roles) > 1 else ""
    where = f"in the {target.room} room" if target.place == "thread" else "by direct message"
    rest = target.people[1:4]
    more = f", then {', '.join(p.name for p in rest)}" if rest else ""
    first = f"{target.people[0].name}{as_role}{_for_whom(desk, target.people[0])}"
    return f"{passed or 'the next ping '}reaches {first} {where}{more}."


def _now(desk: Desk, authority: str, pack: Pack, role: str) -> str:
    """Without a child: what holds for one to whom nobody is allocated."""
    target = find(desk, authority, pack, role, lambda held: desk.directory.holders(held, authority, desk.now))
    return f"{_capital(role)}: {_reached(desk, target)}"


def _for_whom(desk: Desk, person: Person) -> str:
    """For whom somebody stands in."""
    absent: Iterable[str] = (a for a, instead in desk.directory.away.items() if instead == person.id)
    named = [p.name for p in map(desk.directory.person, absent) if p]
    return f", standing in for {' and '.join(named)}," if named else ""


def _capital(role: str) -> str:
    label = words.label(role)
    return label[0].upper() + label[1:]
