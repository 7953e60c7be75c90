"""What a report asks: what is known of the child, the protocol's own questions, and what happened."""

from __future__ import annotations

from handlers import facts_asked
from handlers.case import Case
from handlers.desk import Desk
from handlers.fields import PAST, RISKS, SEALED, UNSEEN, Built, choice
from handlers.outgoing import Field
from policies import words
from policies.pack import Pack

POLICE_TOLD = "police-told"  # of a check by which a protocol asks it in words of its own


def form(desk: Desk, pack: Pack, case: Case | None) -> Built:
    """Everything may be left out but the category."""
    statuses = tuple(words.vocabulary()["care_statuses"])
    asked = [_asked(fact) for fact in pack.intake.asks if fact != "care_status"]
    own = {check.id: Field(f"check:{check.id}", check.ask, "yesno") for check in pack.intake.checks}
    return (
        "Report a child missing",
        "Report",
        [
            choice("category", "Category", tuple(pack.categories), pack.intake.default_category),
            Field("missing_since", "Missing since", "time", hint=f"{PAST} Leave empty if nobody knows."),
            choice("risk_level", "Risk", RISKS, pack.intake.default_risk, required=False),
            choice("care_status", "Care status", statuses, required=False, hint="Leave empty if not known"),
            Field("case_reference", "Case reference", "text", hint="From the case system, if known"),
            Field("initials", "Initials", "text"),
            Field("surname", "Surname", "text", hint=SEALED),
            Field("date_of_birth", "Date of birth", "date", hint=SEALED),
            own.pop(POLICE_TOLD, Field("police_told", "Have the police been told?", "yesno")),
            Field("police_reference", "Police reference", "text"),
            *asked,
            *own.values(),
            Field("relatives", "Relatives who work here", "text", hint=f"Their names. It is restricted then. {SEALED}"),
            Field("narrative", "What happened, as far as you know", "long", hint=SEALED),
            UNSEEN,
        ],
    )


def _asked(fact: str) -> Field:
    return Field(fact, words.label(fact).capitalize() + "?", "yesno") if words.facts()[fact].type == "bool" else facts_asked.field(fact)
