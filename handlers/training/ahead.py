"""Where a clock that can be moved may stop next: what falls due, and the marks the protocol names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from handlers.case import Case, look
from handlers.desk import Desk
from policies.timeline import marks
from storage import episodes


def next_due(desk: Desk, authority: str) -> datetime | None:
    """When the next open obligation falls due, those that will arise if nothing changes among them."""
    dues = (o.due for case in _followed(desk, authority) for o in case.derived(desk).obligations if o.status == "open" and o.due)
    return min((due for due in dues if due > desk.now), default=None)


def next_mark(desk: Desk, authority: str) -> datetime | None:
    """The next moment the protocol names for a child who is still missing."""
    named = (mark.at for case in _followed(desk, authority) for mark in marks(case.derived(desk)))
    return min((at for at in named if at > desk.now), default=None)


def _followed(desk: Desk, authority: str) -> Iterator[Case]:
    for row in episodes.open_of(desk.session, authority):
        yield look(desk, row)
