"""Where to write to channels and people of a platform that has no fixed address: learned from what arrives, dropped when refused."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.records import first, gathered, insert_new, picking
from storage.tables import CONVERSATIONS


@dataclass(frozen=True)
class Conversation:
    """`whose`: a channel's id, or a person's account; `address`: the service that takes posts for it; `team`: the team of a channel."""

    tenant: str
    whose: str
    conversation: str
    address: str
    seen_at: datetime
    team: str | None = None


_ROWS = picking(Conversation, CONVERSATIONS)
_ONE = _ROWS.where(CONVERSATIONS.c.tenant == sa.bindparam("tenant"), CONVERSATIONS.c.whose == sa.bindparam("whose"))
_OF_TEAM = _ROWS.where(CONVERSATIONS.c.tenant == sa.bindparam("tenant"), CONVERSATIONS.c.team == sa.bindparam("team"))
_LATEST = _ROWS.where(CONVERSATIONS.c.tenant == sa.bindparam("tenant")).order_by(CONVERSATIONS.c.seen_at.desc()).limit(1)


def of(session: Session, tenant: str, whose: str) -> Conversation | None:
    """The conversation with a channel or a person."""
    return first(session, Conversation, _ONE, {"tenant": tenant, "whose": whose})


def latest(session: Session, tenant: str) -> Conversation | None:
    """The one of a tenant that was heard from last: its address serves the others as well."""
    return first(session, Conversation, _LATEST, {"tenant": tenant})


def keep(session: Session, found: Conversation) -> None:
    """Remember it in place of the one before."""
    if not insert_new(session, CONVERSATIONS, [vars(found)]):
        session.execute(sa.update(CONVERSATIONS).where(*_named(found.tenant, found.whose)).values(**vars(found)))


def drop(session: Session, tenant: str, whose: str) -> None:
    """Forget one that is refused."""
    session.execute(sa.delete(CONVERSATIONS).where(*_named(tenant, whose)))


def of_team(session: Session, tenant: str, team: str) -> list[Conversation]:
    """Those with the channels of a team."""
    return gathered(session, Conversation, _OF_TEAM, {"tenant": tenant, "team": team})


def _named(tenant: str, whose: str) -> tuple[sa.ColumnElement[bool], ...]:
    return CONVERSATIONS.c.tenant == tenant, CONVERSATIONS.c.whose == whose
