"""Report a child missing: opens the episode, or becomes a note on the one that is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from handlers import alarms, checks, overlaps, record
from handlers.case import Case, latest_open, read, take
from handlers.desk import Actor, Desk
from handlers.errors import HandlerError, Refused
from handlers.outgoing import Answer
from handlers.settle import settle
from handlers.summary import after_report
from handlers.verbs import same_child
from policies import words
from policies.facts import CARE_CATEGORIES, IN_CARE, as_date
from policies.pack import Pack
from policies.worktime import said
from storage import children, episodes
from storage.episodes import EpisodeRow
from storage.ids import new_id

SAME_QUESTION = ("same", "different", "unsure")


@dataclass(frozen=True)
class Report:
    """What the form asks. `missing_since` None: nobody knows. `identity`: case_reference, initials, surname, forename.

    `police_told`: the reporter has done that already, which is theirs to say whatever their permissions.
    `same`: the answer to the same-child question, with the `existing` reference it was about. `checks`: answers to the
    questions of the intake, which are kept and stop nothing.
    """

    category: str
    missing_since: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    identity: Mapping[str, str] = field(default_factory=dict)
    narrative: str = ""
    checks: Mapping[str, str] = field(default_factory=dict)
    police_told: bool = False
    police_reference: str = ""
    same: Literal["same", "different", "unsure"] | None = None
    existing: str | None = None
    child_id: str | None = None


class SameChild(HandlerError):
    """An open episode may be about the same child; asked before anything is written."""

    def __init__(self, reference: str, *, exact: bool) -> None:
        sure = f"{reference} is open for this child. Is it the same child?"
        super().__init__(sure if exact else f"{reference} may be about the same child.")
        self.reference, self.exact = reference, exact


def report(command: Report, desk: Desk, actor: Actor) -> Answer:
    """Open an episode. Raises Refused for what cannot be, SameChild when the question is still to be asked."""
    actor.check("report")
    known, pack = desk.pack_in_force(desk.authority(actor.authority))
    _checked(command, desk, actor, pack)
    asked = same_child.asked_about(desk, actor.authority, command.existing) if command.same == "same" else None
    if command.child_id or asked:
        return _for_known_child(command, desk, actor, known, command.child_id or asked or "")
    match = same_child.find(desk, actor.authority, command.identity, command.facts)
    if match and command.same is None:
        raise SameChild(match.reference, exact=match.exact)
    if match and command.same == "same":
        return _for_known_child(command, desk, actor, known, match.child_id)
    past = None if match else same_child.past(desk, actor.authority, command.identity)
    child = past or children.add(desk.session, desk.vault, actor.authority, _identity(command), desk.now)
    answer = _open(command, desk, actor, known, child, episodes.lock(desk.session, child) if past else [])
    if match and command.same == "unsure":
        _ask_coordinator(desk, actor, answer.reference or "", match.reference)
    return answer


def _checked(command: Report, desk: Desk, actor: Actor, pack: Pack) -> None:
    if command.category not in pack.categories:
        near = words.nearest(command.category, pack.categories) or "."
        raise Refused(f"'{command.category[:40]}' is not a category of this protocol{near}", field="category")
    checks.not_in_future(desk, command.missing_since, "Missing since", "missing_since")
    checks.birth(desk, as_date(command.facts.get("date_of_birth")))
    in_care = command.facts.get("care_status") in IN_CARE or command.category in CARE_CATEGORIES
    checks.not_long_ago(desk, command.missing_since, as_date(command.facts.get("date_of_birth")), "missing_since", in_care=in_care)
    checks.short_enough(command.narrative, "narrative")
    for name, text in {**command.identity, "police_reference": command.police_reference}.items():
        checks.one_line(text, name)
    if command.same not in {None, *SAME_QUESTION}:
        raise Refused("Say whether it is the same child.", field="same")
    facts = checks.known_facts(command.facts) | {"category": command.category}
    calendar = desk.authority(actor.authority).calendar
    checks.blocked(
        "report", pack, checks.first_wish(pack, calendar, desk.now, command.missing_since, facts), field="risk_level", roles=actor.roles
    )


def _for_known_child(command: Report, desk: Desk, actor: Actor, known: str, child: str) -> Answer:
    """The child is known: an open episode takes the report as a note, else this opens the next one."""
    rows = episodes.lock(desk.session, child)
    if rows:
        case = take(desk, child, rows[-1].id)
        still = latest_open(case)
        if still:
            return _as_note(command, desk, actor, case.of(still, desk.pack(still.pack_hash)))
    return _open(command, desk, actor, known, child, rows)


def _identity(command: Report) -> dict[str, str | None]:
    born = as_date(command.facts.get("date_of_birth"))
    return {**command.identity, "date_of_birth": born.isoformat() if born else None}


def _open(command: Report, desk: Desk, actor: Actor, known: str, child: str, earlier: list[EpisodeRow]) -> Answer:
    """`earlier`: the child's episodes, locked; none for a child who is new in this transaction."""
    overlaps.not_before_the_last_ended(command.missing_since, earlier)
    row = EpisodeRow(
        id=new_id(),
        authority=actor.authority,
        child_id=child,
        reference=episodes.free_reference(desk.session),
        pack_hash=known,
        number=len(earlier) + 1,
        status="open",
        category=command.category,
        notified_at=desk.now,
        missing_since=command.missing_since,
    )
    episodes.add(desk.session, row)
    data = {
        "category": command.category,
        "missing_since": command.missing_since,
        "facts": dict(command.facts),
        "narrative": checks.short_enough(command.narrative, "narrative"),
        "checks": dict(command.checks),
    }
    record.write(desk, actor, "reported", data, child=child, episode=row.id)
    _police_told(command, desk, actor, row)
    settled = settle(desk, read(desk, (*earlier, row), row.id))
    return after_report(desk, settled, actor)


def _as_note(command: Report, desk: Desk, actor: Actor, case: Case) -> Answer:
    """A second report of a child who is being looked for: kept whole, and the managers hear of it."""
    data = {
        "text": command.narrative,
        "facts": dict(command.facts),
        "missing_since": command.missing_since,
        "category": command.category,
        "identity": dict(command.identity),
        "checks": dict(command.checks),
    }
    note = record.write(desk, actor, "noted", data, child=case.row.child_id, episode=case.row.id)
    _police_told(command, desk, actor, case.row)
    appended = {"action": "duplicate_report_append"}
    record.write(desk, actor, "completed", appended, child=case.row.child_id, episode=case.row.id)
    settled = settle(desk, case.reread(desk))
    again = f"{case.row.reference} was reported a second time, by {actor.person.name}. What they said is kept with it."
    alarms.raise_alarm(desk, actor.authority, f"again:{note}", again, reference=case.row.reference)
    since = said(case.row.notified_at)
    return Answer(
        (
            f"{case.row.reference} is open for this child since {since}. Your report was added to it.",
            *after_report(desk, settled, actor).lines[1:],
        ),
        case.row.reference,
    )


def _police_told(command: Report, desk: Desk, actor: Actor, row: EpisodeRow) -> None:
    if command.police_told:
        data = {"action": "police_notification", "done_at": desk.now, "note": command.police_reference}
        record.write(desk, actor, "completed", data, child=row.child_id, episode=row.id)


def _ask_coordinator(desk: Desk, actor: Actor, new: str, old: str) -> None:
    sentence = f"{new} and {old} may be the same child; the reporter was not sure. Please look, and merge them if they are."
    alarms.raise_alarm(desk, actor.authority, f"same:{new}:{old}", sentence, reference=new)
