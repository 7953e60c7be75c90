"""What returns and reports count of an episode, copied out of its sealed journal: no name, no birth date, no free text."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from storage.tables.columns import UTC, Table, table_of


class Figures(Table, table=True):
    """One episode; `stretches` are [code, start, end], `meetings` [action, at, came, needed, there], in ISO.

    Can be thrown away: it is made again from the journal.
    """

    episode_id: str = Field(primary_key=True, foreign_key="episodes.id")
    tracked: bool
    care_status: str | None = None
    in_care: bool | None = None
    ours: bool | None = None
    team: str | None = None
    stretches: list[Any] = Field(sa_type=sa.JSON)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UTC)
    offered_at: datetime | None = Field(default=None, sa_type=UTC)
    accepted_at: datetime | None = Field(default=None, sa_type=UTC)
    declined_at: datetime | None = Field(default=None, sa_type=UTC)
    conducted_at: datetime | None = Field(default=None, sa_type=UTC)
    offered: bool | None = None
    accepted: bool | None = None
    not_done_at: datetime | None = Field(default=None, sa_type=UTC)
    declined_by: str | None = None
    meetings: list[Any] | None = Field(default=None, sa_type=sa.JSON)


class Periods(Table, table=True):
    """A report of one period, made once; `late` and `partial` say why, in words, when it was."""

    authority: str = Field(primary_key=True)
    report: str = Field(primary_key=True)
    starts: date = Field(primary_key=True)
    ends: date
    made_at: datetime = Field(sa_type=UTC)
    late: str = ""
    partial: str = ""


FIGURES = table_of(Figures)
PERIODS = table_of(Periods)
