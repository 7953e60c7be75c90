"""Which obligation a verb is about: the one pressed, or of an action named in words the open one that falls due first."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from handlers import access
from handlers.case import Case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from policies import words
from policies.answers import APART, NOBODY_S
from policies.behind import soonest
from policies.interviews import holder
from policies.obligations import Obligation
from policies.worktime import said
from storage import obligations


def arisen(case: Case, desk: Desk) -> list[Obligation]:
    """Everything owed or once owed in the episode, as of now."""
    return case.derived(desk).arisen(desk.now)


def open_one(
    case: Case, desk: Desk, action: str | None, key: tuple[str, int] | None, actor: Actor | None = None, *, own_first: bool = False
) -> Obligation | None:
    """The open obligation meant, or None when nothing of that action is open.

    Of several the earliest due, of those that the actor may answer for; of those due at one time, or at none, one
    that names a role of theirs; `own_first`: such a one before any other.
    """
    fitting = [o for o in arisen(case, desk) if o.status == "open" and (o.key == key if key else o.duty.action == action)]
    own = {o.key for o in fitting if actor and _names(case, o) & actor.roles}
    nearer = [o for o in fitting if (o.key in own if own_first else actor and _answers_for(case, o, actor))]

    def turn(o: Obligation) -> tuple[datetime, bool, datetime]:
        due, arose = soonest(o)
        return due, o.key not in own, arose

    return min(nearer or fitting, key=turn, default=None)


def _names(case: Case, o: Obligation) -> set[str]:
    """The roles a duty names: who owes it, or speaks for whoever does, and who is to be told."""
    return {o.owner, case.pack.reached_through.get(o.owner, o.owner), *o.duty.co_owners, *o.tell}


def is_told(o: Obligation, actor: Actor) -> bool:
    """Whether the actor is only told in it: having that in hand is having been told, unless it is wanted in writing."""
    telling = words.actions()[o.duty.action] == "notification" and not o.duty.in_writing
    return telling and bool(set(o.tell) & actor.roles) and not {o.owner, *o.duty.co_owners} & actor.roles


def open_actions(case: Case | None, desk: Desk) -> tuple[str, ...]:
    """Actions open in this episode, those that fall due first in front."""
    if case is None:
        return ()
    open_now = [o for o in arisen(case, desk) if o.status == "open"]
    open_now.sort(key=lambda o: (o.due is None, o.due or desk.now))
    return tuple(dict.fromkeys(o.duty.action for o in open_now))


def needed(case: Case, desk: Desk, action: str | None, key: tuple[str, int] | None, actor: Actor, *, own_first: bool = False) -> Obligation:
    """The same, or Refused with how it ended or what is open instead, as far as it is the actor's business."""
    found = open_one(case, desk, action, key, actor, own_first=own_first)
    if found:
        return found
    ended = [o for o in arisen(case, desk) if (o.key == key if key else o.duty.action == action and concerns(o, actor))]
    if ended:
        raise Refused(_ended(ended[-1], desk))
    still = ", ".join(dict.fromkeys(words.label(o.duty.action) for o in arisen(case, desk) if o.status == "open" and concerns(o, actor)))
    raise Refused(
        f"Nothing of that kind is owed in {case.row.reference}. " + (f"Open are: {still}." if still else "Nothing is open."), "action"
    )


def _ended(o: Obligation, desk: Desk) -> str:
    if o.status == "met" and o.completed_at:
        person = desk.directory.person(o.completed_by)
        return f"Already done by {person.name if person else o.completed_by} at {said(o.completed_at)}: {o.duty.says}."
    return f"{o.duty.says}: {o.note or 'no longer needed'}."


def key_of(desk: Desk, case: Case, obligation: str | None) -> tuple[str, int] | None:
    """(rule, nth) of a pressed button's obligation. Raises Refused for one of another episode."""
    if obligation is None:
        return None
    row = obligations.by_id(desk.session, obligation)
    if row is None or row.episode_id != case.row.id:
        raise Refused("This button belongs to something that no longer exists. Type 'status' to see what is open now.")
    return row.rule, row.nth


def rows_of(desk: Desk, case: Case, action: str) -> list[str]:
    """Ids of the stored obligations of an action, whose posts are shown anew when somebody answers."""
    return [row.id for row in obligations.of_episode(desk.session, case.row.id) if row.action == action]


def is_staff(actor: Actor) -> bool:
    """Whether somebody acts for the council."""
    return any(access.group_of(role) in access.STAFF for role in actor.roles)


def concerns(o: Obligation, actor: Actor) -> bool:
    """Whether it is any business of the actor's: a partner's what its own agency owes, hears or is invited to; council staff's all."""
    return is_staff(actor) or speaks_as(actor, {o.owner, *o.duty.co_owners, *o.tell, *o.attendees, *(r for r in (o.via, o.chair) if r)})


def ours(o: Obligation, actor: Actor) -> bool:
    """Whether the actor, or their agency, owes it."""
    return speaks_as(actor, {o.owner, *o.duty.co_owners})


def speaks_as(actor: Actor, roles: AbstractSet[str]) -> bool:
    """Whether one of these roles is the actor's or of their agency, or names the actor.

    A role of any agency, a board or another council speaks to who holds it, and to nobody of another such role; who holds one of any
    agency is of the agency they belong to.
    """
    held = {role for role in actor.roles if role in words.roles()}
    own = {actor.person.agency} if any(words.agency_of(role) in NOBODY_S for role in held) else set()
    mine = {f"@{actor.id}", *actor.roles, *map(_body, held), *(own - NOBODY_S - APART)}
    return bool(mine & {*roles, *map(_body, roles)})


def _body(role: str) -> str:
    """Who speaks with one voice: an agency; of those that are many, the role; whoever placed the child is one council."""
    if role.startswith("placing_"):
        return "placing_authority"
    agency = words.agency_of(role)
    return role if agency in NOBODY_S | APART else agency


def may_touch(case: Case, o: Obligation, actor: Actor) -> None:
    """A partner answers for its own agency only, and for what it was given by name; council staff for any."""
    if not _answers_for(case, o, actor):
        raise Refused(f"This is for {words.label(o.owner)} to answer. Write a note instead, or ask the social worker.")


def _answers_for(case: Case, o: Obligation, actor: Actor) -> bool:
    return concerns(o, actor) or holder(case.episode, o) == actor.id


def may_decide(case: Case, asked: Sequence[Obligation], decision: str, actor: Actor) -> None:
    """A partner decides what its own agency is asked for, or would be once it is asked; council staff anything."""
    if is_staff(actor) or any(ours(o, actor) or holder(case.episode, o) == actor.id for o in asked):
        return
    duties = [d for d in case.pack.duties if d.action == decision]
    if asked or not speaks_as(actor, {role for d in duties for role in (*(r.role for r in d.owner), *d.co_owners)}):
        who = words.label(asked[0].owner) if asked else "social worker or a manager"
        raise Refused(f"{words.label(decision).capitalize()} is for the {who} to decide. Write a note instead, or ask them.")


def may_arrange(case: Case, desk: Desk, action: str, actor: Actor) -> None:
    """A partner arranges a meeting that it owes or is invited to; what nothing asks for is the council's to call."""
    mine = [o for o in arisen(case, desk) if o.duty.action == action]
    if not is_staff(actor) and not any(concerns(o, actor) for o in mine):
        raise Refused(f"The {words.label(action)} is not yours to arrange. Ask the social worker, or write a note.")


def known_action(word: str) -> str:
    """An action of the vocabulary, however it was typed. Raises Refused with the nearest one."""
    typed = word.strip().lower().replace(" ", "_").replace("-", "_")
    if typed not in words.actions():
        near = words.nearest(typed, words.actions()) or "."
        raise Refused(f"'{word[:40]}' is not an action here{near} Type 'status' to see what is owed.", field="action")
    return typed
