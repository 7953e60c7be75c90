"""A thing done once: the same key again gets the answer it got before, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from handlers.desk import Desk
from handlers.outgoing import Answer, Reply
from storage import receipts

R = TypeVar("R", bound=Reply)


def once(key: str | None, act: Callable[[], R], desk: Desk) -> R | Answer:
    """Do it, or give the answer it got before; without a key it is always done. A form that opens is no answer yet."""
    before = receipts.seen(desk.session, key) if key else None
    if before is not None:
        return Answer(tuple(before["lines"]), before.get("reference"))
    reply = act()
    if key and isinstance(reply, Answer):
        receipts.keep(desk.session, key, {"lines": list(reply.lines), "reference": reply.reference}, desk.now)
    return reply
