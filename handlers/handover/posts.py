"""The posts of a handover: to the next worker, to whoever is asked something, to the manager of what nobody took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers import asking
from handlers.asking import Put
from handlers.desk import Actor, Desk
from handlers.directory import Person
from handlers.handover.lines import Line
from handlers.outgoing import Row
from handlers.outgoing import body as stored_body
from policies.worktime import said
from storage import outbox
from storage.asks import Ask

AT_ONCE = 8  # children in one post: a message holds fifty blocks
FALLBACK = "Homeward: a handover waits for you"
TAKE = ("take", "ask")


def buttons(ask: Ask) -> tuple[str, ...]:
    """What whoever takes over can press: a note or an answer can be read, privately."""
    return (*TAKE, "read") if {"note", "answer"} & set(ask.about) else TAKE


def hand_over(
    desk: Desk, actor: Actor, person: Person, given: Sequence[tuple[Ask, Line]], until: datetime, shut: int
) -> list[tuple[Ask, Line]]:
    """Post every child to the next worker, eight a post; gives the asks with the posts that carry them."""
    out: list[tuple[Ask, Line]] = []
    for start in range(0, len(given), AT_ONCE):
        part = given[start : start + AT_ONCE]
        rows = tuple(asking.row(ask, line.says, line.state, buttons(ask)) for ask, line in part)
        of = f", {start + 1} to {start + len(part)} of {len(given)}" if len(given) > AT_ONCE else f", {len(given)} open"
        last = start + AT_ONCE >= len(given)
        apart = (f"{shut} restricted not listed: ask {actor.person.name} in person.",) if shut and last else ()
        put = Put(f"Handover from {actor.person.name} until {said(until)}{of}", rows, FALLBACK, lines=apart)
        post = asking.queue(desk, actor.authority, person, put)
        out += [(replace(ask, post_id=post), line) for ask, line in part]
    return out


def says(desk: Desk, ask: Ask) -> Row:
    """The line of a child as it was put, to be shown again."""
    post = outbox.by_id(desk.session, ask.post_id or "")
    rows = stored_body(post.body).rows if post else ()
    before = next((row for row in rows if row.obligation == ask.id), None)
    return before or asking.row(ask, f"{asking.reference_of(desk, ask)}: handed over", "", ())


def again(
    desk: Desk, person: Person, found: Sequence[Ask], headline: str, *, kind: str, pressed: tuple[str, ...] | None = None
) -> list[Ask]:
    """Several children in one more post, as they were put, with buttons that fit whoever gets it; gives the asks that now stand in it."""
    out: list[Ask] = []
    for start in range(0, len(found), AT_ONCE):
        part = found[start : start + AT_ONCE]
        rows = [
            says(desk, ask)._replace(kind=kind, version=ask.version, buttons=buttons(ask) if pressed is None else pressed, over=False)
            for ask in part
        ]
        post = asking.queue(desk, part[0].authority, person, Put(headline, tuple(rows), FALLBACK, kind=kind))
        out += [asking.also_in(ask, post) for ask in part]
    return out
