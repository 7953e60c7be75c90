"""Handing the shift over: every open child is put to the next worker, with what falls due and what must be known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handlers import asking, checks, people, record
from handlers.desk import Actor, Desk
from handlers.directory import Person
from handlers.errors import Refused
from handlers.handover import posts, shifts
from handlers.handover.lines import Line, hidden, lines
from handlers.outgoing import Answer, Field, Form
from handlers.sent_in import Values
from policies.worktime import LONDON, lasting, said
from storage import asks
from storage.asks import Ask
from storage.ids import new_id

NOTED = 10  # children that get a line of their own in the form
_NOTE = "note:"


@dataclass(frozen=True)
class Give:
    """To whom, until when their shift lasts; `notes`: (reference, what they must know), sealed."""

    to: str
    until: datetime
    notes: tuple[tuple[str, str], ...] = ()


def form(desk: Desk, actor: Actor) -> Form:
    """To whom, until when, and a line for each child."""
    actor.check("handover")
    candidates = shifts.receivers(desk, actor)
    if not candidates:
        raise Refused("There is nobody here to hand over to: homeward.yml names no other council staff of this authority.")
    following = shifts.proposed(desk, actor, candidates)
    until = shifts.ends(desk, actor.authority, following or None)
    found = _needed(desk, actor, until)
    notes = [Field(f"{_NOTE}{i.row.reference}", i.says, "long", hint=_hint(i)) for i in found[:NOTED]]
    fields = (
        Field("to", "Who takes over?", "choice", people.options(candidates, actor.authority), required=True, value=following),
        Field(
            "until", "Until", "time", required=True, value=f"{until.astimezone(LONDON):%Y-%m-%dT%H:%M}", hint="When the next shift ends."
        ),
        *notes,
    )
    return Form("handover", "Hand over", fields, "Hand over", people.context(actor), _note(desk, actor, len(found)))


def _needed(desk: Desk, actor: Actor, until: datetime) -> list[Line]:
    found = lines(desk, actor.authority, until)
    if not found:
        raise Refused("No episode is open: there is nothing to hand over.")
    return found


def _hint(line: Line) -> str:
    return f"{line.state[0].upper()}{line.state[1:]}. What must be known is sealed: only who takes over reads it."


def _note(desk: Desk, actor: Actor, count: int) -> str:
    shut = hidden(desk, actor.authority)
    apart = (
        f" {shut} restricted {'is' if shut == 1 else 'are'} not among them: hand {'it' if shut == 1 else 'them'} over by voice."
        if shut
        else ""
    )
    more = f" The first {NOTED} have a line below; for the others use 'note' before." if count > NOTED else ""
    return f"{count} open. Each stays with you until it is taken.{more}{apart}"


def sent(v: Values, context: dict[str, str], desk: Desk, actor: Actor) -> Answer:
    """The form sent in."""
    v.needed("until")
    until = v.time("until", ahead=True) or desk.now
    notes = tuple((name.removeprefix(_NOTE), v.text(name)) for name in v.named(_NOTE) if v.text(name))
    return give(Give(v.needed("to"), until, notes), desk, actor)


def give(command: Give, desk: Desk, actor: Actor) -> Answer:
    """Put every open child to the next worker. What was put to somebody before and never taken is put anew."""
    actor.check("handover")
    person = shifts.receiver(desk, actor, command.to)
    if not desk.now < command.until <= desk.now + shifts.LONGEST:
        raise Refused(f"{said(command.until)} cannot be the end of the next shift: it is {said(desk.now)} now.", field="until")
    notes = {reference: checks.short_enough(text, f"{_NOTE}{reference}") for reference, text in command.notes}
    found = _needed(desk, actor, command.until)
    _withdraw(desk, actor, found)
    given = _asked(desk, actor, person, command.until, found)
    written = {ask.id: _write(desk, actor, ask, line, notes) for ask, line in given}
    given = [
        (replace(ask, about=ask.about | ({"note": written[ask.id]} if line.row.reference in notes else {})), line) for ask, line in given
    ]
    given = posts.hand_over(desk, actor, person, given, command.until, hidden(desk, actor.authority))
    asks.add_all(desk.session, [ask for ask, _ in given])
    return _said(desk, person, [line for _, line in given])


def _asked(desk: Desk, actor: Actor, person: Person, until: datetime, found: Sequence[Line]) -> list[tuple[Ask, Line]]:
    group, role = new_id(), shifts.role_of(desk, actor.authority, person)
    about = {"until": until.isoformat(), "since": desk.now.isoformat()}
    return [
        (
            Ask(
                new_id(),
                actor.authority,
                "handover",
                group,
                actor.id,
                desk.now,
                line.row.id,
                about,
                role,
                person.id,
                next_at=desk.now + desk.pack(line.row.pack_hash).house.handover_remind_after.exact,
            ),
            line,
        )
        for line in found
    ]


def _write(desk: Desk, actor: Actor, ask: Ask, line: Line, notes: dict[str, str]) -> str:
    """Both sides and the time, in the journal of each child."""
    data = {"ask": ask.id, "to": ask.person, "until": ask.about["until"], "note": notes.get(line.row.reference, "")}
    return record.write(desk, actor, "handed_over", data, child=line.row.child_id, episode=line.row.id)


def _withdraw(desk: Desk, actor: Actor, found: Sequence[Line]) -> None:
    """A child is put to one person at a time."""
    mine = {line.row.id for line in found}
    for before in asks.open_of(desk.session, actor.authority):
        if before.kind == "handover" and before.episode_id in mine:
            after = asking.changed(desk, replace(before, state="withdrawn", next_at=None))
            asking.show(desk, after.post_id, after, f"handed over anew {said(desk.now)}")


def _said(desk: Desk, person: Person, found: Sequence[Line]) -> Answer:
    away = [line for line in found if line.urgent]
    longest = f", the longest away for {lasting(desk.now - away[0].row.began)}" if away else ""
    return Answer(
        (
            f"Put to {person.name}: {len(found)} open, {len(away)} not back{longest}.",
            "Each stays with you until it is taken; you hear when all are, and if one is not.",
            *(f"• {line.says}; {line.state}" for line in found),
        ),
        seen="handover",
    )
