"""Answering a handover: take a child over, ask about it, answer what was asked, read what must be known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn

from handlers import asking, checks, people, record
from handlers.asking import Put
from handlers.desk import Actor, Desk
from handlers.errors import Refused
from handlers.handover import posts
from handlers.outgoing import Answer, Field, Form
from policies.history import Happening
from policies.worktime import said
from storage import asks, episodes, journal
from storage.asks import Ask

SEALED = "Sealed; read privately"


@dataclass(frozen=True)
class Asked:
    """One thing put to somebody, with what the person answers."""

    ask: str
    text: str = ""


def take(command: Asked, desk: Desk, actor: Actor) -> Answer:
    """The child is the actor's from now on: recorded with both names and the time."""
    actor.check("handover")
    ask = _waiting(desk, command.ask, actor)
    if actor.id == ask.asked_by:
        raise Refused("You hand this child over; somebody else takes it.")
    after = replace(ask, state="accepted", answered_by=actor.id, answered_at=desk.now, next_at=None)
    after = asking.changed(desk, after)
    _write(desk, actor, after, "handover_taken", {"from": ask.asked_by})
    asking.everywhere(desk, after, f"taken over by {actor.person.name} {said(desk.now)}")
    _all_taken(desk, after)
    until = said(datetime.fromisoformat(ask.about["until"]))
    reference = asking.reference_of(desk, ask)
    return Answer((f"{reference} is with you now, until {until}. Type 'status {reference}' to see where it stands.",), reference)


def ask(command: Asked, desk: Desk, actor: Actor) -> Answer:
    """A question to whoever hands over; the child stays with them until it is taken."""
    actor.check("handover")
    put = _waiting(desk, command.ask, actor)
    if actor.id == put.asked_by:
        raise Refused("You hand this child over: there is nobody to ask but you.")
    question = checks.short_enough(command.text, "text") or _empty("Write the question; it is sealed.")
    entry = _write(desk, actor, put, "handover_asked", {"text": question, "to": put.asked_by})
    about = {**put.about, "question": entry, "asker": actor.id, "since": desk.now.isoformat()}
    after = replace(put, state="questioned", about=about, rung=0, next_at=_later(desk, put))
    asking.everywhere(desk, after, f"{actor.person.name} asks about it {said(desk.now)}", posts.buttons(after))
    giver = people.known(desk, actor, put.asked_by, "text")
    after = posts.again(desk, giver, [after], f"{actor.person.name} asks about what you hand over", kind="notice", pressed=("reply",))[0]
    asking.changed(desk, after)
    return Answer((f"Asked: {giver.name} has been sent it. The child stays with them until you take it.",), asking.reference_of(desk, put))


def reply(command: Asked, desk: Desk, actor: Actor) -> Answer:
    """The answer goes back to whoever asked, who takes the child or asks again."""
    actor.check("handover")
    put = _waiting(desk, command.ask, actor)
    if put.state != "questioned":
        raise Refused(f"Nothing is asked about {asking.reference_of(desk, put)} now.")
    text = checks.short_enough(command.text, "text") or _empty("Write the answer; it is sealed.")
    entry = _write(desk, actor, put, "handover_answered", {"text": text, "to": put.about.get("asker")})
    about = {**put.about, "answer": entry, "since": desk.now.isoformat()}
    after = replace(put, state="waiting", about=about, rung=0, next_at=_later(desk, put))
    asking.everywhere(desk, after, f"answered by {actor.person.name} {said(desk.now)}", posts.buttons(after))
    asker = people.known(desk, actor, str(put.about.get("asker")), "text")
    after = posts.again(desk, asker, [after], f"{actor.person.name} has answered", kind="notice")[0]
    asking.changed(desk, after)
    return Answer((f"Answered: {asker.name} has been sent it.",), asking.reference_of(desk, put))


def read(command: Asked, desk: Desk, actor: Actor) -> Answer:
    """What must be known, the question and the answer: shown privately, and written down that it was."""
    actor.check("handover")
    put = asking.needed(desk, command.ask, "handover", actor)
    texts = texts_of(desk, put)
    reference = asking.reference_of(desk, put)
    return Answer((f"{reference}, handed over by {asking.name_of(desk, put.asked_by)}:", *texts), reference, seen="handover")


def texts_of(desk: Desk, put: Ask) -> list[str]:
    """Note, question and answer, opened."""
    told = {h.id: h for h in _told(desk, put)}
    known = (("note", "What must be known"), ("question", "Asked"), ("answer", "Answered"))
    found = [(label, told.get(str(put.about.get(name)))) for name, label in known]
    lines = [f"{label} by {asking.name_of(desk, h.actor)}: {h.data.get('note') or h.data.get('text')}" for label, h in found if h]
    return lines or ["Nothing was written."]


def ask_form(desk: Desk, actor: Actor, context: dict[str, str]) -> Form:
    """The question."""
    actor.check("handover")
    put = _waiting(desk, context.get("ask", ""), actor)
    return _form("ask", "Ask about it", "Your question", "Ask", put, desk, actor)


def reply_form(desk: Desk, actor: Actor, context: dict[str, str]) -> Form:
    """The answer, with the question above it."""
    actor.check("handover")
    put = _waiting(desk, context.get("ask", ""), actor)
    return replace(_form("reply", "Answer", "Your answer", "Answer", put, desk, actor), note=" ".join(texts_of(desk, put)))


def _form(id: str, title: str, label: str, submit: str, put: Ask, desk: Desk, actor: Actor) -> Form:
    about = {"ask": put.id, "reference": asking.reference_of(desk, put)}
    return Form(id, title, (Field("text", label, "long", required=True, hint=SEALED),), submit, (*people.context(actor), *about.items()))


def _waiting(desk: Desk, ask_id: str, actor: Actor) -> Ask:
    """Raises Refused with how it ended, when it has."""
    put = asking.needed(desk, ask_id, "handover", actor)
    if not put.open:
        reference = asking.reference_of(desk, put)
        if put.state == "withdrawn":
            raise Refused(f"{reference} was handed over anew; press the newest message.")
        if put.answered_by == actor.id:
            raise Refused(f"{reference} is with you already, since {said(put.answered_at or desk.now)}.")
        raise Refused(
            f"{reference} was taken over by {asking.name_of(desk, put.answered_by)} at {said(put.answered_at or desk.now)} already."
        )
    return put


def _later(desk: Desk, put: Ask) -> datetime:
    """When whoever is to act now is reminded."""
    return desk.now + asking.house_of(desk, put).handover_remind_after.exact


def _empty(sentence: str) -> NoReturn:
    raise Refused(sentence, field="text")


def _write(desk: Desk, actor: Actor, put: Ask, kind: str, data: dict[str, object]) -> str:
    row = episodes.by_id(desk.session, put.episode_id or "")
    child = row.child_id if row else None
    return record.write(desk, actor, kind, {"ask": put.id, **data}, child=child, episode=put.episode_id)


def _told(desk: Desk, put: Ask) -> list[Happening]:
    return [record.happening(entry) for entry in journal.of_episode(desk.session, desk.vault, put.episode_id or "")]


def _all_taken(desk: Desk, put: Ask) -> None:
    """Whoever handed over hears once that everything was taken."""
    group = asks.of_group(desk.session, put.group_id)
    giver = desk.directory.person(put.asked_by)
    if giver is None or any(one.open for one in group):
        return
    names = dict.fromkeys(asking.name_of(desk, one.answered_by) for one in group if one.answered_by)
    sentence = f"Everything you handed over was taken: {len(group)} by {', '.join(names)}, {said(desk.now)}."
    asking.queue(desk, put.authority, giver, Put("Handover complete", (), FALLBACK_DONE, kind="answer", lines=(sentence,), urgent=False))


FALLBACK_DONE = "Homeward: your handover is complete"
