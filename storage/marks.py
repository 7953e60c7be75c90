"""Marks: what fell due in a stretch of time and how it ended, counted by the database."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.posts import original_of
from storage.tables import EPISODES, OBLIGATIONS, PINGS, POSTS

_O = OBLIGATIONS.c


@dataclass(frozen=True)
class Mark:
    """One action: how many fell due, and of them done in time, done late, still open, and waived with a reason."""

    action: str
    due: int
    in_time: int
    late: int
    missed: int
    waived: int


def marks(session: Session, authority: str, since: datetime, until: datetime) -> list[Mark]:
    """What fell due from `since` on and before `until`, by action; whatever was done after `until` was missed then."""
    done = (_O.status == "met") & (_O.completed_at < until)
    counted = sa.select(
        _O.action,
        sa.func.count(),
        _many(done & (_O.completed_at <= _O.due_at)),
        _many(done & (_O.completed_at > _O.due_at)),
        _many((_O.status == "open") | ((_O.status == "met") & (_O.completed_at >= until))),
        _many(_O.status == "waived"),
    )
    ours = (EPISODES.c.authority == authority) & (EPISODES.c.status != "void") & (_O.status != "void")
    chosen = counted.join(EPISODES, EPISODES.c.id == _O.episode_id).where(ours, _O.due_at >= since, _O.due_at < until)
    return [Mark(*row) for row in session.execute(chosen.group_by(_O.action).order_by(_O.action))]


def _many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def escalations(session: Session, authority: str, since: datetime, until: datetime) -> int:
    """How many escalations went out in a stretch of time."""
    chosen = sa.select(sa.func.count()).select_from(PINGS).join(EPISODES, EPISODES.c.id == PINGS.c.episode_id)
    mine = (EPISODES.c.authority == authority) & (PINGS.c.kind == "escalation") & (PINGS.c.at >= since) & (PINGS.c.at < until)
    return session.scalar(chosen.where(mine)) or 0


def sent_to_people(session: Session, authority: str, since: datetime, until: datetime) -> list[tuple[str, datetime]]:
    """(person, moment) of every post that interrupted somebody: a direct message, or a mention in a thread; both of one post are one."""
    quiet = ("card", "answer", "digest", "report")
    chosen = sa.select(POSTS.c.id, POSTS.c.key, POSTS.c.person, POSTS.c.body, POSTS.c.sent_at).where(
        POSTS.c.authority == authority,
        POSTS.c.sent_at >= since,
        POSTS.c.sent_at < until,
        POSTS.c.kind.not_in(quiet),
        POSTS.c.place != "room",
    )
    found: dict[tuple[str, str], datetime] = {}
    for post, key, person, body, at in session.execute(chosen, execution_options={"yield_per": 2000}):
        for who in [person] if person else body.get("mentions") or []:
            found.setdefault((original_of(post, key), who), at)
    return [(who, at) for (_, who), at in found.items()]
