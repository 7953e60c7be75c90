"""Periods: which report of which stretch of time was made, once."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from storage.records import gathered, insert_new, picking
from storage.tables import PERIODS


@dataclass(frozen=True)
class Made:
    """One report of one period; `late` and `partial` are sentences, empty when it was neither."""

    authority: str
    report: str
    starts: date
    ends: date
    made_at: datetime
    late: str = ""
    partial: str = ""


def add(session: Session, made: Made) -> bool:
    """Record that it is made now; False when somebody made it before."""
    return bool(insert_new(session, PERIODS, [vars(made)]))


def latest(session: Session, authority: str, report: str) -> Made | None:
    """The newest period that was reported."""
    chosen = picking(Made, PERIODS).where(PERIODS.c.authority == authority, PERIODS.c.report == report)
    return next(iter(gathered(session, Made, chosen.order_by(PERIODS.c.starts.desc()).limit(1))), None)
