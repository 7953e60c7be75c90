"""A decision a protocol asks somebody to consider: outcome, reason, by whom; never decided by silence."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import checks, owed, record
from handlers.case import open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.outgoing import Answer
from handlers.settle import settle
from policies import words
from policies.outcomes import DECIDED

NEED_REASON = frozenset({"not_needed", "local_procedures", "delegated", "refused"})


@dataclass(frozen=True)
class Decide:
    """The decision's action, and its outcome."""

    reference: str
    decision: str
    outcome: str
    reason: str = ""


def decide(command: Decide, desk: Desk, actor: Actor) -> Answer:
    """Record the decision. "Not needed" wants a reason (MATRIX G8)."""
    actor.check("decide")
    case = open_case(desk, command.reference, actor)
    if command.outcome not in DECIDED:
        raise Refused(f"The outcomes are {', '.join(DECIDED)}{words.nearest(command.outcome, DECIDED) or '.'}", field="outcome")
    if command.decision not in words.actions():
        raise Refused(
            f"'{command.decision[:40]}' is not a decision here{words.nearest(command.decision, words.actions()) or '.'}", field="decision"
        )
    reason = checks.reason_given(command.reason) if command.outcome in NEED_REASON else checks.short_enough(command.reason, "reason")
    asked = [o for o in owed.arisen(case, desk) if o.status == "open" and o.duty.action == command.decision]
    owed.may_decide(case, asked, command.decision, actor)
    wish = checks.wish(case, desk, {})
    checks.blocked(f"decide:{command.decision}:{command.outcome}", case.pack, wish, field="outcome", roles=actor.roles, reason=reason)
    data = {
        "action": command.decision,
        "keys": [list(o.key) for o in asked],
        "outcome": command.outcome,
        "reason": reason,
    }
    record.write(desk, actor, "decided", data, child=case.row.child_id, episode=case.row.id)
    settled = settle(desk, case.reread(desk))
    new = [p for p in settled.stored.changes if p.before is None]
    brought = f" This now asks for: {', '.join(words.label(c.after.action) for c in new)}." if new else ""
    return Answer((f"Decided: {words.label(command.decision)}, {words.label(command.outcome)}.{brought}",), case.row.reference)
