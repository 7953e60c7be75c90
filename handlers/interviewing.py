"""The return interview on screen: its forms by step, what is typed about it, and the prompts for the conversation."""

from __future__ import annotations

from datetime import datetime

from handlers import independence, interviews, owed
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.fields import PAST, SEALED, UNSEEN, Built, filled
from handlers.outgoing import Answer, Field
from handlers.sent_in import Values
from handlers.verbs.interview import REFUSERS, Interview, Reassign, interview, reassign
from policies import words
from policies.interviews import INTERVIEW, OFFER
from policies.when import NotATime, when

LABELS = {
    "offered": "It was offered",
    "accepted": "The child accepts",
    "declined": "It was declined",
    "reassigned": "Give it to somebody",
    "conducted": "It was held",
    "recorded": "It is written up",
    "signed_off": "Sign it off",
    "shared": "Shared with police",
    "not_done": "It could not be done",
}
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
OWN = ("offered", "declined", "conducted", "reassigned", "not_done")  # steps with a form of their own
NO_ANSWERS = "Nothing that is said in the interview is typed here: it goes into the case record."
_COVERS = "covers:"


def notes(desk: Desk, case: Case) -> str:
    """What stands above each form: how the interview stands, with both clocks."""
    return " ".join((*interviews.standing(desk, case), NO_ANSWERS))


def form_of(step: str) -> str:
    """The form that asks everything about a step."""
    return f"interview_{step}" if step in OWN else "interview"


def whole(desk: Desk, step: str = "") -> Built:
    """Any step, its time, a reason: what is enough for most of them."""
    steps = tuple(LABELS.items())
    fields = [
        Field("step", "Step", "choice", steps, required=True, value=step),
        _at(desk),
        Field("reason", "If declined, why", "long", hint=SEALED),
    ]
    return "Return interview", "Record", [*fields, UNSEEN]


def _upper(label: str) -> str:
    """With a capital first, and the capitals it has: CAMHS stays CAMHS."""
    return f"{label[:1].upper()}{label[1:]}"


def offered(desk: Desk, case: Case) -> Built:
    """Offered, and whom the child wants."""
    choices = tuple((role, _upper(words.label(role))) for role in independence.interviewers(case, desk))
    hint = "Leave empty if they have no wish. Nobody who looks after the child."
    wish = Field(
        "choice", "Whom does the child want?", "choice", choices, value=str(case.episode.latest("interviewer_choice") or ""), hint=hint
    )
    return "Interview offered", "Record", [_at(desk), wish, UNSEEN]


def declined(desk: Desk) -> Built:
    """Declined, by whom and why."""
    refusers = tuple((who, words.label(who).capitalize()) for who in REFUSERS)
    asked = Field("declined_by", "Who said no?", "choice", refusers, required=True, value=REFUSERS[0])
    return "Interview declined", "Record", [_at(desk), asked, Field("reason", "Why", "long", required=True, hint=SEALED), UNSEEN]


def conducted(desk: Desk, case: Case) -> Built:
    """Held: when, by whom, and whether it was about other returns as well. Never what was said."""
    roles = independence.interviewers(case, desk)
    options = tuple((role, _upper(words.label(role))) for role in roles)
    owner = next((o.owner for o in case.derived(desk).obligations if o.duty.action == INTERVIEW and o.owner in roles), "")
    others = [
        Field(f"{_COVERS}{reference}", f"Was it about {reference} as well?", "yesno", value="no") for reference in interviews.waiting(case)
    ]
    held_by = Field("interviewer", "Who held it?", "choice", options, required=True, value=owner)
    return "Interview held", "Record", [_at(desk), held_by, *others, UNSEEN]


def reassigned(desk: Desk, case: Case) -> Built:
    """To whom it is given."""
    options = tuple((p.id, f"{p.name}, {words.label(role)}") for p, role in independence.people(case, desk))
    fields = [Field("person", "Who holds it?", "choice", options, required=True), Field("reason", "Why", "long", hint=SEALED)]
    return "Give the interview", "Give it", fields


def not_done() -> Built:
    """Why there was none: what was tried, when. A manager accepts it, or not."""
    hint = "What was tried, when, and why there was no interview. Sealed; the manager who accepts it reads it."
    return "No interview", "Ask a manager", [Field("reason", "Why", "long", required=True, hint=hint), UNSEEN]


def _at(desk: Desk) -> Field:
    return Field("at", "When", "time", value=filled(desk.now), hint=PAST)


def taken(form: str, v: Values, reference: str, desk: Desk, who: Actor) -> Answer:
    """A form sent in."""
    step = form.removeprefix("interview_") if form != "interview" else v.needed("step")
    if step == "reassigned":
        return reassign(Reassign(reference, v.needed("person"), v.text("reason")), desk, who)
    covers = tuple(name.removeprefix(_COVERS) for name in v.named(_COVERS) if v.yes(name))
    choices = (v.text("interviewer") or None, v.text("choice") or None, v.text("declined_by") or None)
    return interview(Interview(reference, step, v.time("at"), v.text("reason"), *choices, covers), desk, who)


def next_form(form: str, values: Values) -> str | None:
    """The form that has to follow, where a step was chosen that this one does not ask enough about."""
    step = values.text("step")
    more = step == "reassigned" or (step == "not_done" and not values.text("reason"))
    return form_of(step) if form == "interview" and more else None


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


def prompts(reference: str, desk: Desk, who: Actor) -> Answer:
    """What the protocol gives for the conversation, to whoever holds it; answers are asked for nowhere."""
    who.check("interview")
    case = open_case(desk, reference, who)
    owing = [o for o in owed.arisen(case, desk) if o.duty.action in {INTERVIEW, OFFER}]
    mine = case.episode.interviewer == who.id or any(owed.concerns(o, who) for o in owing)
    if not mine:
        raise Refused("The prompts are for whoever holds the interview. Ask the social worker to give it to you.")
    about, topics = independence.prompts(case.pack)
    lines = [*interviews.standing(desk, case), *(f"• {line}" for line in about), f"Topics: {'; '.join(topics)}.", NO_ANSWERS]
    return Answer(tuple(lines), case.row.reference, seen="prompts")
