"""Who has answered an invitation: an agency's answer is its named invitee's latest, else the latest from anybody of that agency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from policies import words
from policies.endings import ONE_EPISODE
from policies.meeting import Response
from policies.obligation import Obligation
from policies.pack import Pack

NOBODY_S = frozenset({"any_agency", "system"})  # roles of these belong to no agency that could answer for them
APART = frozenset({"governance", "other_local_authority"})  # several boards, several councils: one of them is not for another to see
COME = frozenset({"accepted", "delegated"})


@dataclass(frozen=True)
class Standing:
    """Where one agency stands. `answer` None: silent; `by_others`: the latest of each other person of it, the newest last."""

    agency: str
    roles: tuple[str, ...]
    required: bool
    answer: Response | None
    by_others: tuple[Response, ...] = ()

    @property
    def missing(self) -> bool:
        """Declined, or silent."""
        return self.answer is None or self.answer.answer == "declined"


def is_meeting(action: str) -> bool:
    """Whether agencies are invited to it: what is called a meeting and is with one child alone is none."""
    return words.actions().get(action) == "meeting" and action not in ONE_EPISODE


def agency(role: str) -> str:
    """Who answers for an invited role: its agency; a role of no agency answers for itself, a person as `@id` too."""
    if role not in words.roles():
        return role
    of = words.agency_of(role)
    return role if of in NOBODY_S else of


def standings(o: Obligation, pack: Pack, responses: Iterable[Response], named: Mapping[str, str] | None = None) -> tuple[Standing, ...]:
    """Every agency that is invited, in the order it is named, then others that answered.

    `named`: who was invited for a role, where no meeting says so.
    """
    mine = [r for r in responses if r.action == o.duty.action]
    needed = required(o, pack)
    people = (o.meeting.named if o.meeting else None) or named or {}
    by_agency: dict[str, list[str]] = {}
    for role in invited(o, pack):
        by_agency.setdefault((o.meeting.of.get(role) if o.meeting else None) or agency(role), []).append(role)
    found = [_standing(name, roles, mine, people, needed) for name, roles in by_agency.items()]
    counted = {id(r) for s in found for r in _meant(s.agency, s.roles, mine)}
    others = dict.fromkeys(r.agency for r in mine if id(r) not in counted)
    return (*found, *(_standing(name, [], mine, people, needed) for name in others))


def invited(o: Obligation, pack: Pack) -> tuple[str, ...]:
    """Roles that the bot invites: those outside the workspace are spoken with by whoever reaches them."""
    return tuple(role for role in o.attendees if role not in pack.reached_through)


def required(o: Obligation, pack: Pack) -> frozenset[str]:
    """Agencies that must come: as fixed, else all those the protocol names."""
    if o.meeting and o.meeting.required is not None:
        return frozenset(o.meeting.required)
    also = o.meeting.also if o.meeting else ()
    of = {words.agency_of(role) for role in invited(o, pack) if role in words.roles() and role not in also}
    return frozenset(of - NOBODY_S - {"family"})


def _standing(name: str, roles: list[str], told: list[Response], named: Mapping[str, str], needed: frozenset[str]) -> Standing:
    mine = _meant(name, roles, told)
    speaks = {named[role] for role in roles if role in named} | {role[1:] for role in roles if role.startswith("@")}
    for response in mine:
        if response.to.startswith("@"):
            speaks.add(response.to[1:])  # whoever is sent instead speaks from then on
    counting = [r for r in mine if r.actor in speaks] or mine
    answer = counting[-1] if counting else None
    latest = {r.actor: r for r in mine if answer is None or r.actor != answer.actor}
    return Standing(name, tuple(roles), name in needed, answer, tuple(latest.values()))


def _meant(name: str, roles: Sequence[str], told: Iterable[Response]) -> list[Response]:
    """The answers that are this agency's, the newest last."""
    meant = {name, *roles, *(agency(role) for role in roles)}
    return sorted((r for r in told if r.agency in meant or f"@{r.actor}" == name), key=lambda r: r.at)


def sent_instead(action: str, responses: Iterable[Response]) -> tuple[str, ...]:
    """People known here, as `@id`, whom somebody's latest answer for an agency names to come in their place."""
    latest = {(r.agency, r.actor): r for r in responses if r.action == action}
    return tuple(dict.fromkeys(r.to for r in latest.values() if r.answer == "delegated" and r.to.startswith("@")))


def anybody(found: Iterable[Standing]) -> bool:
    """Whether whoever works with the child is invited, of any agency: then nobody is turned away."""
    return any(role in words.roles() and words.agency_of(role) in NOBODY_S for s in found for role in s.roles)
