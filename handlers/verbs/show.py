"""Status, list, mine: what stands, told privately."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from handlers import compose, owed, seeing, waiting
from handlers.away import lasting_in, since
from handlers.case import Case, known_row, look, nothing_there, open_case, worked_out
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.gathering.attendance import open_gatherings, own
from handlers.gathering.summing import answered
from handlers.outgoing import Answer
from policies import words
from policies.answers import is_meeting
from policies.behind import once
from policies.interviews import holder
from policies.obligations import Obligation
from policies.worktime import said
from storage import allocations, episodes
from storage.episodes import EpisodeRow

log = logging.getLogger(__name__)
ACROSS = "other_local_authority"


@dataclass(frozen=True)
class EpisodeView:
    """One line of the list."""

    reference: str
    line: str
    late: int
    open: int


def status(reference: str, desk: Desk, actor: Actor) -> Answer:
    """Where one episode stands: everything open, late first, then what is done."""
    actor.check("status")
    row = known_row(desk, reference, actor)
    if row is None:
        raise Refused(nothing_there(reference))
    if row.authority != actor.authority:
        return _across(row, desk)
    case = look(desk, row)
    arisen = [o for o in owed.arisen(case, desk) if may_see(o, actor) or owes(case, o, actor)]
    if not arisen and not concerned(case, desk, actor):
        raise Refused(seeing.uninvited(row.reference))
    still = sorted((o for o in once(arisen, desk.now) if o.status == "open"), key=lambda o: (o.due is None, o.due or desk.now))
    done = [o for o in arisen if o.status == "met"]
    lines = [_headline(case), *(f"• {'; '.join(filter(None, (_line(o, desk), answered(desk, case, o))))}" for o in still)]
    if not still:
        lines.append("Nothing is owed now." if staff(actor) else "Nothing is owed by your agency now.")
    if done:
        lines.append(f"Done: {'; '.join(f'{o.duty.says}, {compose.standing(o, desk.now)}' for o in done)}.")
    return Answer(tuple(lines), row.reference, seen="status")


def _across(row: EpisodeRow, desk: Desk) -> Answer:
    """What another authority sees: how the child is known to be, whether police were told, and what is asked of another council."""
    case = look(desk, row)
    arisen = case.derived(desk).arisen(desk.now)
    police = next((o for o in arisen if o.duty.action == "police_notification"), None)
    told = f"Police told {said(police.completed_at)}." if police and police.completed_at else "Police not recorded as told."
    theirs = [o for o in arisen if o.status == "open" and any(words.agency_of(r) == ACROSS for r in (o.owner, *o.tell, *o.attendees))]
    lines = (f"{_headline(case)} {desk.authority(row.authority).name} leads.", told, *(f"• {_line(o, desk)}" for o in theirs))
    return Answer(lines, row.reference, seen="status")


def staff(actor: Actor) -> bool:
    """Whether somebody works for the council, or audits it."""
    return seeing.of_council(actor)


def may_see(o: Obligation, actor: Actor) -> bool:
    """Whether an obligation is shown to somebody: an auditor sees all, others what concerns them."""
    return staff(actor) or owed.concerns(o, actor)


def _headline(case: Case) -> str:
    e = case.episode
    return f"{case.row.reference}: {words.label(case.row.category)} {since(case.row)}, {e.status}."


def _line(o: Obligation, desk: Desk) -> str:
    return f"{o.duty.says} ({', '.join(o.duty.clauses) or 'house rule'}): {compose.standing(o, desk.now)}"


def open_episodes(desk: Desk, actor: Actor) -> list[EpisodeView]:
    """Every open episode of the authority that the actor may know of, the longest missing first."""
    actor.check("list")
    rows = episodes.open_of(desk.session, actor.authority)
    views = [_view(desk, row, actor) for row in rows if not row.restricted]
    shared = [_shared(desk, row) for row in seeing.shared_rows(desk, actor.authority)] if staff(actor) else []
    return [*(view for view in views if view), *shared]


def _shared(desk: Desk, row: EpisodeRow) -> EpisodeView:
    return EpisodeView(
        row.reference, f"{row.reference}: {row.status}{lasting_in(row, desk.now)}; shared by {desk.authority(row.authority).name}", 0, 0
    )


def _view(desk: Desk, row: EpisodeRow, actor: Actor) -> EpisodeView | None:
    found = worked_out(desk, row)
    if found is None:
        line = f"{row.reference}: could not be worked out. Look at it by hand, and tell the administrator"
        return EpisodeView(row.reference, line, 0, 0) if staff(actor) else None
    mine = [o for o in found[1] if o.status == "open" and may_see(o, actor)]
    if not mine and not concerned(found[0], desk, actor):
        return None
    late = sum(o.late_at(desk.now) for o in mine)
    line = f"{row.reference}: {words.label(row.category)}{lasting_in(row, desk.now)}, {row.status}; {len(mine)} open, {late} late"
    return EpisodeView(row.reference, line, late, len(mine))


def listing(desk: Desk, actor: Actor) -> Answer:
    """All open episodes in a line each."""
    views = open_episodes(desk, actor)
    hidden = sum(row.restricted for row in episodes.open_of(desk.session, actor.authority)) if staff(actor) else 0
    counted = (f"{hidden} restricted and not listed here.",) if hidden else ()
    return Answer((*(view.line for view in views), *counted) or ("No episode is open.",), seen="list")


def owes(case: Case, o: Obligation, actor: Actor) -> bool:
    """Whether it was given to the actor by name, else one of their roles owes it, or is who the owner is reached through."""
    given_to = holder(case.episode, o)
    if given_to:
        return given_to == actor.id
    return case.pack.reached_through.get(o.owner, o.owner) in actor.roles


def concerned(case: Case, desk: Desk, actor: Actor) -> bool:
    """Whether an episode is somebody's business: the council's all, a partner's what it owes, hears, is invited to or reported.

    And whoever works with the child by name: allocated to it, given its interview, or sent to a meeting in another's place.
    """
    if staff(actor) or any(h.actor == actor.id and h.kind == "reported" for h in case.told[case.row.id]) or _by_name(case, desk, actor):
        return True
    asked = owed.arisen(case, desk)
    if any(owed.concerns(o, actor) or owes(case, o, actor) for o in asked):
        return True
    return any(own(actor, g.standings) is not None for g in open_gatherings(desk, case, [o for o in asked if is_meeting(o.duty.action)]))


def open_concerned(desk: Desk, reference: str, actor: Actor) -> Case:
    """The case of an episode that is the actor's business. Raises Refused for any other."""
    case = open_case(desk, reference, actor)
    if not concerned(case, desk, actor):
        raise Refused(seeing.uninvited(case.row.reference))
    return case


def _by_name(case: Case, desk: Desk, actor: Actor) -> bool:
    """Allocated, or standing in for who is; sent to a meeting."""
    allocated = set(allocations.of_child(desk.session, case.row.child_id).values())
    stand_ins = {desk.directory.away.get(person) for person in allocated}
    return actor.id in allocated | stand_ins or any(r.to == f"@{actor.id}" for r in case.episode.responses)


def mine(desk: Desk, actor: Actor) -> Answer:
    """What the actor's roles owe, over all open episodes, by due time."""
    actor.check("list")
    found: list[tuple[str, Obligation]] = []
    for row in episodes.open_of(desk.session, actor.authority):
        if not row.restricted and (known := worked_out(desk, row)):
            mine = [o for o in known[1] if o.status == "open" and owes(known[0], o, actor)]
            found += [(row.reference, o) for o in once(mine, desk.now)]
    found.sort(key=lambda item: (item[1].due is None, item[1].due or desk.now))
    waits = [put.line for put in waiting.for_person(desk, actor)]
    return Answer((*waits, *(f"{reference}: {_line(o, desk)}" for reference, o in found)) or ("You owe nothing now.",), seen="mine")
