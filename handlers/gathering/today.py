"""What whoever chairs finds in the morning digest: the meetings that begin before the next one, and who comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from handlers.case import Case
from handlers.desk import Desk
from handlers.gathering.attendance import gathered
from handlers.gathering.summing import everybody
from policies import words
from policies.behind import once
from policies.chairing import who_chairs
from policies.obligations import Obligation
from policies.worktime import LONDON, said


def beginning(desk: Desk, case: Case, found: Iterable[Obligation], until: datetime) -> Iterator[tuple[Obligation, str, str, str]]:
    """(what it is held for, the role that chairs, what it is, where everybody stands) of each meeting that begins before `until`."""
    for o in once(list(found), desk.now):
        if o.meeting is None or o.status != "open" or not desk.now <= o.meeting.starts < until:
            continue
        yield o, who_chairs(o), _says(o, desk), everybody(desk, gathered(desk, case, o))


def _says(o: Obligation, desk: Desk) -> str:
    assert o.meeting is not None  # noqa: S101 - asked by the caller
    local = o.meeting.starts.astimezone(LONDON)
    when = f"at {local:%H:%M}" if local.date() == desk.today else f"on {said(o.meeting.starts)}"
    name = words.label(o.duty.action)
    return f"you chair the {name} {when}" if o.chair else f"the {name} is {when}, and nobody is named to chair it"
