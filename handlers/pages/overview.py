"""Where things stand with every child: who is late on what, under which clause, and what falls due next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from handlers.addressing import Book
from handlers.away import since
from handlers.case import Case, worked_out
from handlers.compose import INVITED, fixed_for, how_it_ends
from handlers.desk import Actor, Desk
from handlers.gathering.attendance import gathered, own
from handlers.gathering.rows import ANSWERED
from handlers.gathering.summing import answered
from handlers.owed import is_staff, ours
from handlers.verbs.show import may_see, staff
from policies import words
from policies.answers import is_meeting
from policies.behind import once
from policies.obligations import Obligation
from policies.worktime import lasting
from storage import episodes, obligations
from storage.episodes import EpisodeRow
from storage.obligations import ObligationRow


@dataclass(frozen=True)
class Owed:
    """One open obligation of one child. `who` holds the role now; `obligation` and `version` are what a press names.

    `meets`: of a meeting that is fixed, when it is, who chairs it and who has answered.
    """

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
    buttons: tuple[str, ...]
    meets: str = ""


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
class Listed:
    """The first of a list, and how many there are in all."""

    first: tuple[Owed, ...]
    count: int


@dataclass(frozen=True)
class Standing:
    """`late` the longest late first, `next` by due time, `undated` without one; `children` those with most that is late first."""

    late: Listed
    next: Listed
    undated: Listed
    children: tuple[Child, ...]


@dataclass(frozen=True)
class _Open:
    """One open obligation with what is known of it."""

    o: Obligation
    case: Case
    stored: ObligationRow


def standing(desk: Desk, actor: Actor, most: int = 60) -> Standing:
    """Everything open that the actor may know of, `most` of each list. Restricted episodes are left out."""
    actor.check("list")
    rows = [row for row in episodes.open_of(desk.session, actor.authority) if not row.restricted]
    stored = obligations.of_episodes(desk.session, [row.id for row in rows])
    found: list[_Open] = []
    children: list[Child] = []
    for row in rows:
        known = worked_out(desk, row)
        if known is None:
            continue
        case, arisen = known
        seen = once([o for o in arisen if o.status == "open" and may_see(o, actor)], desk.now)
        if seen or staff(actor):
            kept = {(r.rule, r.nth): r for r in stored[row.id]}
            found += [_Open(o, case, kept[o.key]) for o in seen if o.key in kept]
            children.append(_child(row, seen, desk))
    dated = sorted((f for f in found if f.o.due), key=lambda f: (f.o.due or desk.now, f.case.row.reference))
    late, ahead = ([f for f in dated if f.o.late_at(desk.now) is late] for late in (True, False))
    cut = partial(_cut, desk=desk, actor=actor, most=most, books={})
    undated = [f for f in found if not f.o.due]
    return Standing(cut(late), cut(ahead), cut(undated), tuple(sorted(children, key=lambda c: -c.late)))


def _cut(found: list[_Open], desk: Desk, actor: Actor, most: int, books: dict[str, Book]) -> Listed:
    """Who holds a role is looked up only for what is shown."""
    first = found[:most]
    for f in first:
        if f.case.row.id not in books:
            books[f.case.row.id] = Book(desk, f.case.row, f.case.pack)
    return Listed(tuple(_owed(f, books[f.case.row.id], desk, actor) for f in first), len(found))


def _owed(f: _Open, book: Book, desk: Desk, actor: Actor) -> Owed:
    holder = book.target(f.o.owner)
    return Owed(
        reference=f.case.row.reference,
        says=f.o.duty.says,
        action=f.o.duty.action,
        role=_role(f.o.owner, holder.role),
        who=holder.people[0].name if holder.people else "nobody holds this role",
        due=f.o.due,
        late=f.o.late_at(desk.now),
        how=_how(f.o, desk.now),
        clauses=f.o.duty.clauses,
        house=f.o.duty.house,
        obligation=f.stored.id,
        version=f.stored.version,
        buttons=_buttons(f, desk, actor),
        meets="; ".join(part for part in (fixed_for(f.o), answered(desk, f.case, f.o)) if part),
    )


def _buttons(f: _Open, desk: Desk, actor: Actor) -> tuple[str, ...]:
    """What the actor may do about it: the council everything; a partner what it owes, and to what it is invited its answer."""
    if is_staff(actor) or ours(f.o, actor):
        return ("acknowledge", *how_it_ends(f.o))
    if not is_meeting(f.o.duty.action):
        return ()
    mine = own(actor, gathered(desk, f.case, f.o).standings)
    return () if mine is None else ANSWERED if mine.answer else INVITED


def _role(owner: str, reached: str) -> str:
    """The role that owes it; somebody outside is reached through another."""
    return words.label(owner) if owner == reached else f"{words.label(reached)} for the {words.label(owner)}"


def _how(o: Obligation, now: datetime) -> str:
    if o.due is None:
        return "no time is given"
    return f"{lasting(now - o.due)} late" if o.due < now else f"in {lasting(o.due - now)}"


def _child(row: EpisodeRow, seen: list[Obligation], desk: Desk) -> Child:
    away = lasting(desk.now - row.began) if row.status == "open" else ""
    late = sum(o.late_at(desk.now) for o in seen)
    return Child(row.reference, f"{words.label(row.category)} {since(row)}", row.status, away, late, len(seen))
