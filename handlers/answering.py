"""Buttons and forms that answer what was put to somebody: which there are, and what each does."""

from __future__ import annotations

from collections.abc import Callable

from handlers import asking
from handlers.desk import Actor, Desk, actor
from handlers.errors import Refused
from handlers.handover import answers as handover
from handlers.handover.answers import Asked
from handlers.once import once
from handlers.outgoing import Answer, Form, Pressed, Reply
from handlers.sent_in import Values
from storage import asks, episodes

OPENS: dict[str, Callable[[Desk, Actor, dict[str, str]], Form]] = {"ask": handover.ask_form, "reply": handover.reply_form}
SHOWS: dict[str, Callable[[Asked, Desk, Actor], Answer]] = {"read": handover.read}
DOES: dict[str, Callable[[Asked, Desk, Actor], Answer]] = {"take": handover.take}
SENT: dict[str, Callable[[Asked, Desk, Actor], Answer]] = {"ask": handover.ask, "reply": handover.reply}


def answers(pressed: Pressed) -> bool:
    """Whether this button answers something that was put to somebody."""
    return pressed.verb in {*OPENS, *SHOWS, *DOES}


def press(pressed: Pressed, desk: Desk) -> Reply:
    """A pressed button. Pressing twice answers the same and changes nothing."""
    put = asking.needed(desk, pressed.obligation)
    who = actor(desk, pressed.by, put.authority)
    if pressed.authority and pressed.authority != put.authority:
        raise Refused(asking.GONE)
    if pressed.verb in OPENS:
        return OPENS[pressed.verb](desk, who, {"ask": put.id})
    command = Asked(put.id)
    if pressed.verb in SHOWS:
        return SHOWS[pressed.verb](command, desk, who)
    return once(f"press:{pressed.verb}:{put.id}:{who.id}", lambda: DOES[pressed.verb](command, desk, who), desk)


def sent(form: str, values: Values, context: dict[str, str], desk: Desk, who: Actor) -> Answer:
    """A form sent in."""
    return SENT[form](Asked(context.get("ask", ""), values.text("text")), desk, who)


def opened(form: str, context: dict[str, str], desk: Desk, who: Actor) -> Form | None:
    """A form of these made anew, with the context it had; None for another one."""
    return OPENS[form](desk, who, context) if form in OPENS else None


def typed(word: str, reference: str, rest: str, desk: Desk, who: Actor) -> Reply:
    """`take HW-7F3K`, `ask HW-7F3K who rang the school?`: about the newest handover of that episode."""
    who.check("handover")
    row = episodes.by_reference(desk.session, reference)
    if row is None or row.authority != who.authority:
        raise Refused(f"There is no episode {reference.strip().upper()[:12]} here. Type 'list' to see those that are open.")
    put = next((a for a in reversed(asks.of_episode(desk.session, row.id)) if a.kind == "handover" and a.state != "withdrawn"), None)
    if put is None:
        raise Refused(f"{row.reference} was not handed over to anybody. Type 'handover' to hand over what is open.")
    if word == "ask" and put.state == "questioned" and who.id == put.asked_by:
        return handover.reply(Asked(put.id, rest), desk, who) if rest else handover.reply_form(desk, who, {"ask": put.id})
    if word == "ask" and not rest:
        return handover.ask_form(desk, who, {"ask": put.id})
    return handover.take(Asked(put.id), desk, who) if word == "take" else handover.ask(Asked(put.id, rest), desk, who)
