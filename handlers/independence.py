"""Who may hold a return interview: the roles a child can ask for, the people who hold them, and what the protocol forbids."""

from __future__ import annotations

from collections.abc import Iterator

from handlers import checks, owed
from handlers.case import Case
from handlers.desk import Actor, Desk
from handlers.directory import Person
from handlers.errors import Refused
from policies import words
from policies.conditions import All, Any_, Condition, Not
from policies.interviews import INTERVIEW, OFFER, RECORD, SHARING, SIGNOFF
from policies.pack import Duty, Pack
from policies.question import Test

PARTS = frozenset({OFFER, INTERVIEW, RECORD, SIGNOFF, SHARING})
# Whom a child may ask for where the protocol leaves it open; TRI-192: any independent professional known to the child.
OPEN_CHOICE = (
    "social_worker",
    "personal_adviser",
    "child_and_family_worker",
    "youth_worker",
    "childrens_rights_worker",
    "advocate",
    "network_professionals",
    "education_representative",
    "school_nurse",
    "camhs",
    "youth_justice_service",
)


def interviewers(case: Case, desk: Desk) -> tuple[str, ...]:
    """Roles that may hold it: those the protocol routes it to, and those the child may ask for, less those it forbids."""
    duties = [d for d in case.pack.duties if d.action == INTERVIEW]
    routed = [route.role for d in duties for route in d.owner] + [role for d in duties for role in d.co_owners]
    named = [role for d in duties for role in _named(d)]
    found = dict.fromkeys((*routed, *(named or OPEN_CHOICE)))
    return tuple(role for role in found if allowed(case, desk, role))


def allowed(case: Case, desk: Desk, role: str) -> bool:
    """Whether the protocol lets the role hold this child's interview."""
    try:
        check(case, desk, role, "")
    except Refused:
        return False
    return True


def records(case: Case, desk: Desk, actor: Actor, step: str = "") -> None:
    """A step is recorded by the council, by whoever holds the interview or owes a part of it, and by who may hold it; else Refused.

    What the police do when a child is back is a check of their own, and never this. That it was shared with them they may say.
    """
    parts = [o for o in owed.arisen(case, desk) if o.duty.action in PARTS]
    told = step == "shared" and any(owed.concerns(o, actor) for o in parts if o.duty.action == SHARING)
    its_own = case.episode.interviewer == actor.id or any(owed.ours(o, actor) for o in parts) or actor.roles & {*interviewers(case, desk)}
    if not (owed.is_staff(actor) or told or its_own):
        raise Refused(
            "The return interview is independent: its steps are recorded by whoever holds it, or by the council. "
            f"Tell the social worker, or type 'note {case.row.reference}'."
        )


def check(case: Case, desk: Desk, role: str | None, field: str, roles: frozenset[str] = frozenset()) -> None:
    """Never the direct carer; for a child in care nobody who manages the placement: as the pack's blocks say it. Raises Refused."""
    checks.blocked("interview", case.pack, checks.wish(case, desk, {"interviewer_role": role}), field=field, roles=roles)


def people(case: Case, desk: Desk) -> list[tuple[Person, str]]:
    """Everybody who could be given it, with the role they would hold it in."""
    roles = interviewers(case, desk)
    found = []
    for person in desk.directory.people:
        held = person.held(case.row.authority, desk.today)
        fitting = next((role for role in roles if role in held), None)
        if fitting and all(allowed(case, desk, role) for role in held):
            found.append((person, fitting))
    return found


def _named(duty: Duty) -> Iterator[str]:
    """Roles that the protocol itself offers the child (BURY-49)."""
    for route in duty.owner:
        yield from (str(value) for test in _tests(route.when) if test.fact == "interviewer_choice" for value in _values(test))


def _values(test: Test) -> tuple[object, ...]:
    return (test.is_,) if test.is_ is not None else test.any_of or ()


def _tests(condition: Condition | None) -> Iterator[Test]:
    match condition:
        case Test():
            yield condition
        case Not():
            yield from _tests(condition.not_)
        case All():
            yield from (test for part in condition.all for test in _tests(part))
        case Any_():
            yield from (test for part in condition.any for test in _tests(part))


def prompts(pack: Pack) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the protocol says about the conversation, and the topics of its form; of the register's where its own was not supplied."""
    form_id = next((d.form for d in pack.duties if d.action == INTERVIEW and d.form), "rhi_considerations")
    form = next((f for f in pack.forms if f.id == form_id), None)
    about = tuple(words.clauses()[c]["summary"] for c in form.clauses if c in words.clauses()) if form else ()
    own = [(f.id, f.label) for f in form.fields] if form else []
    known = words.vocabulary()["forms"]
    listed = known.get(form_id, {}).get("fields") or known["rhi_considerations"]["fields"]
    topics = own or [(f["id"], f["label"]) for f in listed]
    return about, tuple(label.replace("_", " ") for id_, label in topics if id_ not in {"interviewer", "outcome"})
