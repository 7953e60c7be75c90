"""Once a month, while children wait for the panel and none is called, whoever calls it is told."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from handlers import asking
from handlers.asking import Put
from handlers.desk import Desk, Desks
from handlers.errors import Refused
from handlers.panel import calling, proposing
from policies.worktime import LONDON, at_local
from storage import panels, settings

APART = timedelta(days=28)  # from one panel to the reminder of the next


def monthly(desks: Desks) -> int:
    """Tell whoever calls it, for each authority where it is time; gives how many were told."""
    with desks() as desk:
        return sum(_of_authority(desk, authority.id) for authority in desk.directory.authorities)


def next_prompt(desk: Desk) -> datetime | None:
    """When somebody will be told next as things stand now; None while no child waits for a panel."""
    return min((at for a in desk.directory.authorities if (at := _next(desk, a.id)) and at > desk.now), default=None)


def _next(desk: Desk, authority: str) -> datetime | None:
    """In office hours: of the next month where it was said in this one, and not too soon after the last panel."""
    if not proposing.proposed(desk, authority):
        return None
    last, calendar = panels.latest(desk.session, authority), desk.authority(authority).calendar
    first = max([desk.now, *([last.meets_at + APART] if last else [])])
    if settings.get(desk.session, f"panel:{authority}") == f"{first.astimezone(LONDON):%Y-%m}":
        begun = first.astimezone(LONDON).date().replace(day=1)
        first = at_local((begun + timedelta(days=32)).replace(day=1), time())
    return calendar.office_time(first)


def _of_authority(desk: Desk, authority: str) -> bool:
    key, month = f"panel:{authority}", f"{desk.today:%Y-%m}"
    in_hours = desk.authority(authority).calendar.office_time(desk.now) == desk.now
    if not in_hours or settings.get(desk.session, key) == month:
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
    sentence = f"{proposing.counted(found)} the criteria for the panel, and none is called. Type /missing panel to see who, and why."
    asking.queue(desk, authority, owner, Put("The monthly panel", (), calling.FALLBACK, lines=(sentence,), urgent=False))
    return True
