"""What is known of the child and may have changed: every fact that a rule of the protocol hangs on, asked in one form."""

from __future__ import annotations

from handlers.case import Case
from handlers.desk import Actor, Desk
from handlers.facts_asked import field, shown, typed
from handlers.fields import UNSEEN, Built
from handlers.outgoing import Answer, Field
from handlers.owed import is_staff
from handlers.sent_in import Values
from handlers.verbs.change import Change, change
from policies.pack import Pack
from policies.statable import met_by, statable
from storage.obligations import ObligationRow


def built(desk: Desk, pack: Pack, case: Case, who: Actor) -> Built:
    """What is known stands in it for the council's staff; a partner's form is empty, and what is left empty stays as it is."""
    known = case.derived(desk).reading.at(desk.now) if is_staff(who) else None
    fields = [field(name, known.value(name) if known else None) for name in statable(pack)]
    return "What is known now", "Save", [*fields, Field("reason", "Why, or who says so", "long"), UNSEEN]


def wanted(pack: Pack, row: ObligationRow) -> list[Field]:
    """What has to be said for this to be done: the limit that was agreed, the level that was set."""
    fact = next((met_by(duty) for duty in pack.duties if duty.id == row.rule), None)
    return [field(fact, required=True)] if fact else []


def sent(v: Values, case: Case, desk: Desk, who: Actor) -> Answer:
    """The form sent in: only what differs from what is known is recorded."""
    known = case.derived(desk).reading.at(desk.now)
    facts = {name: value for name, value in typed(v, statable(case.pack)).items() if shown(value) != shown(known.value(name))}
    if not facts:
        return Answer((f"{case.row.reference}: nothing was changed.",), case.row.reference)
    return change(Change(case.row.reference, facts, v.text("reason")), desk, who)
