"""Set facts of the child or episode, the risk above all: what follows from them is asked at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers import checks, joining, record
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.fields import RISKS, Built, choice
from handlers.outgoing import Answer, Field
from handlers.settle import settle
from policies import words
from policies.ages import as_date
from policies.pack import Pack
from policies.worktime import said
from storage import children


@dataclass(frozen=True)
class Change:
    """Facts of vocabulary.yml with their new values. `verb`: risk, or set."""

    reference: str
    facts: Mapping[str, Any]
    reason: str = ""
    verb: str = field(default="set")


def risk_form(desk: Desk, pack: Pack, case: Case | None) -> Built:
    """The risk, and why."""
    now = str(case.row.risk_level or "") if case else ""
    return "Risk", "Set the risk", [choice("risk_level", "Risk", RISKS, now), Field("reason", "Why", "long")]


def change(command: Change, desk: Desk, actor: Actor) -> Answer:
    """Record the facts; raises Refused when the protocol bars a value (TRI-061: no low risk under 18)."""
    actor.check(command.verb)
    case = open_case(desk, command.reference, actor)
    facts = checks.known_facts(command.facts)
    checks.birth(desk, as_date(facts.get("date_of_birth")))
    first = next(iter(facts), None)
    checks.blocked("set", case.pack, checks.wish(case, desk, facts), field=first, roles=actor.roles)
    _know_birth(desk, case, facts)
    data = {"facts": facts, "reason": checks.short_enough(command.reason, "reason")}
    record.write(desk, actor, "set", data, child=case.row.child_id, episode=case.row.id)
    before = {o.key for o in case.derived(desk).obligations}
    settled = settle(desk, case.reread(desk))
    new = [o for o in settled.derived.arisen(desk.now) if o.key not in before]
    changed = ", ".join(f"{words.label(name)}: {_shown(value)}" for name, value in facts.items() if name != "date_of_birth")
    lines = [f"Recorded for {case.row.reference}" + (f": {changed}." if changed else ".")]
    lines += [f"This now asks for: {'; '.join(o.duty.says for o in new)}."] if new else []
    return Answer(tuple(lines), case.row.reference)


def _shown(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, datetime):
        return said(value)
    return ("yes" if value else "no") if isinstance(value, bool) else words.label(str(value))


def _know_birth(desk: Desk, case: Case, facts: dict[str, Any]) -> None:
    born = as_date(facts.get("date_of_birth"))
    if born:
        for one, known in children.identities(desk.session, desk.vault, joining.records(desk, case.row.child_id)).items():
            children.change_identity(desk.session, desk.vault, one, {**known, "date_of_birth": born.isoformat()})
