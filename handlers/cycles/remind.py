"""Plan every ping now due: look at each episode whose moment has come."""

from __future__ import annotations

import logging

from handlers.case import take
from handlers.desk import Desks
from handlers.settle import settle
from storage import episodes

log = logging.getLogger(__name__)
AT_ONCE = 200


def remind(desks: Desks, limit: int = AT_ONCE) -> int:
    """Settle the episodes whose next change has come, one transaction each; gives how many there were."""
    with desks() as desk:
        waiting = episodes.to_look_at(desk.session, desk.now, limit)
    for episode_id in waiting:
        try:
            _settle(desks, episode_id)
        except Exception:  # one broken episode must not silence the others; the watch raises it
            log.exception("episode %s could not be settled", episode_id)
    return len(waiting)


def _settle(desks: Desks, episode_id: str) -> None:
    with desks() as desk:
        row = episodes.by_id(desk.session, episode_id)
        if row is not None:
            settle(desk, take(desk, row.child_id, row.id))
