"""Restrict: an episode that only named people may see, with requests, a glass to break, and the review of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from handlers import asking, checks, nudge, people, record, seeing
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.directory import Person
from handlers.errors import Refused
from handlers.fields import SEALED
from handlers.gathering.booking import invite_anew
from handlers.outgoing import Answer, Field
from handlers.sent_in import Values
from handlers.settle import settle
from policies.pack import Pack
from storage import allocations, episodes, permits
from storage.ids import new_id
from storage.permits import Permit
from storage.sealing import normalise

NOBODY = "nobody"
MOST = 99  # people in one choice, beside 'nobody'
ASKED_FOR = timedelta(days=28)  # how long a request that was granted holds, where nobody says (house)


@dataclass(frozen=True)
class Restrict:
    """`may`: who sees it besides the actor, the allocated workers and the approvers; `may_not`: who must not, such as a relative."""

    reference: str
    reason: str
    may: tuple[str, ...] = ()
    may_not: tuple[str, ...] = ()


def form(desk: Desk, pack: Pack, case: Case | None) -> tuple[str, str, list[Field]]:
    """Who may, who must not, and why."""
    everybody = people.of_authority(desk, case.row.authority)[:MOST] if case else []
    who = ((NOBODY, "Nobody"), *people.options(everybody, case.row.authority if case else ""))
    fields = [
        Field("may", "Who may see it besides you", "choice", who, value=NOBODY, hint="The approver and the allocated workers may anyway"),
        Field("may_not", "Who must not see it", "choice", who, value=NOBODY, hint="Such as a relative of the child"),
        Field("reason", "Why", "long", required=True, hint=SEALED),
    ]
    return "Restrict the episode", "Restrict", fields


def sent(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """The form sent in."""
    may, may_not = ((v.text(name),) if v.text(name) not in {"", NOBODY} else () for name in ("may", "may_not"))
    return restrict(Restrict(context["reference"], v.text("reason"), may, may_not), desk, actor)


def restrict(command: Restrict, desk: Desk, actor: Actor) -> Answer:
    """From now on no room knows of it. Raises Refused for one that is restricted, or whom nobody could see."""
    actor.check("restrict")
    case = open_case(desk, command.reference, actor)
    reason = checks.reason_given(command.reason)
    if case.row.restricted and not command.may and not command.may_not:
        raise Refused(f"{case.row.reference} is restricted already. 'permit {case.row.reference}' lets somebody see it.")
    if actor.id in command.may_not:
        raise Refused("You cannot bar yourself and restrict it: ask another manager to do it.", field="may_not")
    for person in (*command.may, *command.may_not):
        people.known(desk, actor, person, "may")
    close_to_others(desk, case, actor, {actor.id, *command.may}, command.may_not, reason)
    if not seeing.approvers(desk, case.reread(desk).row):
        raise Refused("Nobody would be left to decide about it: name approvers in homeward.yml first.", field="may_not")
    return Answer((f"{case.row.reference} is restricted: no room shows it, and only those who are permitted open it.",), case.row.reference)


def close_to_others(desk: Desk, case: Case, actor: Actor, may: Iterable[str], may_not: Iterable[str], reason: str) -> None:
    """Restrict it, name who may and who may not see it, and take back what rooms and people were shown."""
    may_not, child = set(may_not), case.row.child_id
    named = [p for p in dict.fromkeys((*may, *allocations.of_child(desk.session, child).values())) if p not in may_not]
    for kind, whose in (("named", named), ("barred", sorted(may_not))):
        for person in whose:
            permits.add(desk.session, Permit(new_id(), kind, case.row.id, person, desk.now, actor.id))
    for person in may_not:
        invite_anew(desk, person)
    if not case.row.restricted:
        episodes.update(desk.session, replace(case.row, restricted=True))
        nudge.take_back(desk, case.row.id)
        asking.take_back(desk, case.row.id)
    data = {"may": sorted(named), "may_not": sorted(may_not), "reason": reason}
    record.write(desk, actor, "restricted", data, child=child, episode=case.row.id)
    settle(desk, fresh(desk, case))


def unrestrict(reference: str, reason: str, desk: Desk, actor: Actor) -> Answer:
    """Everybody of the authority may see it again; its card comes back."""
    actor.check("restrict")
    case = open_case(desk, reference, actor)
    if not case.row.restricted:
        raise Refused(f"{case.row.reference} is not restricted.")
    given = checks.reason_given(reason)
    episodes.update(desk.session, replace(case.row, restricted=False))
    live = [p.id for p in permits.of_episode(desk.session, case.row.id) if p.on(desk.now) and p.kind in {"named", "glass", "barred"}]
    permits.end(desk.session, live, desk.now)
    record.write(desk, actor, "unrestricted", {"reason": given}, child=case.row.child_id, episode=case.row.id)
    settle(desk, fresh(desk, case))
    return Answer((f"{case.row.reference} is open to everybody of {desk.authority(case.row.authority).name} again.",), case.row.reference)


def fresh(desk: Desk, case: Case) -> Case:
    """The case again, its row included."""
    rows = tuple(episodes.of_child(desk.session, case.row.child_id))
    return replace(case, rows=rows, row=next(r for r in rows if r.id == case.row.id)).reread(desk)


def relatives(desk: Desk, authority: str, typed: str) -> list[Person]:
    """Who of homeward.yml is named as a relative of the child: names separated by commas, however they are written."""
    names = {normalise(name) for name in typed.replace(";", ",").replace("\n", ",").split(",") if normalise(name)}
    return [p for p in people.of_authority(desk, authority) if {normalise(p.name), normalise(p.id)} & names] if names else []


def permit_form(desk: Desk, pack: Pack, case: Case | None) -> tuple[str, str, list[Field]]:
    """Who may see it; those who asked come first."""
    asked = [p.who for p in permits.of_episode(desk.session, case.row.id) if p.kind == "asked"] if case else []
    everybody = people.of_authority(desk, case.row.authority) if case else []
    ordered = sorted(everybody, key=lambda p: p.id not in asked)[:MOST]
    options = people.options(ordered, case.row.authority if case else "")
    fields = [
        Field("person", "Who may see it", "choice", options, required=True, value=asked[-1] if asked else ""),
        Field("until", "Until", "time", hint="Like tomorrow 17:00 or 9 Feb 09:00. Left empty: four weeks."),
        Field("reason", "Why", "long", required=True, hint=SEALED),
    ]
    return "Let somebody see it", "Permit", fields


def permit_sent(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """The form sent in: only an approver decides."""
    case = open_case(desk, context["reference"], actor)
    if not case.row.restricted:
        raise Refused(f"{case.row.reference} is not restricted: everybody of the authority may see it.")
    live = [p for p in permits.of_episode(desk.session, case.row.id) if p.on(desk.now)]
    if actor.id not in {p.id for p in seeing.approvers(desk, case.row, live)}:
        raise Refused("Only an approver lets somebody see a restricted episode.")
    person = people.known(desk, actor, v.needed("person"), "person")
    if person.id in seeing.barred(live):
        raise Refused(f"{person.name} must not see this episode. Restrict it anew if that was wrong.", field="person")
    until = v.time("until", ahead=True) or desk.now + ASKED_FOR
    reason = checks.reason_given(v.text("reason"))
    permits.add(desk.session, Permit(new_id(), "named", case.row.id, person.id, desk.now, actor.id, until))
    permits.end(desk.session, [p.id for p in live if p.kind == "asked" and p.who == person.id], desk.now)
    data = {"person": person.id, "until": until, "reason": reason}
    record.write(desk, actor, "permitted", data, child=case.row.child_id, episode=case.row.id)
    people.tell(
        desk, actor.authority, person, "You may open it", f"You may open {case.row.reference} now: /missing status {case.row.reference}."
    )
    return Answer((f"{person.name} may see {case.row.reference} now.",), case.row.reference)
