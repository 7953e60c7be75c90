"""What nobody took over: the next worker is reminded, then the manager hears, then the one above; the child stays with whoever gave it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import asking
from handlers.desk import Desk
from handlers.directory import Person
from handlers.handover import posts
from policies.worktime import said
from storage import asks
from storage.asks import Ask

LAST = 3  # rungs: a reminder, the manager, the one above


def chase(desk: Desk, found: Sequence[Ask]) -> int:
    """Take the next rung of handovers that are due for it, one post an addressee; gives how many children there were."""
    groups: dict[tuple[str, str, int], list[Ask]] = {}
    for ask in found:
        groups.setdefault((ask.group_id, ask.state, ask.rung), []).append(ask)
    for (_, state, rung), same in groups.items():
        climbed = _reminded(desk, same, state) if rung == 0 else _escalated(desk, same, state, rung)
        asks.update(desk.session, [replace(ask, rung=rung + 1, next_at=_next(desk, ask, rung + 1)) for ask in climbed])
    return len(found)


def _next(desk: Desk, ask: Ask, rung: int) -> datetime | None:
    """Counted from when it was put, asked or answered last, so that a late look does not put it off."""
    house = asking.house_of(desk, ask)
    steps = (house.handover_remind_after, house.handover_escalate_after, house.handover_escalate_again_after)
    if rung >= LAST:
        return None
    return max(datetime.fromisoformat(ask.about["since"]) + steps[rung].exact, desk.now + timedelta(minutes=1))


def _reminded(desk: Desk, same: list[Ask], state: str) -> list[Ask]:
    """Whoever is to act: the next worker, or whoever was asked something."""
    giver, receiver = _sides(desk, same[0])
    if state == "questioned":
        asker = asking.name_of(desk, str(same[0].about.get("asker")))
        return posts.again(desk, giver, same, f"{asker} waits for your answer", kind="reminder", pressed=("reply",)) if giver else same
    return posts.again(desk, receiver, same, f"Not taken over yet from {_name(giver)}", kind="reminder") if receiver else same


def _escalated(desk: Desk, same: list[Ask], state: str, rung: int) -> list[Ask]:
    """The manager of whoever did not act hears, and can take the child; the first time the one who gives hears as well."""
    first, (giver, receiver) = same[0], _sides(desk, same[0])
    what = "asked about and not answered" if state == "questioned" else "not taken over"
    since = said(datetime.fromisoformat(first.about["since"]))
    manager = asking.manager_over(desk, first, first.role or "edt", *_ids(giver, receiver), steps=rung)
    if manager:
        headline = f"{what.capitalize()} since {since}, from {_name(giver)} to {_name(receiver)}"
        same = posts.again(desk, manager, same, headline, kind="escalation", pressed=("take",))
    if giver and state == "waiting" and rung == 1:
        up = f"; {manager.name} has been told" if manager else "; nobody is next up, ring the coordinator"
        same = posts.again(desk, giver, same, f"Still with you: {what} by {_name(receiver)}{up}", kind="notice", pressed=())
    return same


def _sides(desk: Desk, ask: Ask) -> tuple[Person | None, Person | None]:
    directory = desk.directory
    return directory.person(ask.asked_by), directory.person(ask.person or "")


def _name(person: Person | None) -> str:
    return person.name if person else "somebody who has left"


def _ids(*people: Person | None) -> list[str]:
    return [person.id for person in people if person]
