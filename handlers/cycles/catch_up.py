"""Coming back after an outage: noticing that nobody looked for a while, and catching up without a flood."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta

from handlers.cycles.digest import skip_today
from handlers.cycles.remind import AT_ONCE, look_at
from handlers.desk import Desk, Desks
from handlers.planning.catchup import Outage, announce
from storage import episodes, outbox, settings

log = logging.getLogger(__name__)
ALIVE, DOWN = "alive", "down"  # names of settings: when somebody last looked; the outage that is being caught up with
LONG = timedelta(minutes=15)  # that nobody may look before it is an outage (house)
EXCUSED = timedelta(minutes=30)  # since the outage ended
NOTED = timedelta(minutes=1)  # from one note that we are alive to the next


def catch_up(desks: Desks, limit: int = AT_ONCE) -> int:
    """Note that we are alive; after an outage look at what came due in it, missing children first. Gives how many were looked at.

    To be called before every look. Every process does it, and none begins with ordinary looks before all have caught up.
    """
    with desks() as desk:
        outage = _outage(desk)
        if outage is None:
            return 0
        waiting = episodes.missing_first(desk.session, outage.ended, limit)
    count = sum(look_at(desks, episode_id, outage) for episode_id in waiting)
    if not count:
        with desks() as desk:
            _over(desk, outage)
    return count


def catching_up(desk: Desk) -> bool:
    """Whether an outage is being caught up with just now; one sentence was said about that. After half an hour it is no excuse."""
    stored = settings.get(desk.session, DOWN)
    return stored is not None and stored != "" and desk.now - datetime.fromisoformat(json.loads(stored)[1]) < EXCUSED


def _outage(desk: Desk) -> Outage | None:
    """The outage that is not caught up with yet, or one that is noticed now."""
    stored, known = settings.get(desk.session, DOWN), settings.get(desk.session, ALIVE)
    last = datetime.fromisoformat(known) if known else desk.now
    if stored:
        began, ended = json.loads(stored)
        outage: Outage | None = Outage(datetime.fromisoformat(began), datetime.fromisoformat(ended))
    elif desk.now - last >= LONG:
        outage = Outage(last, desk.now)
        settings.put(desk.session, DOWN, json.dumps([last.isoformat(), desk.now.isoformat()]))
        skip_today(desk)
        log.warning("%s", outage.said())
    else:
        outage = None
    if known is None or abs(desk.now - last) >= NOTED:
        settings.put(desk.session, ALIVE, desk.now.isoformat())
    return outage


def _over(desk: Desk, outage: Outage) -> None:
    settings.put(desk.session, DOWN, "")
    outbox.release(desk.session, f"catchup:{outage.began.isoformat()}:", desk.now)
    announce(desk, outage)
    log.warning("caught up with what came due from %s to %s", outage.began.isoformat(), outage.ended.isoformat())
