"""The panel: when it meets, and the children on its list."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from storage.tables.columns import UTC, Table, table_of


class Panels(Table, table=True):
    """One meeting of an authority's panel. `rule` is the protocol's, `members` the roles that were asked."""

    __table_args__ = (sa.Index(None, "authority", "meets_at"),)

    id: str = Field(primary_key=True)
    authority: str
    rule: str
    members: list[str] = Field(sa_type=sa.JSON)
    meets_at: datetime = Field(sa_type=UTC)
    submit_by: datetime = Field(sa_type=UTC)
    called_by: str
    called_at: datetime = Field(sa_type=UTC)


class PanelCases(Table, table=True):
    """A child on the list; `why` are ids of rules. What was decided is in the journal, under the entry named here."""

    panel_id: str = Field(primary_key=True, foreign_key="panels.id")
    episode_id: str = Field(primary_key=True, foreign_key="episodes.id")
    why: list[str] = Field(sa_type=sa.JSON)
    decided_at: datetime | None = Field(default=None, sa_type=UTC)
    decided_by: str | None = None
    entry: str | None = None
    stays: bool | None = None


PANELS = table_of(Panels)
PANEL_CASES = table_of(PanelCases)
