"""A thing done once: the same key again gets the answer it got before, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from handlers.desk import Desk
from handlers.errors import HandlerError
from handlers.outgoing import Answer, Reply
from storage import receipts

R = TypeVar("R", bound=Reply)


def once(key: str | None, act: Callable[[], R], desk: Desk) -> R | Answer:
    """Do it, or give the answer it got before; without a key it is always done. A form that opens is no answer yet.

    Whatever was written before something turned out not to stand is taken back.
    """
    before = _answer(key, desk)
    if before:
        return before
    try:
        with desk.session.begin_nested():
            reply = act()
    except HandlerError:
        before = _answer(key, desk)  # the same thing, delivered twice at one moment, was done while this one waited
        if before:
            return before
        raise
    if key and isinstance(reply, Answer):
        receipts.keep(desk.session, key, {"lines": list(reply.lines), "reference": reply.reference}, desk.now)
    return reply


def _answer(key: str | None, desk: Desk) -> Answer | None:
    before = receipts.seen(desk.session, key) if key else None
    return Answer(tuple(before["lines"]), before.get("reference")) if before is not None else None
