"""The sheet of open children: what a duty manager takes to the telephone when chat is down. References; names only when asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers import compose, record
from handlers.addressing import Book
from handlers.away import since
from handlers.case import Case, worked_out
from handlers.desk import Actor, Desk
from handlers.directory import Person
from handlers.summary import police
from policies import words
from policies.obligations import Obligation
from policies.worktime import lasting, said
from storage import children, episodes, outbox
from storage.episodes import EpisodeRow

AHEAD = timedelta(hours=24)  # what falls due in this time is on the sheet


@dataclass(frozen=True)
class Child:
    """One episode. `who` is empty unless names were asked for; `late` and `soon` say who owes it, by name."""

    reference: str
    who: str
    headline: str
    police: str
    late: tuple[str, ...]
    soon: tuple[str, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """`missing` first; of children who are back only those for whom something is late. `restricted` are counted, never listed."""

    authority: str
    at: datetime
    missing: tuple[Child, ...]
    back: tuple[Child, ...]
    restricted: int
    broken: tuple[str, ...]

    @property
    def summary(self) -> str:
        """The counts in a sentence."""
        counted = f"{_count(len(self.missing), 'child')} not back, {_count(len(self.back), 'child')} back with something late"
        return counted + (f", {self.restricted} restricted and not listed here" if self.restricted else "") + "."


def _count(count: int, what: str) -> str:
    return f"{count} {what if count == 1 else 'children'}"


def sheet(desk: Desk, authority: str, *, names: bool = False) -> Sheet:
    """The sheet of one authority, the longest missing first."""
    rows = episodes.open_of(desk.session, authority)
    known = children.identities(desk.session, desk.vault, [row.child_id for row in rows]) if names else {}
    missing, back, broken = [], [], []
    for row in (row for row in rows if not row.restricted):
        found = worked_out(desk, row)
        if found is None:
            broken.append(row.reference)
            continue
        child = _child(desk, row, *found, known.get(row.child_id, {}))
        if row.status in {"open", "located"}:
            missing.append((row.began, child))
        elif child.late:
            back.append((row.began, child))
    return Sheet(
        desk.authority(authority).name, desk.now, _oldest(missing), _oldest(back), sum(row.restricted for row in rows), tuple(broken)
    )


def note_shown(desk: Desk, authority: str, by: str, *, names: bool) -> None:
    """Write down that the sheet was printed, and by whom: a person of homeward.yml, or whoever was at the machine."""
    person = desk.office.directory.person(by) or Person(by, by, "")
    who = Actor(person, authority, person.held(authority, desk.today))
    record.write(desk, who, "shown", {"what": "sheet with names" if names else "sheet", "reference": None}, child=None, episode=None)


def _oldest(found: Iterable[tuple[datetime, Child]]) -> tuple[Child, ...]:
    return tuple(child for _, child in sorted(found, key=lambda pair: (pair[0], pair[1].reference)))


def _child(desk: Desk, row: EpisodeRow, case: Case, arisen: list[Obligation], known: dict[str, str]) -> Child:
    still = sorted((o for o in arisen if o.status == "open" and o.due), key=lambda o: o.due or desk.now)
    book = Book(desk, row, case.pack)
    taken = {(ack.rule, ack.nth): ack.actor for ack in case.episode.acks}
    lines = {o.key: _line(desk, book, o, taken.get(o.key)) for o in still}
    return Child(
        row.reference,
        _who(known),
        _headline(desk, row, case),
        police(tuple(arisen), case.episode).split(". ")[0].rstrip(".") + ".",
        tuple(lines[o.key] for o in still if o.late_at(desk.now)),
        tuple(lines[o.key] for o in still if not o.late_at(desk.now) and o.due and o.due <= desk.now + AHEAD),
        _not_reached(desk, row),
    )


def _headline(desk: Desk, row: EpisodeRow, case: Case) -> str:
    risk = f"risk {words.label(row.risk_level)}" if row.risk_level else "risk not recorded"
    where = {"located": "located, not back yet", "returned": "back"}.get(row.status, "not found yet")
    found = f" {said(case.episode.found_at)}" if case.episode.found_at else ""
    return f"{words.label(row.category)} {since(row)} ({lasting(desk.now - row.began)}); {where}{found}; {risk}"


def _line(desk: Desk, book: Book, o: Obligation, taken_by: str | None) -> str:
    people = book.target(o.owner).people
    name = f" Ring {people[0].name}." if people else " Nobody holds the role."
    has = desk.office.directory.person(taken_by) if taken_by else None
    hand = f" {has.name if has else taken_by} has it in hand." if taken_by else name
    return f"{o.duty.says} ({', '.join(o.duty.clauses[:2]) or 'house rule'}): {compose.standing(o, desk.now)}.{hand}"


def _who(known: dict[str, str]) -> str:
    name = " ".join(part for part in (known.get("forename") or known.get("initials"), known.get("surname")) if part)
    born = f"born {known['date_of_birth']}" if known.get("date_of_birth") else ""
    case = f"case {known['case_reference']}" if known.get("case_reference") else ""
    return ", ".join(part for part in (name, born, case) if part)


def _not_reached(desk: Desk, row: EpisodeRow) -> tuple[str, ...]:
    """Whom posts are for that should be out by now and are not, or never will be."""
    late = [p for p in outbox.of_episode(desk.session, row.id) if p.reference is None and p.send_after <= desk.now and p.kind != "card"]
    people = (name for p in late if p.state in WAITING for name in ([p.person] if p.person else p.body.get("mentions") or ()))
    known = (desk.office.directory.person(person) for person in people)
    return tuple(dict.fromkeys(person.name for person in known if person))


WAITING = frozenset({"queued", "sending", "uncertain", "undeliverable"})
