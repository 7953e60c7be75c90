"""The prompts for the conversation, for whoever holds the interview."""

from __future__ import annotations

from handlers import independence, interviews, owed
from handlers.case import open_case
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.interviewing.forms import NO_ANSWERS
from handlers.outgoing import Answer
from policies.interviews import INTERVIEW, OFFER


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
