"""What is typed about the return interview."""

from __future__ import annotations

from datetime import datetime

from handlers import interviews
from handlers.case import open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.interviewing.forms import LABELS, form_of
from handlers.interviewing.prompts import prompts
from handlers.outgoing import Answer
from handlers.verbs.interview import Interview, interview
from policies import words
from policies.when import NotATime, when

ALSO_TYPED = {
    "offer": "offered",
    "accept": "accepted",
    "decline": "declined",
    "refused": "declined",
    "give": "reassigned",
    "reassign": "reassigned",
    "held": "conducted",
    "done": "conducted",
    "written": "recorded",
    "record": "recorded",
    "sign": "signed_off",
    "signed": "signed_off",
    "share": "shared",
    "not": "not_done",
    "undone": "not_done",
}


def typed(rest: str, reference: str, desk: Desk, who: Actor) -> Answer | str:
    """What was typed after `interview HW-7F3K`: the answer, or the name of the form that asks for the rest."""
    word, _, more = rest.strip().partition(" ")
    step = ALSO_TYPED.get(word.lower(), word.lower())
    more = more.strip().removeprefix("off").strip() if step == "signed_off" else more.strip()
    if step == "prompts":
        return prompts(reference, desk, who)
    if step not in LABELS:
        raise Refused(f"The steps are {', '.join(LABELS)}, or prompts{words.nearest(step, LABELS) or '.'}", field="step")
    if (
        step in {"reassigned", "not_done"}
        or (step in {"offered", "declined"} and not more)
        or (step == "conducted" and not _simple(more, reference, desk, who))
    ):
        return form_of(step)
    match step:
        case "declined":
            command = Interview(reference, step, reason=more.removeprefix("because").strip())
        case "offered":
            command = Interview(reference, step, choice=more.lower().replace(" ", "_"))
        case _:
            command = Interview(reference, step, _moment(more, desk))
    return interview(command, desk, who)


def _simple(more: str, reference: str, desk: Desk, who: Actor) -> bool:
    """Held by the one who types, at a time, about this return alone."""
    return bool(more) and not interviews.waiting(open_case(desk, reference, who))


def _moment(text: str, desk: Desk) -> datetime | None:
    if not text:
        return None
    try:
        return when(text.removeprefix("at ").strip(), desk.now)
    except NotATime as error:
        raise Refused(str(error), field="at") from None
