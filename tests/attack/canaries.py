"""The canaries: a name, birth dates and free texts that nobody else has, and the search for them."""

from collections.abc import Mapping
from typing import Any

CANARIES = {
    "surname": "Zebedee-Quill",
    "initials": "ZQXJ",
    "case_reference": "CASEREF-9917",
    "police_reference": "POLREF-4402",
    "narrative": "leftbythewindow",
    "relatives": "auntpetronella",
    "on_behalf": "nightcarermarigold",
    "note": "seenatthestation",
    "seen_by": "officerplum",
    "reason": "wronglywrittendown",
    "place": "seventeenfoxgloverow",
    "date_of_birth": "2012-03-04",
}
ALSO = ("4 Mar 2012", "4 March 2012", "04/03/2012", "20120304")
BORN = (CANARIES["date_of_birth"], *ALSO)
HELD = frozenset({"initial_value", "initial_date", "initial_option", "value", "selectedValue"})  # what a form gives back to who typed it


def shown(sent: Any) -> Any:
    """What was sent, without what a form's fields hold for the one who fills it."""
    if isinstance(sent, Mapping):
        field = str(sent.get("type", "")).startswith("Input.") or "action_id" in sent
        return {k: shown(v) for k, v in sent.items() if not (field and k in HELD)}
    return [shown(v) for v in sent] if isinstance(sent, list | tuple) else sent


def leaks(text: str, besides: tuple[str, ...] = ()) -> list[str]:
    """The canaries in a text, but for those that may stand there."""
    folded = text.casefold()
    return [word for word in (*CANARIES.values(), *ALSO) if word not in besides and word.casefold() in folded]
