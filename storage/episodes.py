"""Episodes: kept, found, locked, and looked at when their moment has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.ids import new_reference
from storage.records import changed, first, gathered, grouped, insert_new, picking, update_all, within
from storage.tables import CHILDREN, EPISODES

_KEPT = frozenset({"authority", "child_id", "reference", "notified_at", "number"})


@dataclass(frozen=True)
class EpisodeRow:
    """One row. Change it with `replace` and `update`; authority, child, reference, number and notified_at never change."""

    id: str
    authority: str
    child_id: str
    pack_hash: str
    number: int
    status: str  # open, located, returned, closed, void
    category: str
    notified_at: datetime
    reference: str = ""  # given when it is recorded
    risk_level: str | None = None
    missing_since: datetime | None = None
    found_at: datetime | None = None
    returned_at: datetime | None = None
    closed_at: datetime | None = None
    next_change_at: datetime | None = None
    version: int = 1
    restricted: bool = False
    since: datetime | None = None

    @property
    def began(self) -> datetime:
        """Since when the child is what they are: missing, where they were away first, from when they were missing."""
        return self.since or self.missing_since or self.notified_at


_ROWS = picking(EpisodeRow, EPISODES)
_OLDEST_FIRST = (EPISODES.c.notified_at, EPISODES.c.id)
_OPEN = EPISODES.c.status.in_(("open", "located", "returned"))
_BY_ID = _ROWS.where(EPISODES.c.id == sa.bindparam("id"))
_BY_IDS = _ROWS.where(within(EPISODES.c.id))
_BY_REFERENCE = _ROWS.where(EPISODES.c.reference == sa.bindparam("reference"))
_OF_CHILDREN = _ROWS.where(within(EPISODES.c.child_id)).order_by(*_OLDEST_FIRST)
_not_found = sa.case((EPISODES.c.status == "open", 0), (EPISODES.c.status == "located", 1), else_=2)
BEGAN = sa.func.coalesce(EPISODES.c.since, EPISODES.c.missing_since, EPISODES.c.notified_at)
_LONGEST_FIRST = (_not_found, BEGAN, EPISODES.c.id)
_OPEN_OF = _ROWS.where(_OPEN, EPISODES.c.authority == sa.bindparam("authority")).order_by(*_LONGEST_FIRST)

_page = _ROWS.where(_OPEN, EPISODES.c.authority == sa.bindparam("authority"), EPISODES.c.id > sa.bindparam("after"))
_OPEN_PAGE = _page.order_by(EPISODES.c.id).limit(sa.bindparam("at_most", type_=sa.Integer))

_other = CHILDREN.alias("other")
_survivor = sa.select(sa.func.coalesce(_other.c.merged_into, _other.c.id)).where(_other.c.id == sa.bindparam("child_id")).scalar_subquery()
_SAME_CHILD = sa.select(CHILDREN.c.id).where((CHILDREN.c.id == _survivor) | (CHILDREN.c.merged_into == _survivor))
_OF_CHILD = _ROWS.where(EPISODES.c.child_id.in_(_SAME_CHILD)).order_by(*_OLDEST_FIRST)
# On SQLite BEGIN IMMEDIATE is the lock, and FOR UPDATE compiles to nothing.
_LOCK_CHILD = _SAME_CHILD.order_by(CHILDREN.c.id).with_for_update()
_LOCK_EPISODES = _OF_CHILD.with_for_update(of=EPISODES)

_same = sa.func.coalesce(CHILDREN.c.merged_into, CHILDREN.c.id)
_SURVIVORS = sa.select(EPISODES.c.id, _same).join(CHILDREN, CHILDREN.c.id == EPISODES.c.child_id).where(within(EPISODES.c.id))
_of_them = within(CHILDREN.c.id) | within(CHILDREN.c.merged_into)
_LOCK_CHILDREN = sa.select(CHILDREN.c.id, _same).where(_of_them).order_by(CHILDREN.c.id).with_for_update()
_LOCK_FAMILIES = _OF_CHILDREN.with_for_update(of=EPISODES)

_waiting = sa.select(EPISODES.c.id).where(EPISODES.c.next_change_at <= sa.bindparam("now"))
_TO_LOOK_AT = _waiting.order_by(EPISODES.c.next_change_at, EPISODES.c.id).limit(sa.bindparam("at_most", type_=sa.Integer))
_MISSING_FIRST = _waiting.order_by(_not_found, EPISODES.c.next_change_at, EPISODES.c.id).limit(sa.bindparam("at_most", type_=sa.Integer))
_NEXT_CHANGE = sa.select(sa.func.min(EPISODES.c.next_change_at))
_ALL_RESTRICTED = _ROWS.where(EPISODES.c.restricted.is_(True))
_RESTRICTED = sa.select(EPISODES.c.id).where(within(EPISODES.c.id), EPISODES.c.restricted.is_(True))


def add(session: Session, episode: EpisodeRow) -> EpisodeRow:
    """Record an episode, whose child and pack are recorded before; gives it back with a reference nobody else has."""
    reference = new_reference(lambda name: not _added(session, changed(episode, reference=name)))
    return changed(episode, reference=reference)


def _added(session: Session, episode: EpisodeRow) -> bool:
    """Whether its reference was free: asking the unique key itself, nobody can come between."""
    return bool(insert_new(session, EPISODES, [vars(episode)]))


def update(session: Session, episode: EpisodeRow) -> EpisodeRow:
    """Write a changed row and give it back with its new version; raises Stale if somebody else changed it since it was read."""
    update_all(session, EPISODES, [vars(episode)], _KEPT)
    return changed(episode, version=episode.version + 1)


def by_reference(session: Session, reference: str) -> EpisodeRow | None:
    """The episode with this reference, however it is typed."""
    return first(session, EpisodeRow, _BY_REFERENCE, {"reference": reference.strip().upper()})


def by_id(session: Session, episode_id: str) -> EpisodeRow | None:
    """The episode with this id."""
    return first(session, EpisodeRow, _BY_ID, {"id": episode_id})


def by_ids(session: Session, ids: Sequence[str]) -> list[EpisodeRow]:
    """The episodes with these ids, in no order."""
    return gathered(session, EpisodeRow, _BY_IDS, {"ids": ids})


def of_child(session: Session, child_id: str) -> list[EpisodeRow]:
    """All episodes of a child, and of those merged with it, in the order they were notified."""
    return gathered(session, EpisodeRow, _OF_CHILD, {"child_id": child_id})


def of_children(session: Session, ids: Sequence[str]) -> dict[str, list[EpisodeRow]]:
    """The episodes of many children in one statement, by the child they were recorded for (merging is not followed)."""
    return grouped(gathered(session, EpisodeRow, _OF_CHILDREN, {"ids": ids}), "child_id", ids)


def open_of(session: Session, authority: str) -> list[EpisodeRow]:
    """An authority's episodes that are neither closed nor void, who is missing longest first; restricted ones are among them."""
    return gathered(session, EpisodeRow, _OPEN_OF, {"authority": authority})


def open_page(session: Session, authority: str, after: str, limit: int) -> list[EpisodeRow]:
    """The same page by page, in the order they were recorded: pass "" first, then the last id."""
    return gathered(session, EpisodeRow, _OPEN_PAGE, {"authority": authority, "after": after, "at_most": limit})


def of_authority(session: Session, authority: str) -> list[EpisodeRow]:
    """Every episode of an authority, closed and void ones too, oldest first."""
    return gathered(session, EpisodeRow, _ROWS.where(EPISODES.c.authority == authority).order_by(*_OLDEST_FIRST))


def still_open(session: Session, after: str, limit: int) -> list[str]:
    """Ids of open episodes of all authorities, page by page: pass "" first, then the last id."""
    return list(session.scalars(sa.select(EPISODES.c.id).where(_OPEN, EPISODES.c.id > after).order_by(EPISODES.c.id).limit(limit)))


def lock(session: Session, child_id: str) -> list[EpisodeRow]:
    """Hold a child and those merged with it, then its episodes, until the transaction ends; gives what `of_child` gives."""
    session.execute(_LOCK_CHILD, {"child_id": child_id})
    return gathered(session, EpisodeRow, _LOCK_EPISODES, {"child_id": child_id})


def lock_families(session: Session, ids: Sequence[str]) -> dict[str, list[EpisodeRow]]:
    """Hold the children of some episodes, then all their episodes: by one episode of each child, what `of_child` gives.

    Children are held in the order of their ids, so that no two processes wait for each other.
    """
    one_of = {child: episode for episode, child in session.execute(_SURVIVORS, {"ids": ids})}
    children = dict(session.execute(_LOCK_CHILDREN, {"ids": list(one_of)}).all())
    rows = gathered(session, EpisodeRow, _LOCK_FAMILIES, {"ids": list(children)})
    families: dict[str, list[EpisodeRow]] = {episode: [] for episode in one_of.values()}
    for row in rows:
        families[one_of[children[row.child_id]]].append(row)
    return families


def to_look_at(session: Session, now: datetime, limit: int) -> list[str]:
    """Ids of the episodes whose next change has come, the longest waiting first."""
    return list(session.scalars(_TO_LOOK_AT, {"now": now, "at_most": limit}))


def missing_first(session: Session, now: datetime, limit: int) -> list[str]:
    """The same, the children who are not found first."""
    return list(session.scalars(_MISSING_FIRST, {"now": now, "at_most": limit}))


def overdue(session: Session, before: datetime) -> tuple[int, datetime | None]:
    """How many episodes should have been looked at before this moment and were not, and since when the first of them."""
    waiting = sa.select(sa.func.count(), sa.func.min(EPISODES.c.next_change_at)).where(EPISODES.c.next_change_at < before)
    count, since = session.execute(waiting).one()
    return count, since


def next_change(session: Session) -> datetime | None:
    """The earliest moment any episode waits for."""
    earliest: datetime | None = session.scalar(_NEXT_CHANGE)
    return earliest


def authorities_at_work(session: Session) -> list[str]:
    """The authorities that have open episodes."""
    return list(session.scalars(sa.select(EPISODES.c.authority).where(_OPEN).distinct()))


def restricted(session: Session, ids: Sequence[str]) -> set[str]:
    """Which of these episodes are restricted."""
    if not ids:
        return set()
    return set(session.scalars(_RESTRICTED, {"ids": ids}))


def all_restricted(session: Session) -> list[EpisodeRow]:
    """Every restricted episode, however it stands: there are few."""
    return gathered(session, EpisodeRow, _ALL_RESTRICTED)
