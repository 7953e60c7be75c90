"""What was put to somebody and is not answered yet is put again, and then to the next one up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

from handlers import approving
from handlers.desk import Desk, Desks
from handlers.handover import chasing as handover
from handlers.panel import chasing as panel
from storage import asks
from storage.asks import Ask
from storage.errors import Repeated, Stale

log = logging.getLogger(__name__)
AT_ONCE = 200
CHASERS: Mapping[str, Callable[[Desk, Sequence[Ask]], int]] = {
    "handover": handover.chase,
    "approval": approving.chase,
    "submission": panel.chase,
}


def chase(desks: Desks, limit: int = AT_ONCE) -> int:
    """Chase what is due for it, in one transaction; gives how much there was."""
    try:
        with desks() as desk:
            found = asks.to_chase(desk.session, desk.now, limit)
            return sum(CHASERS[kind](desk, [ask for ask in found if ask.kind == kind]) for kind in {ask.kind for ask in found})
    except (Repeated, Stale):  # somebody answered at the same moment
        return 0
