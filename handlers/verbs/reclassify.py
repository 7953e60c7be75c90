"""Reclassify: another category, from now or from an earlier moment; thresholds are counted anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from handlers import checks, record
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.errors import NeedsApproval, Refused
from handlers.fields import PAST, Built, choice
from handlers.outgoing import Answer, Field
from handlers.settle import settle
from policies import words
from policies.pack import Category, Pack
from policies.worktime import said


@dataclass(frozen=True)
class Reclassify:
    """`since` None: from now, or all of the last stretch of a child who is found. `absence_limit_at`: agreed until then (BURY-75)."""

    reference: str
    category: str
    since: datetime | None = None
    absence_limit_at: datetime | None = None
    reason: str = ""


def form(desk: Desk, pack: Pack, case: Case | None) -> Built:
    """To which category, from when, and why."""
    now = case.row.category if case else ""
    fields = [
        choice("category", "Category", tuple(pack.categories), now),
        Field("since", "Since, if not from now", "time", hint=PAST),
        Field("absence_limit_at", "Absence agreed until", "time", hint="Only for an agreed absence"),
        Field("reason", "Why", "long"),
    ]
    return "Another category", "Change", fields


def reclassify(command: Reclassify, desk: Desk, actor: Actor) -> Answer:
    """Record the change. Raises Refused for a category the protocol has not, or a role that may not decide it."""
    actor.check("reclassify")
    case = open_case(desk, command.reference, actor)
    checks.still_counts(case)
    command = replace(command, category=words.category_in(command.category, case.pack.categories))
    entry = _category(command.category, case, actor)
    checks.not_in_future(desk, command.since, "Since", "since")
    checks.not_before(command.since, case.episode.stated_since, "Since", "since")
    checks.not_before(command.absence_limit_at, command.since or desk.now, "The agreed limit", "absence_limit_at", "the absence began")
    checks.blocked("reclassify", case.pack, checks.wish(case, desk, {"category": command.category}), field="category", roles=actor.roles)
    since = command.since or _last_stretch(case)
    data = {
        "category": command.category,
        "since": since,
        "absence_limit_at": command.absence_limit_at,
        "facts": dict(entry.sets),
        "reason": checks.short_enough(command.reason, "reason"),
    }
    record.write(desk, actor, "reclassified", data, child=case.row.child_id, episode=case.row.id)
    settle(desk, case.reread(desk), why=f"reclassified by {actor.person.name}")
    limit = f", agreed until {said(command.absence_limit_at)}" if command.absence_limit_at else ""
    over = f", from {said(since)}, as the child is found" if since and not command.since else ""
    return Answer((f"{case.row.reference} is now {words.label(command.category)}{over}{limit}.",), case.row.reference)


def _category(name: str, case: Case, actor: Actor) -> Category:
    """The category as the protocol has it, if the actor may decide it."""
    entry = case.pack.categories.get(name)
    if entry is None:
        raise Refused(
            f"'{name[:40]}' is not a category of this protocol{words.nearest(name, case.pack.categories) or '.'}", field="category"
        )
    if entry.changed_by and not set(entry.changed_by) & actor.roles:
        who = " or ".join(words.label(role) for role in entry.changed_by)
        only = f"Only {who} can make this '{words.label(name)}' ({', '.join(entry.clauses)})."
        raise NeedsApproval(only, entry.changed_by, "category")
    return entry


def _last_stretch(case: Case) -> datetime | None:
    """When the last category began of a child who is found: what is said of it now cannot hold from now on."""
    return case.episode.categories[-1][0] if case.episode.found_at else None
