"""Somebody's own page: what they owe, whom they are responsible for, who is missing, what is late, who waits for their answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import compose, waiting
from handlers.arranging.showing import silent_in
from handlers.away import lasting_in
from handlers.case import Case, worked_out
from handlers.desk import Actor, Desk, actor
from handlers.directory import Person
from handlers.verbs.show import concerned, may_see, owes, staff
from handlers.waiting import Waiting
from policies import words
from policies.answers import APART, NOBODY_S, agency, is_meeting
from policies.behind import once
from policies.obligations import Obligation
from storage import allocations, episodes, obligations
from storage.episodes import EpisodeRow

PAGE = 8  # rows with buttons on one page
LINES = 20  # lines of one list


@dataclass(frozen=True)
class Item:
    """One thing to do: the button's obligation with the version seen."""

    reference: str
    says: str
    clauses: tuple[str, ...]
    state: str
    due: datetime | None
    late: bool
    obligation: str
    version: int
    buttons: tuple[str, ...]


@dataclass(frozen=True)
class Home:
    """One page of it. `checklist`: owed without a date; `children`, `missing`, `late`: a line an episode or duty.

    `silent`: a line an agency that has not answered an invitation.
    """

    name: str
    owed: tuple[Item, ...]
    checklist: tuple[Item, ...]
    invitations: tuple[Item, ...]
    children: tuple[str, ...]
    missing: tuple[str, ...]
    late: tuple[str, ...]
    page: int
    pages: int
    total: int
    silent: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Gathered:
    owed: list[Item]
    invitations: list[Item]
    children: list[str]
    missing: list[str]
    late: list[tuple[datetime, str]]
    silent: list[tuple[datetime, str]]


def home(desk: Desk, person: Person, page: int = 0) -> Home:
    """The page of somebody, over all authorities they work for; nothing of episodes they may not know of."""
    all_of_it = _Gathered([], [], [], [], [], [])
    mine = {child for child, _ in allocations.of_person(desk.session, person.id)}
    for authority in desk.directory.authorities_of(person, desk.today):
        who = actor(desk, person.id, authority)
        all_of_it.invitations.extend(map(_put, waiting.for_person(desk, who)))
        for row in episodes.open_of(desk.session, authority):
            if not row.restricted:
                _gather(desk, row, who, mine, all_of_it)
    dated = sorted((i for i in all_of_it.owed if i.due), key=lambda i: (i.due or desk.now, i.reference))
    checklist = [i for i in all_of_it.owed if not i.due]
    pages = max(-(-max(len(dated), len(checklist)) // PAGE), 1)
    page = min(max(page, 0), pages - 1)
    here = slice(page * PAGE, (page + 1) * PAGE)
    return Home(
        person.name,
        tuple(dated[here]),
        tuple(checklist[here]),
        tuple(all_of_it.invitations[:PAGE]),
        _lines(all_of_it.children),
        _lines(all_of_it.missing),
        _lines([line for _, line in sorted(all_of_it.late)]),
        page,
        pages,
        len(dated) + len(checklist),
        _lines([line for _, line in sorted(all_of_it.silent)]),
    )


def _gather(desk: Desk, row: EpisodeRow, who: Actor, mine: set[str], into: _Gathered) -> None:
    found = worked_out(desk, row)
    if found is None:
        return
    case, arisen = found
    seen = once([o for o in arisen if o.status == "open" and (may_see(o, who) or owes(case, o, who))], desk.now)
    if not seen and not concerned(case, desk, who):
        return
    kept = {(r.rule, r.nth): (r.id, r.version) for r in obligations.of_episode(desk.session, row.id)}
    stored = [(o, *kept[o.key]) for o in seen if o.key in kept]
    into.owed.extend(_owed(row, o, id_, version, desk) for o, id_, version in stored if owes(case, o, who))
    into.invitations.extend(_invited(row, o, id_, version) for o, id_, version in stored if _awaits(case, o, who))
    if staff(who):
        late = [o for o in seen if o.late_at(desk.now)]
        into.late.extend((o.due or desk.now, f"{row.reference}: {o.duty.says}, {compose.standing(o, desk.now)}") for o in late)
        into.silent.extend(silent_in(desk, case, seen))
    if row.child_id in mine:
        into.children.append(_line(row, seen, desk))
    if row.status == "open":
        into.missing.append(_line(row, seen, desk))


def _put(put: Waiting) -> Item:
    """Something that waits for their answer: a child handed over, an approval."""
    return Item(
        put.reference, put.says, (), put.state, None, late=False, obligation=put.ask.id, version=put.ask.version, buttons=put.buttons
    )


def _awaits(case: Case, o: Obligation, who: Actor) -> bool:
    """Invited, by name or for their agency, and nobody of it has answered."""
    mine = {who.person.agency, f"@{who.id}", *who.roles} - NOBODY_S
    if not is_meeting(o.duty.action) or not (mine - APART) & {*o.attendees, *map(agency, o.attendees)}:
        return False
    return not any(r.action == o.duty.action and r.agency in mine for r in case.episode.responses)


def _owed(row: EpisodeRow, o: Obligation, stored: str, version: int, desk: Desk) -> Item:
    state, buttons = compose.standing(o, desk.now), ("acknowledge", *compose.how_it_ends(o))
    return Item(row.reference, o.duty.says, o.duty.clauses, state, o.due, o.late_at(desk.now), stored, version, buttons)


def _invited(row: EpisodeRow, o: Obligation, stored: str, version: int) -> Item:
    return Item(row.reference, compose.invitation(o), o.duty.clauses, "", o.meets_at, False, stored, version, compose.INVITED)


def _line(row: EpisodeRow, seen: Sequence[Obligation], desk: Desk) -> str:
    late = sum(o.late_at(desk.now) for o in seen)
    return f"{row.reference}: {words.label(row.category)}{lasting_in(row, desk.now)}; {len(seen)} open, {late} late"


def _lines(lines: Iterable[str]) -> tuple[str, ...]:
    every = tuple(lines)
    return every if len(every) <= LINES else (*every[:LINES], f"and {len(every) - LINES} more: type 'list'")
