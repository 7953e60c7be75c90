"""What was typed: a word becomes its answer, its verb, or the form that asks for the rest."""

from __future__ import annotations

from dataclasses import replace

from handlers import approvals, seeing
from handlers.arranging import pressing, showing
from handlers.case import open_case
from handlers.desk import Actor, Desk, actor
from handlers.errors import NotUnderstood, Refused
from handlers.forms import opening, prefill
from handlers.frontdesk import admitting, answering, office, which
from handlers.frontdesk.once import once
from handlers.frontdesk.shown import shown
from handlers.frontdesk.speaking import authority_for
from handlers.frontdesk.typed import TYPED
from handlers.incoming import Said
from handlers.outgoing import Form, Reply
from handlers.sent_in import whole
from handlers.verbs import show
from handlers.vocabulary import Verb, meant

SHOWS = frozenset({"help", "list", "mine", "status"})


def hear(said: Said, desk: Desk) -> Reply:
    """A typed command. Raises NotUnderstood or Refused with a sentence for the person."""
    try:
        return shown(_heard(said, desk), desk, said.by, said.authority)
    except Refused as refused:
        if refused.field != "authority":
            raise
        return which.ask(said, desk)


def only_shows(text: str) -> bool:
    """Whether a typed command changes nothing, so that it need not hold up those who do while it is worked out."""
    typed = whole(text).strip().removeprefix("/missing").split() or ["help"]
    try:
        return meant(typed[0]).word in SHOWS
    except NotUnderstood:
        return True


def _heard(said: Said, desk: Desk) -> Reply:
    text = whole(said.text).strip().removeprefix("/missing")
    typed = text.split()
    verb = meant(typed[0] if typed else "help")
    reference, rest = _reference(typed[1:], said.reference)
    who = actor(desk, said.by, said.authority or authority_for(desk, reference, said.by))
    if not (verb.word in approvals.ASKABLE and approvals.may_ask(who)):
        who.check(verb.permission)
    answer = office.answer(verb.word, desk, who, " ".join(rest), reference)
    if answer:
        return answer
    if verb.word == "report":
        return prefill.report(opening.blank("report", desk, who, None), " ".join(typed[1:]), said.quoted, desk.now)
    if reference is None:
        raise NotUnderstood(f"Which episode? Type it like '{verb.usage}'. 'list' shows those that are open.")
    if verb.word == "status":
        return show.status(reference, desk, who)
    if verb.word in {"answers", "agenda"}:
        return showing.answers(desk, reference, who) if verb.word == "answers" else showing.agenda(desk, reference, " ".join(rest), who)
    key = f"said:{said.key}" if said.key else None
    return once(key, lambda: _about_one(verb, reference, _after(text, len(typed) - len(rest)), desk, who), desk)


def _after(text: str, words_before: int) -> str:
    """What follows so many words, with its line breaks."""
    parts = text.split(maxsplit=words_before)
    return parts[words_before].strip() if len(parts) > words_before else ""


def _reference(typed: list[str], thread: str | None) -> tuple[str | None, list[str]]:
    if typed and typed[0].upper().startswith("HW-"):
        return typed[0].upper(), typed[1:]
    return thread, typed


def _about_one(verb: Verb, reference: str, rest: str, desk: Desk, who: Actor) -> Reply:
    """A verb with everything said runs at once; otherwise its form opens, filled with what was said."""
    if verb.word not in answering.WORDS:
        admitting.admit_to(verb.form or verb.word, desk, who, reference)
    done = TYPED[verb.word](reference, rest, desk, who) if verb.word in TYPED and (rest or verb.word in answering.WORDS) else None
    if done:
        return done
    case = open_case(desk, reference, who, shared=verb.word in seeing.ACROSS)
    meeting = pressing.typed(verb, rest, desk, who, case)
    form = meeting or admitting.blank(verb.form or verb.word, desk, who, case)
    return form if meeting or not rest else _prefilled(form, rest)


def _prefilled(form: Form, rest: str) -> Form:
    """Typed words fill the first field they fit: an action, or a text."""
    action = rest.strip().lower().replace(" ", "_").replace("-", "_")
    fields = list(form.fields)
    for n, field in enumerate(fields):
        if field.kind == "choice" and any(value == action for value, _ in field.options):
            fields[n] = replace(field, value=action)
            return replace(form, fields=tuple(fields))
    for n, field in enumerate(fields):
        if field.id in {"reason", "text", "note"}:
            fields[n] = replace(field, value=rest)
            break
    return replace(form, fields=tuple(fields))
