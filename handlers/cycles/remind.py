"""Plan every ping now due: look at each episode whose moment has come."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from handlers import alarms
from handlers.case import take, take_all
from handlers.desk import Desks
from handlers.planning.catchup import Outage
from handlers.settle import settle
from storage import episodes
from storage.errors import Repeated, Stale, Unavailable

log = logging.getLogger(__name__)
AT_ONCE = 200
TOGETHER = 32  # episodes of one transaction: a tenth of a second in which others wait to write


def remind(desks: Desks, limit: int = AT_ONCE) -> int:
    """Settle the episodes whose next change has come, a few in one transaction; gives how many there were."""
    with desks() as desk:
        waiting = episodes.to_look_at(desk.session, desk.now, limit)
    return sum(_together(desks, waiting[start : start + TOGETHER]) for start in range(0, len(waiting), TOGETHER))


def _together(desks: Desks, ids: Sequence[str]) -> int:
    """One transaction for all of them; where that fails, one for each, so that only the broken one stays."""
    try:
        with desks() as desk:
            cases = take_all(desk, ids)
            for case in cases:
                settle(desk, case)
        return len(cases)
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is: each is looked at alone now
        log.info("some episodes are settled one by one: %s", type(error).__name__)
        return sum(look_at(desks, episode_id) for episode_id in ids)


def look_at(desks: Desks, episode_id: str, outage: Outage | None = None) -> bool:
    """Settle one episode. A broken one must not silence the others; people hear of it, once a day."""
    try:
        _settle(desks, episode_id, outage)
    except Unavailable:
        raise
    except (Repeated, Stale):  # another process had it at the same moment
        return False
    except Exception as error:  # noqa: BLE001 - whatever it is: the next episode comes first
        log.error("episode %s could not be settled: %s", episode_id, type(error).__name__)
        _raise(desks, episode_id)
        return False
    return True


def _raise(desks: Desks, episode_id: str) -> None:
    with desks() as desk:
        row = episodes.by_id(desk.session, episode_id)
        if row is not None:
            sentence = (
                f"{row.reference} could not be worked out, so nobody is reminded of it. Look at it by hand, and tell the administrator."
            )
            key = f"unsettled:{episode_id}:{desk.today.isoformat()}"
            alarms.raise_alarm(desk, row.authority, key, sentence, reference=row.reference)


def _settle(desks: Desks, episode_id: str, outage: Outage | None) -> None:
    with desks() as desk:
        row = episodes.by_id(desk.session, episode_id)
        if row is not None:
            settle(desk, take(desk, row.child_id, row.id), outage=outage)
