"""Where things stand with every child: who is late on what, under which clause, and what falls due next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from handlers.addressing import Book
from handlers.case import Case, worked_out
from handlers.desk import Actor, Desk
from handlers.verbs.show import may_see, staff
from policies import words
from policies.obligations import Obligation
from policies.worktime import lasting, said
from storage import episodes, obligations
from storage.episodes import EpisodeRow

OWN = ("acknowledge", "complete")


@dataclass(frozen=True)
class Owed:
    """One open obligation of one child. `who` holds the role now; `obligation` and `version` are what a press names."""

    reference: str
    says: str
    action: str
    role: str
    who: str
    due: datetime | None
    late: bool
    how: str
    clauses: tuple[str, ...]
    house: bool
    obligation: str
    version: int
    buttons: tuple[str, ...] = OWN


@dataclass(frozen=True)
class Child:
    """One open episode in a line."""

    reference: str
    says: str
    status: str
    missing: str
    late: int
    open: int


@dataclass(frozen=True)
class Standing:
    """`late` the longest late first, `next` by due time, `undated` without one; `children` the latest first."""

    late: tuple[Owed, ...]
    next: tuple[Owed, ...]
    undated: tuple[Owed, ...]
    children: tuple[Child, ...]


def standing(desk: Desk, actor: Actor) -> Standing:
    """Everything open that the actor may know of. Restricted episodes are left out."""
    actor.check("list")
    owed: list[Owed] = []
    children: list[Child] = []
    for row in episodes.open_of(desk.session, actor.authority):
        found = None if row.restricted else worked_out(desk, row)
        if found is None:
            continue
        case, arisen = found
        seen = [o for o in arisen if o.status == "open" and may_see(o, actor)]
        if seen or staff(actor):
            owed += _owed(case, seen, desk)
            children.append(_child(row, seen, desk))
    dated = sorted((o for o in owed if o.due), key=lambda o: (o.due or desk.now, o.reference))
    late, ahead = (tuple(o for o in dated if o.late is late) for late in (True, False))
    return Standing(late, ahead, tuple(o for o in owed if not o.due), tuple(sorted(children, key=lambda c: -c.late)))


def _owed(case: Case, seen: list[Obligation], desk: Desk) -> Iterator[Owed]:
    kept = {(r.rule, r.nth): (r.id, r.version) for r in obligations.of_episode(desk.session, case.row.id)}
    book = Book(desk, case.row, case.pack)
    for o in seen:
        id_, version = kept.get(o.key, ("", 0))
        holder = book.target(o.owner)
        yield Owed(
            reference=case.row.reference,
            says=o.duty.says,
            action=o.duty.action,
            role=_role(o.owner, holder.role),
            who=holder.people[0].name if holder.people else "nobody holds this role",
            due=o.due,
            late=o.late_at(desk.now),
            how=_how(o, desk.now),
            clauses=o.duty.clauses,
            house=o.duty.house,
            obligation=id_,
            version=version,
        )


def _role(owner: str, reached: str) -> str:
    """The role that owes it; somebody outside is reached through another."""
    return words.label(owner) if owner == reached else f"{words.label(reached)} for the {words.label(owner)}"


def _how(o: Obligation, now: datetime) -> str:
    if o.due is None:
        return "no time is given"
    return f"{lasting(now - o.due)} late" if o.due < now else f"in {lasting(o.due - now)}"


def _child(row: EpisodeRow, seen: list[Obligation], desk: Desk) -> Child:
    since = f"{words.label(row.category)} since {said(row.missing_since)}" if row.missing_since else words.label(row.category)
    away = lasting(desk.now - row.missing_since) if row.missing_since and row.status == "open" else ""
    late = sum(o.late_at(desk.now) for o in seen)
    return Child(row.reference, since, row.status, away, late, len(seen))
