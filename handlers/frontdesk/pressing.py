"""What was pressed: a button opens its form, or does what it says once."""

from __future__ import annotations

from dataclasses import replace

from handlers import seeing
from handlers.arranging import lines, pressing
from handlers.case import Case, open_case
from handlers.desk import Actor, Desk, actor
from handlers.errors import Refused
from handlers.forms import opening
from handlers.frontdesk import admitting, answering
from handlers.frontdesk.once import once
from handlers.frontdesk.shown import shown
from handlers.frontdesk.speaking import authority_for
from handlers.incoming import Pressed
from handlers.interviewing.prompts import prompts
from handlers.outgoing import Answer, Reply
from handlers.sent_in import whole_press
from handlers.verbs import link, show
from handlers.verbs.acknowledge import Acknowledge, acknowledge
from handlers.verbs.complete import Complete, complete
from handlers.verbs.respond import Respond, respond
from storage import episodes, obligations, pings
from storage.obligations import ObligationRow

_PLAIN = ["complete", "decline", "delegate", "phoned", "found", "note", "risk", "more", "interview", "decide", "merge", "permit", "review"]
OPENS = frozenset({*_PLAIN, lines.CHANGE, *answering.OPENS, *pressing.OPENS})  # buttons that ask something first


def press(pressed: Pressed, desk: Desk) -> Reply:
    """A pressed button. An old one answers how the thing ended; pressing twice answers the same and changes nothing."""
    return shown(_press(whole_press(pressed), desk), desk, pressed.by, pressed.authority)


def _press(pressed: Pressed, desk: Desk) -> Reply:
    if answering.answers(pressed):
        return answering.press(pressed, desk)
    row = obligations.by_id(desk.session, pressed.obligation) if pressed.obligation else None
    episode = episodes.by_id(desk.session, row.episode_id) if row else None
    reference = episode.reference if episode else pressed.reference
    if pressed.verb == "link":
        return link.form(desk, actor(desk, pressed.by, pressed.authority))
    if reference is None:
        raise Refused("This button belongs to something that no longer exists. Type 'list' to see what is open.")
    who = actor(desk, pressed.by, pressed.authority or authority_for(desk, reference, pressed.by))
    case = open_case(desk, reference, who, shared=pressed.verb in seeing.ACROSS)
    if pressed.verb in {*pressing.OPENS, lines.CHANGE}:
        admitting.admit(pressed.verb, desk, who, case)
    reply = pressing.pressed(pressed.verb, pressed.to, row, desk, who, case)
    if reply:
        return reply
    if pressed.verb in OPENS:
        context = {"obligation": row.id, "verb": pressed.verb} if row else {}
        form = admitting.blank(pressed.verb, desk, who, case, context)
        return opening.about(form, row, lines.aside(pressed.to, row.action, desk, who, case)) if row else form
    if pressed.verb in {"status", "prompts"}:
        return (show.status if pressed.verb == "status" else prompts)(reference, desk, who)
    return once(_key(pressed, row, desk) + lines.changed(pressed, row, case), lambda: _pressed(pressed, row, case, desk, who), desk)


def _key(pressed: Pressed, row: ObligationRow | None, desk: Desk) -> str:
    """The same press of the same state is one press; after another ping it is a new one."""
    sent = len([p for p in pings.of_episode(desk.session, row.episode_id) if p.obligation_id == row.id]) if row else 0
    about = f"{row.id}:{row.version}:{sent}" if row else str(pressed.reference)
    return f"press:{pressed.verb}:{about}:{pressed.by}"


def _pressed(pressed: Pressed, row: ObligationRow | None, case: Case, desk: Desk, who: Actor) -> Answer:
    reference = case.row.reference
    if row is None:
        raise Refused("This button belongs to something that no longer exists. Type 'status' to see what is open now.")
    match pressed.verb:
        case "acknowledge":
            return acknowledge(Acknowledge(reference, obligation=row.id), desk, who)
        case "told":
            return complete(Complete(reference, obligation=row.id, told=True), desk, who)
        case "go_ahead":
            return pressing.done(row, desk, who, case)
        case "accept" | "tentative":
            answer = respond(Respond(reference, row.action, who.person.agency, lines.ANSWERS[pressed.verb]), desk, who)
            aside = lines.aside(pressed.to, row.action, desk, who, case)
            return replace(answer, lines=(*answer.lines, aside)) if aside else answer
    raise Refused(f"'{pressed.verb[:20]}' is not a button here. Type 'help' to see what you can do.")
