"""The decision card: what a protocol says to consider, with the outcomes that fit, a reason, and by whom."""

from __future__ import annotations

from collections.abc import Iterator

from handlers import owed
from handlers.case import Case
from handlers.desk import Actor, Desk
from handlers.fields import SEALED, UNSEEN, Built
from handlers.outgoing import Answer, Field
from handlers.sent_in import Values
from handlers.verbs.decide import Decide, decide
from policies import words
from policies.conditions import All, Any_, Condition, Not
from policies.outcomes import DECIDED
from policies.pack import After, Pack
from policies.question import Decided
from storage import obligations

LABELS = {
    "hold": "Yes, go ahead",
    "not_needed": "Not needed",
    "next_stage": "The next level of meeting",
    "stage_3": "Stage 3",
    "local_procedures": "Local procedures apply",
    "delegated": "Delegated",
    "close": "Close it",
    "approved": "Yes, approved",
    "refused": "No, refused",
}
OPEN_QUESTION = ("approved", "refused", "not_needed")  # where the protocol draws no consequence from the outcome


def built(desk: Desk, pack: Pack, case: Case | None, context: dict[str, str]) -> Built:
    """Which decision (when no message asked), its outcome, and why."""
    row = obligations.by_id(desk.session, context.get("obligation", ""))
    open_now = _open(case, desk)
    asked = [row.action] if row else open_now
    options = dict.fromkeys(outcome for action in asked for outcome in outcomes(pack, action)) or dict.fromkeys(DECIDED)
    which = Field("decision", "Decision", "choice", tuple((a, words.label(a).capitalize()) for a in open_now), required=True)
    fields = [
        *([] if row else [which]),
        Field("outcome", "Outcome", "choice", tuple((o, LABELS[o]) for o in options), required=True),
        Field("reason", "Why", "long", hint=f"Needed where nothing is done. {SEALED}"),
        UNSEEN,
    ]
    return "Decision", "Record the decision", fields


def _open(case: Case | None, desk: Desk) -> list[str]:
    found = [o.duty.action for o in owed.arisen(case, desk) if o.status == "open"] if case else []
    return [action for action in dict.fromkeys(found) if words.actions()[action] == "decision"]


def outcomes(pack: Pack, action: str) -> tuple[str, ...]:
    """Outcomes from which the protocol draws something, and that it is not needed; all of an open question where it draws nothing."""
    drawn = [
        o for rule in (*pack.duties, *pack.notices) for a in rule.anchors if isinstance(a, After) and action in a.actions for o in a.outcome
    ]
    drawn += [o for rule in pack.rules() for d in _asked(rule.when) if d.decided == action for o in d.outcome]
    drawn += [verb.split(":")[2] for block in pack.blocks for verb in block.verbs if verb.startswith(f"decide:{action}:")]
    known = [o for o in dict.fromkeys(drawn) if o in DECIDED]
    return tuple(dict.fromkeys((*known, "not_needed"))) if known else OPEN_QUESTION


def _asked(condition: Condition | None) -> Iterator[Decided]:
    match condition:
        case Decided():
            yield condition
        case Not():
            yield from _asked(condition.not_)
        case All():
            yield from (found for part in condition.all for found in _asked(part))
        case Any_():
            yield from (found for part in condition.any for found in _asked(part))


def sent(v: Values, context: dict[str, str], desk: Desk, who: Actor) -> Answer:
    """The form sent in."""
    row = obligations.by_id(desk.session, context.get("obligation", ""))
    action = row.action if row else v.needed("decision")
    return decide(Decide(context["reference"], action, v.needed("outcome"), v.text("reason")), desk, who)


def typed(rest: str, case: Case, desk: Desk, who: Actor) -> Answer | None:
    """`decide HW-7F3K escalation decision next stage because …`; None when something has to be asked."""
    said, _, reason = rest.partition(" because ")
    plain = "_".join(said.lower().replace("-", " ").split())
    open_now = _open(case, desk)
    action = next((a for a in open_now if plain.startswith(a)), open_now[0] if len(open_now) == 1 else None)
    outcome = plain.removeprefix(action or "").strip("_")
    if action is None or outcome not in DECIDED:
        return None
    return decide(Decide(case.row.reference, action, outcome, reason.strip()), desk, who)
