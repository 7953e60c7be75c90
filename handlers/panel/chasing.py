"""Partners who have not sent what they hold: reminded before the date and on it; then whoever called the panel hears who has not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from handlers import asking
from handlers.asking import Put
from handlers.desk import Desk
from handlers.panel import calling
from policies import words
from policies.worktime import said
from storage import asks, panels
from storage.asks import Ask

LATER = timedelta(hours=4)  # after the date, before the caller hears (house)


def chase(desk: Desk, found: Sequence[Ask]) -> int:
    """The next rung of each."""
    silent: dict[str, list[Ask]] = {}
    for put in found:
        if not asking.asked_about(desk, put):  # everyone on the list was restricted since: there is nothing left to ask
            asks.update(desk.session, [replace(put, next_at=None)])
            continue
        panel, person = panels.by_id(desk.session, put.group_id), desk.directory.person(put.person or "")
        if panel is None or person is None or put.rung >= 2:
            silent.setdefault(put.group_id, []).append(put)
            asks.update(desk.session, [replace(put, rung=put.rung + 1, next_at=None)])
            continue
        kind = "reminder" if put.rung == 0 else "due"
        post = asking.queue(
            desk, put.authority, person, Put("The panel asks", (calling.line(desk, panel, put, kind),), calling.FALLBACK, kind=kind)
        )
        calendar = desk.authority(put.authority).calendar
        following = panel.submit_by if put.rung == 0 else calendar.office_time(panel.submit_by + LATER)
        asks.update(desk.session, [replace(asking.also_in(put, post), rung=put.rung + 1, next_at=max(following, desk.now + LATER / 4))])
    for group, same in silent.items():
        _tell(desk, group, same)
    return len(found)


def _tell(desk: Desk, group: str, silent: Sequence[Ask]) -> None:
    panel = panels.by_id(desk.session, group)
    caller = desk.directory.person(panel.called_by) if panel else None
    if panel is None or caller is None:
        return
    names = ", ".join(f"{words.label(a.role or '')} ({asking.name_of(desk, a.person)})" for a in silent)
    sentence = f"Nothing came for the panel of {said(panel.meets_at)} from: {names}. Ring them, or go ahead without."
    asking.queue(desk, panel.authority, caller, Put("The panel", (), "Homeward: the panel", kind="escalation", lines=(sentence,)))
