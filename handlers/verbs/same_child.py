"""Is this child already being looked for? An exact case reference says so; names and birth dates only suggest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.desk import Desk
from handlers.errors import HandlerError
from policies.ages import as_date
from storage import children, episodes, turns

SAME_QUESTION = ("same", "different", "unsure")


class SameChild(HandlerError):
    """An open episode may be about the same child; asked before anything is written."""

    def __init__(self, reference: str, *, exact: bool) -> None:
        sure = f"{reference} is open for this child. Is it the same child?"
        super().__init__(sure if exact else f"{reference} may be about the same child.")
        self.reference, self.exact = reference, exact


@dataclass(frozen=True)
class Match:
    """An open episode that may be about the child of a new report."""

    child_id: str
    episode_id: str
    reference: str
    exact: bool


def named(desk: Desk, authority: str, identity: Mapping[str, str]) -> list[str]:
    """The children this authority already knows under the case reference, whose earlier episodes count.

    Reports of one authority take turns from here on, so that of two about one child the second finds the first.
    """
    turns.take(desk.session, f"report:{authority}")
    case_reference = identity.get("case_reference")
    return children.with_case_reference(desk.session, desk.vault, authority, case_reference) if case_reference else []


def find(desk: Desk, authority: str, identity: Mapping[str, str], facts: Mapping[str, Any], known: list[str]) -> Match | None:
    """The open episode of the same child, if one may be: exactly of those `named`, else by surname or initials with birth date."""
    match = _open_of(desk, known, exact=True)
    if match:
        return match
    born = as_date(facts.get("date_of_birth"))
    if born is None:
        return None
    day, likely = born.isoformat(), []
    if identity.get("surname"):
        likely += children.with_name_and_birth(desk.session, desk.vault, authority, identity["surname"], day)
    if identity.get("initials"):
        likely += children.with_initials_and_birth(desk.session, desk.vault, authority, identity["initials"], day)
    return _open_of(desk, likely, exact=False)


def asked_about(desk: Desk, authority: str, reference: str | None) -> str | None:
    """The child of the episode that the question named, whatever became of it meanwhile."""
    row = episodes.by_reference(desk.session, reference) if reference else None
    return row.child_id if row and row.authority == authority and not row.restricted else None


def _open_of(desk: Desk, ids: list[str], *, exact: bool) -> Match | None:
    for child_id in dict.fromkeys(ids):
        for row in episodes.of_child(desk.session, child_id):
            if row.status in {"open", "located"} and not row.restricted:
                return Match(child_id, row.id, row.reference, exact)
    return None
