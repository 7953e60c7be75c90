"""An agency answers an invitation: it comes, perhaps, not and why, or it sends somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers import checks, owed, record
from handlers.case import Case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.gathering.attendance import answers_for, gathering
from handlers.gathering.typed import NOBODY, named
from handlers.outgoing import Answer
from handlers.settle import settle
from handlers.verbs.meeting import about
from policies import words
from policies.worktime import said

ANSWERS = {"accepted": "accepts", "tentative": "may come", "declined": "declines", "delegated": "sends somebody else"}


@dataclass(frozen=True)
class Respond:
    """An agency's answer. `to`: who comes instead; `how`, `at`: "calendar" and when it was given there, where nobody asks for a reason."""

    reference: str
    meeting: str
    agency: str
    answer: str
    reason: str = ""
    to: str | None = None
    how: str = ""
    at: datetime | None = None


def respond(command: Respond, desk: Desk, actor: Actor) -> Answer:
    """Record an agency's answer, kept also when the invitation goes out later."""
    actor.check("respond")
    case, meeting = about(desk, command.reference, actor, command.meeting)
    if command.answer not in ANSWERS:
        raise Refused(
            f"Answer with accepted, tentative, declined or delegated{words.nearest(command.answer, ANSWERS) or '.'}", field="answer"
        )
    _known(command.agency)
    found = gathering(desk, case, meeting)
    if found is None:
        _not_over(case, meeting)
    agency = answers_for(actor, meeting, command.agency, found.standings if found else (), case.episode.responses)
    reason = (
        checks.reason_given(command.reason)
        if command.answer == "declined" and not command.how
        else checks.short_enough(command.reason, "reason")
    )
    to, note = _instead(command, agency, desk) if command.answer == "delegated" else (checks.one_line(command.to, "to"), "")
    data = {"action": meeting, "agency": agency, "answer": command.answer, "reason": reason, "to": to} | (
        {"how": command.how} if command.how else {}
    )
    record.write(desk, actor, "responded", data, child=case.row.child_id, episode=case.row.id, at=command.at)
    settle(desk, case.reread(desk), touched=owed.rows_of(desk, case, meeting))
    first = f"Noted: {words.label(agency)} {ANSWERS[command.answer]} ({words.label(meeting)})."
    return Answer((first, note) if note else (first,), case.row.reference)


def _known(agency: str) -> None:
    known = {*words.vocabulary()["agencies"], *words.roles()}
    if agency not in known:
        raise Refused(f"'{agency[:40]}' is not an agency here{words.nearest(agency, known) or '.'}", field="agency")


def _not_over(case: Case, meeting: str) -> None:
    """An answer to a meeting that was held already is no answer; one to a meeting that is not asked for yet is kept."""
    held = [d.at for d in case.episode.done if d.action == meeting and not d.decision]
    if held:
        raise Refused(f"The {words.label(meeting)} was held {said(held[-1])}, so there is nothing to answer. Tell the social worker.")


def _instead(command: Respond, agency: str, desk: Desk) -> tuple[str, str]:
    """(who comes, what to say of it): `@id` for somebody known here, who is invited; the words as typed for anybody else."""
    typed = checks.one_line(command.to, "to")
    if command.to is not None and typed.lower() in NOBODY:
        raise Refused("Say who comes instead, by name or role; if nobody can, decline and say why.", field="to")
    person = named(typed, desk) if typed else None
    known = desk.directory.person(person) if person else None
    if known is None:
        return typed, "They are not known here, so tell them yourself when and where it is." if typed else ""
    theirs = {agency, words.agency_of(agency) if agency in words.roles() else agency}
    if known.agency not in theirs | {"any_agency"} and not theirs & {"any_agency"}:
        raise Refused(f"{known.name} is of {words.label(known.agency)}. Send somebody of {words.label(agency)}, or decline.", field="to")
    return f"@{known.id}", f"{known.name} is invited."
