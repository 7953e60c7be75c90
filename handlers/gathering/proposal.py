"""What the protocol proposes for a meeting: who chairs it, by its number, who is invited, who must come, what it is about."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import owed
from handlers.addressing import Book
from handlers.case import Case
from handlers.desk import Actor, Desk
from handlers.owed import arisen, concerns, is_staff
from policies import words
from policies.answers import is_meeting, required
from policies.arranged import held_like
from policies.history import held
from policies.meeting import Meeting
from policies.obligations import Obligation

COMMON = ("strategy_discussion", "strategy_meeting", "review_strategy_meeting")  # may be called under any protocol
LEFT_OUT = frozenset({"chair", "attendees", "next_meeting", "feedback_to"})  # parts of a record that are no matter to discuss


@dataclass(frozen=True)
class Proposal:
    """A kind of meeting with what the form says before anybody types. `fixed`: the one that it would move."""

    action: str
    obligation: Obligation | None
    chair: str | None
    attendees: tuple[str, ...]
    required: tuple[str, ...]
    agenda: tuple[str, ...]
    clauses: tuple[str, ...]
    number: int
    fixed: Meeting | None


def kinds(desk: Desk, case: Case, actor: Actor, *, every: bool = False) -> tuple[str, ...]:
    """Meetings somebody can speak of: what is owed and is their business, soonest first; `every`: what else the council may call."""
    still = [o for o in arisen(case, desk) if o.status == "open" and is_meeting(o.duty.action) and concerns(o, actor)]
    still.sort(key=lambda o: (o.due is None, o.due or o.arises_at))
    found = [o.duty.action for o in still]
    if every and is_staff(actor):
        found += [d.action for d in case.pack.duties if is_meeting(d.action)] + list(COMMON)
    return tuple(dict.fromkeys(found))


def proposed(desk: Desk, case: Case, action: str) -> Proposal:
    """The proposal, from what asks for the meeting, else from how the protocol holds others of its kind."""
    derived = case.derived(desk)
    o = owed.open_one(case, desk, action, None)
    like = o or held_like(action, derived.obligations, derived.reading)
    fixed = case.episode.fixed(action)
    pure = like._replace(attendees=tuple(r for r in like.attendees if not fixed or r not in fixed.also)) if like else None
    return Proposal(
        action=action,
        obligation=o,
        chair=chairing(desk, case, like) if like else None,
        attendees=pure.attendees if pure else (),
        required=tuple(sorted(required(like, case.pack))) if like else (),
        agenda=_agenda(like),
        clauses=like.duty.clauses if like else (),
        number=len(held(case.child, action, desk.now)) + 1,
        fixed=fixed,
    )


def chairing(desk: Desk, case: Case, o: Obligation) -> str | None:
    """Who chairs; where nobody here holds that role, the next one that the protocol names (TRI-093)."""
    order = dict.fromkeys((*([o.chair] if o.chair else ()), *o.duty.chair_otherwise))
    if not o.duty.chair_otherwise or case.episode.fixed(o.duty.action):
        return o.chair
    book = Book(desk, case.row, case.pack, case.allocated)
    return next((role for role in order if not book.target(role).empty), o.chair)


def _agenda(like: Obligation | None) -> tuple[str, ...]:
    form = words.vocabulary()["forms"].get(like.duty.form) if like and like.duty.form else None
    return tuple(f["label"] for f in (form or {}).get("fields") or () if f["id"] not in LEFT_OUT)
