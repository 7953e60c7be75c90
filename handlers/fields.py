"""Fields that many forms have, the hints under them, and a moment as a time field holds it."""

from __future__ import annotations

from datetime import datetime

from handlers.outgoing import Field
from policies import words
from policies.worktime import LONDON

PAST = "Like 21:30, yesterday 21:30 or 1 Feb 21:30. London time."
AHEAD = "Like tomorrow 10:00 or 3 Feb 10:00. London time."
TURN = "Like 17:00, tomorrow 09:00 or 9 Feb 09:00. London time."
SEALED = "Kept sealed, never posted"
UNSEEN = Field("on_behalf", "On behalf of somebody without an account", "text", hint="Their role or agency, if it was not you")
YES_OR_NO = (("yes", "Yes"), ("no", "No"))  # of a choice; what may also be not known is a `yesno`
RISKS = ("no_apparent_risk", "low", "medium", "high")

TAKES = 3000  # characters that an input takes on every platform

Built = tuple[str, str, list[Field]]  # the title, what the button says, the fields


def filled(moment: datetime) -> str:
    """A moment as a time field holds it."""
    return moment.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M")


def parts(value: str) -> tuple[str | None, str | None]:
    """The day and the time of a moment as a time field holds it, of which either may be missing."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None, value if len(value) == len("21:30") and value[2:3] == ":" else None
    return moment.strftime("%Y-%m-%d"), moment.strftime("%H:%M")


def choice(id_: str, label: str, values: tuple[str, ...], value: str = "", *, required: bool = True, hint: str = "") -> Field:
    """A choice among words of the vocabulary."""
    return Field(id_, label, "choice", tuple((v, words.label(v)) for v in values), required=required, value=value, hint=hint)


def cut(text: str, what: str) -> tuple[str, str]:
    """As much of a text as an input takes, and what to say of the rest, which is nothing where there is none. `what`: such as "message"."""
    if len(text) <= TAKES:
        return text, ""
    head = text[:TAKES]
    kept = head.rsplit(maxsplit=1)[0] if " " in head else head
    said = f"The {what} has {len(text):,} characters; only the first {len(kept):,} are in this form."
    return kept, f"{said} Add what matters of the rest with a note once this is reported."
