"""The forms of the return interview, one for each step that asks something of its own."""

from __future__ import annotations

from handlers import independence, interviews
from handlers.case import Case
from handlers.desk import Desk
from handlers.fields import PAST, SEALED, UNSEEN, Built, filled
from handlers.outgoing import Field
from handlers.verbs.interview import REFUSERS
from policies import words
from policies.interviews import INTERVIEW

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
OWN = ("offered", "declined", "conducted", "reassigned", "not_done")  # steps with a form of their own
NO_ANSWERS = "Nothing that is said in the interview is typed here: it goes into the case record."
COVERS = "covers:"


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
        Field(f"{COVERS}{reference}", f"Was it about {reference} as well?", "yesno", value="no") for reference in interviews.waiting(case)
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
