"""Of several obligations that one meeting is fixed for, one leads; nobody is invited to it twice, or told what they did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.addressing import Target
from handlers.reconcile import Reconciled
from policies.chairing import CHAIR
from policies.inviting import OF_A_MEETING
from policies.obligations import Obligation
from storage.pings import Ping


def leading_in(obligations: Iterable[Obligation], used: dict[tuple[str, int], list[Ping]], now: datetime) -> set[tuple[str, int]]:
    """Of several that one meeting is fixed for, the one that has invited to it already, else the one that falls due first."""
    by_action: dict[str, list[Obligation]] = {}
    for o in obligations:
        if o.meeting and o.status == "open" and o.arises_at <= now:
            by_action.setdefault(o.duty.action, []).append(o)
    return {min(same, key=lambda o: _place(o, used.get(o.key, []))).key for same in by_action.values()}


def of_its_meeting(o: Obligation, used: dict[tuple[str, int], list[Ping]], stored: Reconciled) -> Iterator[Ping]:
    """What was sent about a meeting for another obligation that it was fixed for: nobody is invited twice to one meeting."""
    if o.meeting is None:
        return
    others = [(row.rule, row.nth) for row in stored.rows if row.action == o.duty.action and (row.rule, row.nth) != o.key]
    mine = stored.row(o.key)
    for key in others:
        for ping in used.get(key, []):
            if ping.rung.partition("/")[0] in OF_A_MEETING:
                yield replace(ping, arming=mine.arming if mine else ping.arming)


def knows_it(ping: Ping, to: Target, o: Obligation) -> bool:
    """Whoever fixed or moved a meeting knows when it is: nobody tells them, as who chairs it or as who is above who owes it."""
    if o.meeting is None or to.person != o.meeting.timed_by:
        return False
    return ping.rung.startswith(f"{CHAIR}/") or (ping.kind == "escalation" and ping.at < o.meeting.starts)


def _place(o: Obligation, used: list[Ping]) -> tuple[bool, datetime]:
    return not any(p.kind == "invite" for p in used), o.due or o.arises_at + timedelta(days=3650)
