"""Every journey that takes words, told once: what is typed, and a canary for each field that it may ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handlers.reports.catalogue import DESIGNS
from tests.attack.canaries import CANARIES

REASON, NOTE, PLACE = CANARIES["reason"], CANARIES["note"], CANARIES["place"]
WORDS = {
    **{name: CANARIES[name] for name in ("narrative", "on_behalf", "seen_by", "police_reference")},
    "reason": REASON,
    "note": NOTE,
    "text": NOTE,
    "place": PLACE,
    "agenda": NOTE,
    "agreed": f"social worker; {NOTE}; 10 Feb 12:00",
}
WORKER, MANAGER, COORDINATOR = "2", "3", "4"
Step = tuple[str, dict[str, str], str]


def step(typed: str, by: str = COORDINATOR, **values: str) -> Step:
    """What is typed, what is filled in beside the words, and by whom."""
    return typed, {**WORDS, **values}, by


WHILE_MISSING = (
    step("risk {}", risk_level="high"),
    step("have {}"),
    step("done {}"),
    step("phoned {}"),
    step("meeting {} strategy", starts="2026-02-05T10:00"),
    step("answer {} strategy meeting", answer="declined", agency="police"),
    step("answer {} strategy meeting", answer="delegated", agency="health", to=CANARIES["on_behalf"]),
    step("invite {} strategy meeting", who="school"),
    step("held {} strategy meeting", held="no"),
    step("cancel {} strategy meeting"),
    step("waive {}", MANAGER),
    step("waive {}", WORKER),
    step("extend {}", MANAGER, until="2026-02-09T12:00"),
    step("decide {}", MANAGER, outcome="not_needed"),
    step("reclassify {}", category="absent"),
    step("reclassify {}", category="missing"),
    step("correct {}", missing_since="2026-02-01T20:30"),
    step("allocate {}"),
    step("restrict {}"),
    step("permit {}", until="2026-02-09T12:00"),
    step("request", WORKER, reference="{}"),
    step("glass", WORKER, reference="{}"),
    step("review {}"),
    step("unrestrict {}"),
    step("handover", to="edt.one", until="2026-02-03T20:00"),
    step("away", since="2026-02-07T09:00", until="2026-02-08T09:00"),
    step("suspend"),
    step("restore"),
    step("panel"),
    step("held {} strategy meeting", held="yes"),
    step("feedback {}", told_child="yes", told_carers="no", told_parents="yes"),
)
ONCE_BACK = (
    step("interview {} offered"),
    step("interview {} accepted"),
    step("interview {} reassigned"),
    step("interview {} not_done", WORKER),
    step("interview {} declined"),
    step("interview {} conducted"),
    step("interview {} recorded"),
    step("undo {}"),
    step("close {}"),
)
LOOKED_AT = (
    *("list", "mine", "help", "waiting", "who social worker", "people", "status {}", "answers {}", "agenda {} strategy meeting"),
    *("interview {} prompts", "reports", *(f"reports {one.word}" for one in DESIGNS)),
)
READ = {"agenda": (PLACE, NOTE)}  # by those who are invited: where to come, and what about
KINDS = {
    *("reported", "noted", "found", "corrected", "voided", "acknowledged", "completed", "set", "reclassified", "waived", "extended"),
    *("scheduled", "responded", "invited", "held", "not_held", "cancelled", "interviewed", "reassigned", "approval_asked", "allocated"),
    *("restricted", "unrestricted", "permitted", "requested", "glass_broken", "glass_reviewed", "suspended", "restored", "away"),
    *("closed", "undone", "merged", "handed_over", "shown"),
}


def slack_values(view: dict[str, Any], values: dict[str, str]) -> dict[str, str]:
    """The words, and the first choice wherever one is asked for."""
    fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    chosen = {
        name: element["options"][0]["value"]
        for name, element in fields.items()
        if element.get("options") and "initial_option" not in element
    }
    return {**chosen, **_notes(fields), **values}


def teams_values(card: dict[str, Any], values: dict[str, str]) -> dict[str, str]:
    """The same of a card."""
    fields = {e["id"].removeprefix("in:"): e for e in card["body"] if str(e.get("type", "")).startswith("Input.")}
    chosen = {name: e["choices"][0]["value"] for name, e in fields.items() if e.get("choices") and not e.get("value")}
    return {**chosen, **_notes(fields), **values}


def _notes(fields: Iterable[str]) -> dict[str, str]:
    """A handover has one for each child."""
    return {name: NOTE for name in fields if name.startswith("note:")}
