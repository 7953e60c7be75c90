"""Buttons and forms that answer what was put to somebody: which there are, and what each does."""

from __future__ import annotations

from collections.abc import Callable

from handlers import approving, asking, people
from handlers.case import known_row, nothing_there
from handlers.desk import Actor, Desk, actor
from handlers.errors import Refused
from handlers.frontdesk.once import once
from handlers.handover import answers as handover
from handlers.handover.answers import Asked
from handlers.incoming import Pressed
from handlers.outgoing import Answer, Field, Form, Reply
from handlers.panel import answers as panel
from handlers.sent_in import Values
from storage import asks
from storage.asks import Ask


def _refusal(desk: Desk, who: Actor, context: dict[str, str]) -> Form:
    """Why it is not agreed to."""
    put = asking.needed(desk, context.get("ask"), "approval", who)
    about = {"ask": put.id, "reference": asking.reference_of(desk, put)}
    why = Field("text", "Why", "long", required=True, hint="Sealed; whoever asked can read it")
    return Form("refuse", "Not agreed", (why,), "Record", (*people.context(who), *about.items()))


OPENS: dict[str, Callable[[Desk, Actor, dict[str, str]], Form]] = {
    "ask": handover.ask_form,
    "reply": handover.reply_form,
    "refuse": _refusal,
    "submit": panel.submit_form,
    "panel_decision": panel.decision_form,
}
READS: dict[str, Callable[[Ask, Desk, Actor], Answer]] = {
    "handover": lambda put, desk, who: handover.read(Asked(put.id), desk, who),
    "approval": approving.look,
}
DOES: dict[str, Callable[[Ask, Desk, Actor], Answer]] = {
    "take": lambda put, desk, who: handover.take(Asked(put.id), desk, who),
    "approve": lambda put, desk, who: approving.approve(asking.needed(desk, put.id, "approval", who), desk, who),
}
SENT: dict[str, Callable[[Values, dict[str, str], Desk, Actor], Answer]] = {
    "ask": lambda v, context, desk, who: handover.ask(_asked(v, context), desk, who),
    "reply": lambda v, context, desk, who: handover.reply(_asked(v, context), desk, who),
    "refuse": lambda v, c, desk, who: approving.refuse(asking.needed(desk, c.get("ask"), "approval", who), v.text("text"), desk, who),
    "submit": panel.submit,
    "panel_decision": panel.decided,
}


def _asked(values: Values, context: dict[str, str]) -> Asked:
    return Asked(context.get("ask", ""), values.text("text"))


WORDS = ("take", "ask", "agree", "disagree")  # typed about one episode


def answers(pressed: Pressed) -> bool:
    """Whether this button answers something that was put to somebody."""
    return pressed.verb in {*OPENS, *DOES, "read"}


def press(pressed: Pressed, desk: Desk) -> Reply:
    """A pressed button. Pressing twice answers the same and changes nothing."""
    found = asks.by_id(desk.session, pressed.obligation or "")
    if found is None or (pressed.authority and pressed.authority != found.authority):
        raise Refused(asking.GONE)
    who = actor(desk, pressed.by, found.authority)
    put = asking.needed(desk, found.id, found.kind, who)
    if pressed.verb in OPENS:
        return OPENS[pressed.verb](desk, who, {"ask": put.id})
    if pressed.verb == "read":
        return READS[put.kind](put, desk, who)
    return once(f"press:{pressed.verb}:{put.id}:{who.id}", lambda: DOES[pressed.verb](put, desk, who), desk)


def sent(form: str, values: Values, context: dict[str, str], desk: Desk, who: Actor) -> Answer:
    """A form sent in."""
    return SENT[form](values, context, desk, who)


def opened(form: str, context: dict[str, str], desk: Desk, who: Actor) -> Form | None:
    """A form of these made anew, with the context it had; None for another one."""
    return OPENS[form](desk, who, context) if form in OPENS else None


def typed(word: str, reference: str, rest: str, desk: Desk, who: Actor) -> Reply:
    """`take HW-7F3K`, `ask HW-7F3K who rang the school?`, `agree HW-7F3K`: about the newest such thing of that episode."""
    kind = "approval" if word in {"agree", "disagree"} else "handover"
    who.check("handover" if kind == "handover" else "acknowledge")
    row = known_row(desk, reference, who)
    if row is None:
        raise Refused(nothing_there(reference))
    put = next((a for a in reversed(asks.of_episode(desk.session, row.id)) if a.kind == kind and a.state != "withdrawn"), None)
    if put is None and kind == "approval":
        raise Refused(f"Nothing waits for a decision in {row.reference}. Type 'mine' to see what waits for you.")
    if put is None:
        raise Refused(f"{row.reference} was not handed over to anybody. Type 'handover' to hand over what is open.")
    if word in {"agree", "disagree"}:
        return _decided(word, put, rest, desk, who)
    if word == "ask" and put.state == "questioned" and who.id == put.asked_by:
        return handover.reply(Asked(put.id, rest), desk, who) if rest else handover.reply_form(desk, who, {"ask": put.id})
    if word == "ask" and not rest:
        return handover.ask_form(desk, who, {"ask": put.id})
    return handover.take(Asked(put.id), desk, who) if word == "take" else handover.ask(Asked(put.id, rest), desk, who)


def _decided(word: str, put: Ask, rest: str, desk: Desk, who: Actor) -> Reply:
    """Agreed to, or not and why."""
    if word == "agree":
        return approving.approve(put, desk, who)
    return approving.refuse(put, rest, desk, who) if rest else _refusal(desk, who, {"ask": put.id})
