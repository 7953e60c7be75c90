"""The panel's meetings and the children on its list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.obligations import ObligationRow
from storage.records import gathered, insert_all, picking
from storage.tables import EPISODES, OBLIGATIONS, PANEL_CASES, PANELS


@dataclass(frozen=True)
class PanelRow:
    """One meeting of an authority's panel."""

    id: str
    authority: str
    rule: str
    members: list[str]
    meets_at: datetime
    submit_by: datetime
    called_by: str
    called_at: datetime


@dataclass(frozen=True)
class PanelCase:
    """A child on the list of one meeting, by the episode it is on it for."""

    panel_id: str
    episode_id: str
    why: list[str]
    decided_at: datetime | None = None
    decided_by: str | None = None
    entry: str | None = None
    stays: bool | None = None


_PANELS = picking(PanelRow, PANELS)
_CASES = picking(PanelCase, PANEL_CASES)


def add(session: Session, panel: PanelRow, cases: Iterable[PanelCase]) -> None:
    """Record a meeting and its list."""
    insert_all(session, PANELS, [vars(panel)])
    insert_all(session, PANEL_CASES, map(vars, cases))


def latest(session: Session, authority: str) -> PanelRow | None:
    """The meeting that was called last."""
    chosen = _PANELS.where(PANELS.c.authority == authority).order_by(PANELS.c.called_at.desc(), PANELS.c.id.desc()).limit(1)
    return next(iter(gathered(session, PanelRow, chosen)), None)


def by_id(session: Session, panel_id: str) -> PanelRow | None:
    """The meeting with this id."""
    return next(iter(gathered(session, PanelRow, _PANELS.where(PANELS.c.id == panel_id))), None)


def cases(session: Session, panel_id: str) -> list[PanelCase]:
    """The children on the list of a meeting."""
    return gathered(session, PanelCase, _CASES.where(PANEL_CASES.c.panel_id == panel_id).order_by(PANEL_CASES.c.episode_id))


def decide(session: Session, case: PanelCase) -> None:
    """Write what the panel decided about a child."""
    mine = (PANEL_CASES.c.panel_id == case.panel_id) & (PANEL_CASES.c.episode_id == case.episode_id)
    session.execute(sa.update(PANEL_CASES).where(mine).values(**vars(case)))


def referred(session: Session, authority: str, actions: Sequence[str]) -> list[ObligationRow]:
    """Open obligations of these actions over all episodes of an authority, closed ones too, the oldest first."""
    o = OBLIGATIONS.c
    chosen = picking(ObligationRow, OBLIGATIONS).join(EPISODES, EPISODES.c.id == o.episode_id)
    mine = (EPISODES.c.authority == authority) & o.action.in_(actions) & (o.status == "open") & EPISODES.c.restricted.is_(sa.false())
    return gathered(session, ObligationRow, chosen.where(mine).order_by(o.arises_at, o.id))
