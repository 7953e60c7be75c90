"""Once a month, while children wait for the panel and none is called, whoever calls it is told."""

from __future__ import annotations

from datetime import time, timedelta

from handlers import asking
from handlers.asking import Put
from handlers.desk import Desk, Desks
from handlers.errors import Refused
from handlers.panel import calling, proposing
from policies.worktime import at_local
from storage import panels, settings

AT = time(9)
APART = timedelta(days=28)  # from one panel to the reminder of the next


def monthly(desks: Desks) -> int:
    """Tell whoever calls it, for each authority where it is time; gives how many were told."""
    with desks() as desk:
        return sum(_of_authority(desk, authority.id) for authority in desk.directory.authorities)


def _of_authority(desk: Desk, authority: str) -> bool:
    key, month = f"panel:{authority}", f"{desk.today:%Y-%m}"
    works = desk.authority(authority).calendar.works(desk.today) and desk.now >= at_local(desk.today, AT)
    if not works or settings.get(desk.session, key) == month:
        return False
    last = panels.latest(desk.session, authority)
    if last and desk.now < last.meets_at + APART:
        return False
    try:
        rules = proposing.rules(desk.pack_in_force(desk.authority(authority))[1])
    except Refused:
        return False
    found = proposing.proposed(desk, authority)
    owner = next(iter(desk.directory.holders(rules.owner, authority, desk.now)), None)
    if not found or owner is None:
        return False
    settings.put(desk.session, key, month)
    sentence = f"{len(found)} meet the criteria for the panel, and none is called. Type /missing panel to see who, and why."
    asking.queue(desk, authority, owner, Put("The monthly panel", (), calling.FALLBACK, lines=(sentence,), urgent=False))
    return True
