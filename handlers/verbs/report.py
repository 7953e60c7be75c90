"""Report a child missing: opens the episode, or becomes a note on the one that is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from handlers import alarms, checks, overlaps, people, record, seeing
from handlers.case import Case, begin, latest_open, read, take
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.outgoing import Answer
from handlers.settle import settle
from handlers.summary import NOT_POLICE, after_report
from handlers.verbs import merge, restrict, same_child, second_report
from handlers.verbs.same_child import SAME_QUESTION, SameChild
from policies import words
from policies.ages import as_date
from policies.facts import CARE_CATEGORIES, IN_CARE
from policies.pack import Pack
from storage import children, episodes
from storage.episodes import EpisodeRow
from storage.ids import new_id


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
    relatives: str = ""


def report(command: Report, desk: Desk, actor: Actor) -> Answer:
    """Open an episode. Raises Refused for what cannot be, SameChild when the question is still to be asked."""
    actor.check("report")
    known, pack = desk.pack_in_force(desk.authority(actor.authority))
    command = replace(command, category=words.category_in(command.category, pack.categories))
    _checked(command, desk, actor, pack)
    asked = same_child.asked_about(desk, actor.authority, command.existing) if command.same == "same" else None
    if command.child_id or asked:
        return _for_known_child(command, desk, actor, known, command.child_id or asked or "")
    named = same_child.named(desk, actor.authority, command.identity)
    match = same_child.find(desk, actor.authority, command.identity, command.facts, named)
    if match and command.same is None:
        raise SameChild(match.reference, exact=match.exact)
    if match and command.same == "same":
        return _for_known_child(command, desk, actor, known, match.child_id)
    past = None if match or not named else named[0]
    if past and (unseen := second_report.hidden(desk, past)):
        return second_report.added_unseen(desk, actor, unseen, _said(command))
    child = past or children.add(desk.session, desk.vault, actor.authority, _identity(command), desk.now)
    answer = _open(command, desk, actor, known, child, episodes.lock(desk.session, child) if past else None)
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
            whole = _said(command) | {"identity": dict(command.identity), "checks": dict(command.checks)}
            return second_report.added(desk, actor, case.of(still, desk.pack(still.pack_hash)), whole, _police_told(command, desk))
    return _open(command, desk, actor, known, child, rows)


def _identity(command: Report) -> dict[str, str | None]:
    born = as_date(command.facts.get("date_of_birth"))
    return {**command.identity, "date_of_birth": born.isoformat() if born else None}


def _open(command: Report, desk: Desk, actor: Actor, known: str, child: str, earlier: list[EpisodeRow] | None) -> Answer:
    """`earlier`: the child's episodes, locked; None for a child who is new in this transaction."""
    overlaps.not_before_the_last_ended(command.missing_since, earlier or ())
    wanted = EpisodeRow(
        id=new_id(),
        authority=actor.authority,
        child_id=child,
        pack_hash=known,
        number=len(earlier or ()) + 1,
        status="open",
        category=command.category,
        notified_at=desk.now,
        missing_since=command.missing_since,
    )
    row = episodes.add(desk.session, wanted)
    data = {
        "category": command.category,
        "missing_since": command.missing_since,
        "facts": dict(command.facts),
        "narrative": checks.short_enough(command.narrative, "narrative"),
        "checks": dict(command.checks),
        "relatives": checks.short_enough(command.relatives, "relatives"),
    }
    told = record.write_first(desk, actor, [("reported", data), *_police_told(command, desk)], child=child, episode=row.id)
    born = as_date(command.facts.get("date_of_birth"))
    case = begin(desk, row, told, born) if earlier is None else read(desk, (*earlier, row), row.id)
    if working := restrict.relatives(desk, actor.authority, command.relatives):
        return _restricted(desk, actor, case, [p.id for p in working])
    return after_report(desk, settle(desk, case), actor)


def _restricted(desk: Desk, actor: Actor, case: Case, relatives: list[str]) -> Answer:
    """Somebody who works here is a relative: nobody but those who must learns of it, from the start."""
    may = () if actor.id in relatives else (actor.id,)
    restrict.close_to_others(desk, case, actor, may, relatives, "by itself: somebody who works here is recorded as a relative")
    reference = f"{case.row.reference} is open and restricted: " if may else "It is kept, and restricted: "
    for person in seeing.approvers(desk, restrict.fresh(desk, case).row):
        people.tell(
            desk, actor.authority, person, "A restricted episode", f"{case.row.reference} was reported and is restricted by itself."
        )
    return Answer((f"{reference}no room shows it. Its approver was told.", NOT_POLICE), case.row.reference if may else None)


def _said(command: Report) -> dict[str, Any]:
    """What a report says, as a note keeps it."""
    return {"text": command.narrative, "facts": dict(command.facts), "missing_since": command.missing_since, "category": command.category}


def _police_told(command: Report, desk: Desk) -> list[tuple[str, dict[str, Any]]]:
    """What the journal says of it, where the reporter has told them."""
    data = {"action": "police_notification", "done_at": desk.now, "note": command.police_reference}
    return [("completed", data)] if command.police_told else []


def _ask_coordinator(desk: Desk, actor: Actor, new: str, old: str) -> None:
    sentence = f"{new} and {old} may be the same child; the reporter was not sure. Please look: merge {new} if they are."
    merge.remember(desk, new, old)
    alarms.raise_alarm(desk, actor.authority, f"same:{new}:{old}", sentence, reference=new, buttons=("merge",))
