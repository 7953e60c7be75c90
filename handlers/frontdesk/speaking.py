"""For which authority somebody speaks of an episode."""

from __future__ import annotations

from handlers import seeing
from handlers.desk import Desk
from handlers.directory import Person
from storage import episodes
from storage.episodes import EpisodeRow


def authority_for(desk: Desk, reference: str | None, by: str) -> str | None:
    """For which authority somebody speaks of an episode: the one it belongs to, or theirs, with which it is shared."""
    row = episodes.by_reference(desk.session, reference) if reference else None
    person = desk.directory.person(by)
    if row is None or person is None:
        return None
    return seeing.other_authority(desk, row, person) or (row.authority if not row.restricted else _only(desk, row, person))


def _only(desk: Desk, row: EpisodeRow, person: Person) -> str | None:
    """A restricted episode is no hint: somebody who has no role where it belongs is answered as if there were none."""
    mine = desk.directory.authorities_of(person, desk.today)
    return row.authority if row.authority in mine else None
