"""Which roles a rule speaks to, by the facts of the moment: routes, stand-ins, chairs."""

from __future__ import annotations

from datetime import datetime, timedelta

from policies.history import held
from policies.pack import After, Duty, Route
from policies.reading import Reading


def routed(routes: tuple[Route, ...], reading: Reading, at: datetime, *, every: bool = False) -> tuple[str, ...]:
    """Roles whose condition holds: the first that fits, or `every` one. The last is taken when none fits."""
    if not routes:
        return ()
    if len(routes) == 1 and (not every or routes[0].when is None):
        return (_stood_in(routes[0].role, reading, at),)
    fitting = [route.role for route in routes if reading.holds(route.when, at)]
    if not every:
        fitting = fitting[:1] or [routes[-1].role]
    return tuple(dict.fromkeys([_stood_in(role, reading, at) for role in fitting]))


def _stood_in(role: str, reading: Reading, at: datetime) -> str:
    """Whoever takes the role's place for now (BURY-25)."""
    if not reading.pack.stand_ins:
        return role
    return next((s.by for s in reading.pack.stand_ins if s.role == role and reading.holds(s.when, at)), role)


def chair_of(duty: Duty, reading: Reading, at: datetime) -> str | None:
    """The chair of this meeting, which may depend on how many of its kind were held about the child."""
    if not duty.chair:
        return None
    before = len(held(reading.child, duty.action, at - timedelta(seconds=1)))
    fitting = [c for c in duty.chair if c.from_number <= before + 1 and reading.holds(c.when, at)]
    return max(fitting, key=lambda c: c.from_number).role if fitting else None


def chaired(duty: Duty, at: datetime, reading: Reading) -> str | None:
    """Who chaired the meeting that brought this duty: the one it was fixed with, else the one the pack names."""
    for action in (action for a in duty.anchors if isinstance(a, After) for action in a.actions):
        chaired = [d for d in reading.pack.duties if d.action == action and d.chair]
        asked = next((d for d in chaired if reading.holds(d.when, at)), chaired[0] if chaired else None)
        chair = reading.episode.chairs.get(action) or (chair_of(asked, reading, at) if asked else None)
        if chair:
            return chair
    return None
