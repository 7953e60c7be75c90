"""Who is invited to a meeting and who has answered, by agency and person, as the people of this authority."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handlers import access, owed
from handlers.addressing import Book
from handlers.case import Case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from policies import words
from policies.answers import APART, NOBODY_S, Standing, anybody, is_meeting, standings
from policies.behind import soonest
from policies.meeting import Response
from policies.obligations import Obligation
from policies.worktime import said

SAYS = {"accepted": "will come", "tentative": "perhaps", "declined": "cannot come", "delegated": "sends somebody else"}


@dataclass(frozen=True)
class Gathering:
    """A meeting that is to be held: what asks for it, and where every invited agency stands."""

    obligation: Obligation
    standings: tuple[Standing, ...]
    named: Mapping[str, str]

    @property
    def action(self) -> str:
        """Its kind."""
        return self.obligation.duty.action


def gathering(desk: Desk, case: Case, action: str) -> Gathering | None:
    """The meeting of a kind that is to be held in this episode, None when nothing asks for one."""
    o = owed.open_one(case, desk, action, None)
    return gathered(desk, case, o) if o else None


def gathered(desk: Desk, case: Case, o: Obligation) -> Gathering:
    """The meeting that an obligation asks for."""
    named = (o.meeting.named if o.meeting else {}) or invitees(desk, case, o.attendees)
    found = standings(o, case.pack, case.episode.responses, named)
    return Gathering(o, found, named)


def open_gatherings(desk: Desk, case: Case, obligations: Iterable[Obligation]) -> list[Gathering]:
    """Every meeting of the episode that is to be held, one for each kind."""
    by_action: dict[str, list[Obligation]] = {}
    for o in obligations:
        if o.status == "open" and is_meeting(o.duty.action):
            by_action.setdefault(o.duty.action, []).append(o)
    return [gathered(desk, case, min(same, key=soonest)) for same in by_action.values()]


def invitees(desk: Desk, case: Case, roles: Iterable[str]) -> dict[str, str]:
    """Who is invited for each role: whoever holds it now, the one on call first. Roles nobody holds are left out."""
    book = Book(desk, case.row, case.pack, case.allocated)
    found = {role: book.target(role) for role in roles if role not in case.pack.reached_through}
    return {role: target.people[0].id for role, target in found.items() if target.people and not target.empty}


def agencies_of(desk: Desk, invited: Iterable[str]) -> dict[str, str]:
    """The agency of each person who was invited by name; who is of none answers for themselves."""
    people = {who: desk.directory.person(who[1:]) for who in invited if who.startswith("@")}
    return {who: person.agency for who, person in people.items() if person and person.agency not in NOBODY_S}


def unreachable(desk: Desk, case: Case, roles: Iterable[str]) -> tuple[list[str], list[str]]:
    """(roles outside the workspace, roles that nobody holds): somebody has to speak with them."""
    reached = dict.fromkeys(roles)
    outside = [role for role in reached if role in case.pack.reached_through]
    inside = [role for role in reached if role not in outside]
    held = invitees(desk, case, inside)
    return outside, [role for role in inside if role not in held]


def own(actor: Actor, found: Iterable[Standing]) -> Standing | None:
    """The invited agency that somebody answers for, None when theirs is not invited."""
    mine = {*actor.roles, f"@{actor.id}", actor.person.agency} - NOBODY_S - APART
    for standing in found:
        sent = standing.answer.to if standing.answer else ""  # whoever comes in another's place answers for them
        if mine & {*standing.roles, standing.agency, sent}:
            return standing
    return None


def answers_for(actor: Actor, meeting: str, given: str, found: tuple[Standing, ...], responses: Iterable[Response]) -> str:
    """The agency the answer counts for. Raises Refused for one that is not the actor's to give, or that is not invited."""
    staff = any(access.group_of(role) in access.STAFF for role in actor.roles)
    if given not in {actor.person.agency, *actor.roles} and not staff:
        raise Refused(f"You answer for {words.label(actor.person.agency)} only. Ask {words.label(given)} to answer, or write a note.")
    given = f"@{actor.id}" if given in NOBODY_S else given
    if staff or not found:
        return given
    sent = any(r.action == meeting and r.to == f"@{actor.id}" for r in responses)
    mine = own(actor, found)
    if mine is None and not sent and not anybody(found):
        listed = ", ".join(words.label(s.agency) for s in found)
        raise Refused(
            f"This invitation is for {listed}; {words.label(actor.person.agency)} is not invited. "
            "If you should be there, ask the social worker to invite you."
        )
    return given if mine is None or given in mine.roles else mine.agency


def line(desk: Desk, standing: Standing, named: Mapping[str, str]) -> str:
    """An agency in a line: who was invited, what they answered, what others of it answered. No reason is told."""
    people = [role[1:] if role.startswith("@") else named[role] for role in standing.roles if role in named or role.startswith("@")]
    who = ", ".join(dict.fromkeys(name_of(desk, person) for person in people))
    if standing.agency.startswith("@"):
        label = name_of(desk, standing.agency[1:])
    else:
        label = words.label(standing.agency) + (f" ({who})" if who else "")
    needed = ", must come" if standing.required else ""
    answer = _answered(desk, standing.answer) if standing.answer else "no answer yet"
    others = "".join(f"; {_answered(desk, r)}" for r in standing.by_others)
    return f"{label[:1].upper()}{label[1:]}{needed}: {answer}{others}"


def _answered(desk: Desk, r: Response) -> str:
    reason = ", reason given" if r.reason else ""
    to = f" ({name_of(desk, r.to[1:])})" if r.to.startswith("@") else ""
    by = f" ({name_of(desk, r.actor)}, {said(r.at)})" if r.actor else f" ({said(r.at)})"
    where = ", in the calendar" if r.how == "calendar" else ""
    return f"{SAYS.get(r.answer, r.answer)}{where}{to}{reason}{by}"


def name_of(desk: Desk, person: str) -> str:
    """Somebody by name; who is not known here any more by their id."""
    known = desk.directory.person(person)
    return known.name if known else words.label(person)
