"""Return interviews: one row a return, kept in step with what was recorded, so that they can be counted without opening anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.records import gathered, insert_new, picking, within
from storage.tables import INTERVIEWS


@dataclass(frozen=True)
class InterviewRow:
    """The interview about one return. `in_time`: within 72 hours by the clock on the wall; None while it has not taken place."""

    episode_id: str
    authority: str
    child_id: str
    state: str  # owed, offered, accepted, declined, conducted, not_done, waived, void
    returned_at: datetime
    statutory: datetime
    due: datetime | None = None
    provider: str | None = None
    team: str | None = None
    person: str | None = None
    interviewer: str | None = None
    offered_at: datetime | None = None
    accepted_at: datetime | None = None
    declined_at: datetime | None = None
    declined_by: str | None = None
    conducted_at: datetime | None = None
    in_time: bool | None = None
    not_done_at: datetime | None = None
    recorded_at: datetime | None = None
    signed_off_at: datetime | None = None
    shared_at: datetime | None = None


_ROWS = picking(InterviewRow, INTERVIEWS)
_OF_EPISODES = _ROWS.where(within(INTERVIEWS.c.episode_id))


def of_episode(session: Session, episode_id: str) -> InterviewRow | None:
    """The interview of an episode's return."""
    return next(iter(of_episodes(session, [episode_id])), None)


def of_episodes(session: Session, ids: Sequence[str]) -> list[InterviewRow]:
    """The interviews of these episodes."""
    return gathered(session, InterviewRow, _OF_EPISODES, {"ids": ids})


def of_authority(session: Session, authority: str, since: datetime, until: datetime) -> list[InterviewRow]:
    """Interviews about returns from `since` on and before `until`, void ones left out, the oldest return first."""
    c = INTERVIEWS.c
    chosen = _ROWS.where(c.authority == authority, c.returned_at >= since, c.returned_at < until, c.state != "void")
    return gathered(session, InterviewRow, chosen.order_by(c.returned_at, c.episode_id))


def keep(session: Session, row: InterviewRow) -> None:
    """Write the row over whatever was there."""
    if not insert_new(session, INTERVIEWS, [vars(row)]):
        session.execute(sa.update(INTERVIEWS).where(INTERVIEWS.c.episode_id == row.episode_id).values(vars(row)))
