"""The words that are about no single episode: what each answers, and the forms they open and read."""

from __future__ import annotations

from collections.abc import Callable

from handlers.arranging import showing
from handlers.desk import Actor, Desk
from handlers.handover import giving
from handlers.outgoing import Answer, Form, Reply
from handlers.panel import answers as panel
from handlers.panel import calling
from handlers.sent_in import Values
from handlers.verbs import absence, glass, link, show, suspension, swap, who
from handlers.verbs.reports import reports
from handlers.vocabulary import help_for

WORDS: dict[str, Callable[[Desk, Actor], Reply]] = {
    "list": show.listing,
    "mine": show.mine,
    "waiting": showing.waiting,
    "people": who.problems,
    "away": absence.form,
    "back": absence.back,
    "swap": swap.form,
    "suspend": suspension.form,
    "restore": suspension.form_to_restore,
    "link": link.form,
    "handover": giving.form,
    "panel": calling.form,
}
# Forms about an episode that the actor may not know of; its reference is one of their fields.
ABOUT: dict[str, Callable[[Desk, Actor, str], Form]] = {"request": glass.request_form, "glass": glass.glass_form}
SENT: dict[str, Callable[[Values, dict[str, str], Desk, Actor], Answer]] = {
    "away": absence.sent,
    "back": absence.sent_back,
    "request": glass.request,
    "glass": glass.break_glass,
    "swap": swap.sent,
    "suspend": suspension.sent,
    "restore": suspension.sent_to_restore,
    "handover": giving.sent,
    "panel": calling.sent,
}


def answer(word: str, desk: Desk, actor: Actor, typed: str, reference: str | None) -> Reply | None:
    """What a word answers, `reference` being that of the thread; None for a word that is about one episode."""
    if word == "help":
        return help_for(actor)
    if word == "panel":
        return panel.opened(desk, actor, reference)
    if word == "who":
        return who.who(desk, actor, typed, reference)
    if word == "reports":
        return reports(desk, actor, typed)
    if word in ABOUT:
        return ABOUT[word](desk, actor, reference or "")
    return WORDS[word](desk, actor) if word in WORDS else None


def again(form: str, desk: Desk, actor: Actor) -> Form | None:
    """A form of these opened anew; None for another one."""
    if form in ABOUT:
        return ABOUT[form](desk, actor, "")
    opened = WORDS[form](desk, actor) if form in {*SENT, "link"} else None
    return opened if isinstance(opened, Form) else None
