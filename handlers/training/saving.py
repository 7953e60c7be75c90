"""What was recorded about one child, as a scenario file that `homeward simulate` plays again."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.case import look
from handlers.desk import Desk
from handlers.errors import Refused
from policies import words
from policies.retelling import retold
from storage import episodes


@dataclass(frozen=True)
class Saved:
    """A file to take away."""

    name: str
    text: str


def saved(reference: str, authority: str, desk: Desk) -> Saved:
    """All episodes of the child of an episode, where people are called as their roles. Raises Refused when there is none that is shown."""
    row = episodes.by_reference(desk.session, reference)
    if row is None or row.authority != authority or row.restricted:
        raise Refused(f"There is no episode {reference.strip().upper()[:12]} here.")
    case = look(desk, row)
    rows = [one for one in case.rows if not one.restricted]
    told = [[(h.actor, h) for h in case.told[one.id] if h.actor in words.roles()] for one in rows]
    owed = case.of(rows[-1], case.pack).derived(desk).obligations
    text = retold(f"What was played: {row.reference}", case.pack.id, case.child.date_of_birth, told, desk.now, owed)
    return Saved(f"{row.reference}.yml", text)
