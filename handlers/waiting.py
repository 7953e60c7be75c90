"""What was put to somebody and waits for their answer, in a line each, with the buttons that answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers import asking
from handlers.desk import Actor, Desk
from handlers.handover import posts
from policies.worktime import said
from storage import asks
from storage.asks import Ask

ESCALATED = 1  # rungs after which a handover is the manager's matter as well


@dataclass(frozen=True)
class Waiting:
    """One thing that waits. `typed` is what answers it in words."""

    ask: Ask
    reference: str
    says: str
    state: str
    buttons: tuple[str, ...]
    typed: str

    @property
    def line(self) -> str:
        """All of it in one line."""
        return f"{self.reference}: {self.says}, {self.state}: type '{self.typed}'"


def for_person(desk: Desk, actor: Actor) -> list[Waiting]:
    """Everything that waits for the actor now, the longest waiting first."""
    found = (_OF_KIND[put.kind](desk, put, actor) for put in asks.open_of(desk.session, actor.authority))
    return [waiting for waiting in found if waiting]


def _handover(desk: Desk, put: Ask, actor: Actor) -> Waiting | None:
    reference, since = asking.reference_of(desk, put), said(datetime.fromisoformat(put.about["since"]))
    asker = asking.name_of(desk, str(put.about.get("asker"))) if put.state == "questioned" else ""
    if asker and put.asked_by == actor.id:
        return Waiting(put, reference, f"{asker} asks about it", f"waits for you since {since}", ("reply",), f"ask {reference}")
    if put.rung > ESCALATED and put.open and actor.id in _up(desk, put):
        silent = f"{asker} asked {asking.name_of(desk, put.asked_by)} about it and has no answer" if asker else ""
        says = silent or f"not taken over by {asking.name_of(desk, put.person)}"
        return Waiting(put, reference, says, f"waits since {since}", ("take",), f"take {reference}")
    if put.state != "waiting" or put.person != actor.id:
        return None
    says = f"handed over by {asking.name_of(desk, put.asked_by)}"
    return Waiting(put, reference, says, f"waits for you since {since}", posts.buttons(put), f"take {reference}")


def _up(desk: Desk, put: Ask) -> set[str]:
    """Those who have heard that nobody took a child."""
    sides = (put.asked_by, put.person or "")
    found = (asking.manager_over(desk, put, put.role or "edt", *sides, steps=n) for n in range(1, put.rung))
    return {person.id for person in found if person}


def _approval(desk: Desk, put: Ask, actor: Actor) -> Waiting | None:
    """Whoever holds a role that decides sees it, and not whoever asked."""
    if put.asked_by == actor.id or not set(put.about["roles"]) & actor.roles:
        return None
    reference, who = asking.reference_of(desk, put), asking.name_of(desk, put.asked_by)
    state = f"waits for a decision since {said(put.asked_at)}"
    return Waiting(put, reference, f"asked for by {who}", state, ("approve", "refuse", "read"), f"agree {reference}")


def _submission(desk: Desk, put: Ask, actor: Actor) -> Waiting | None:
    if put.person != actor.id:
        return None
    listed = ", ".join(asking.asked_about(desk, put))
    if not listed:
        return None
    by = f"send it by {said(put.due_at)}" if put.due_at else "send it"
    return Waiting(put, "Panel", f"what do you hold on {listed}?", by, ("submit",), "Send what you hold, in the message")


_OF_KIND: Mapping[str, Callable[[Desk, Ask, Actor], Waiting | None]] = {
    "handover": _handover,
    "approval": _approval,
    "submission": _submission,
}
