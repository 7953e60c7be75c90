"""Bookings: meetings that a calendar beside us holds, claimed by one process at a time, written down as they went."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.records import gathered, picking, put_all
from storage.tables import BOOKINGS
from storage.tables.bookings import TO_DO

_B = BOOKINGS.c


@dataclass(frozen=True)
class Booking:
    """What is wanted of one meeting in the calendar (`edition`), and what the calendar has (`sent_edition`, `reference`).

    `off`: it is not to stand there. `doubt`: a call may have reached it, so it is looked for first. `made`: how many
    events were ended before, so that each has a name of its own. `answers`: person → [answer, when], as read last.
    """

    id: str
    authority: str
    episode_id: str
    action: str
    about: dict[str, Any]
    off: bool = False
    edition: int = 1
    sent_edition: int = 0
    reference: str | None = None
    made: int = 0
    doubt: bool = False
    answers: dict[str, Any] = field(default_factory=dict)
    attempt: int = 0
    next_at: datetime | None = None
    looked_at: datetime | None = None
    lease_until: datetime | None = None

    @property
    def to_send(self) -> bool:
        """Whether the calendar does not have what is wanted."""
        return self.edition > self.sent_edition


_ROWS = picking(Booking, BOOKINGS)
_OF_EPISODE = _ROWS.where(_B.episode_id == sa.bindparam("episode_id"))


def of_episode(session: Session, episode_id: str) -> list[Booking]:
    """Every booking of an episode."""
    return gathered(session, Booking, _OF_EPISODE, {"episode_id": episode_id})


def with_person(session: Session, person: str) -> list[Booking]:
    """Bookings to which somebody is invited, and of which something is still to come."""
    live = gathered(session, Booking, _ROWS.where(TO_DO, _B.off.is_(False)))
    return [booking for booking in live if person in booking.about["people"]]


def put(session: Session, booking: Booking) -> None:
    """A new one."""
    put_all(session, BOOKINGS, [vars(booking)])


def want(session: Session, booking_id: str, about: dict[str, Any], *, off: bool, now: datetime) -> None:
    """Something else is wanted from now on; what was being tried for the old wish is tried for this one."""
    _write(session, booking_id, about=about, off=off, edition=_B.edition + 1, attempt=0, next_at=now)


def claim(session: Session, now: datetime, lease: timedelta) -> Booking | None:
    """Take the next that is due, as it stood before; on PostgreSQL no other process gets it until the lease is over.

    From here on a call may have been made: if this process dies, the next one looks first.
    """
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    clock = sa.func.clock_timestamp()
    free = _B.lease_until.is_(None) | (_B.lease_until < clock) if on_postgresql else sa.true()  # SQLite has one process, and that one cycle
    due = _ROWS.where(TO_DO, _B.next_at <= now, free).order_by(_B.next_at, _B.id).limit(1)
    found = gathered(session, Booking, due.with_for_update(skip_locked=True))
    if not found:
        return None
    until = clock + lease if on_postgresql else now + lease
    _write(session, found[0].id, lease_until=until, attempt=_B.attempt + 1, doubt=_B.doubt | (_B.edition > _B.sent_edition))
    return found[0]


def sent(session: Session, claimed: Booking, reference: str | None, now: datetime, next_at: datetime | None) -> None:
    """The calendar has what was claimed; what was wanted since is due at once."""
    _write(
        session,
        claimed.id,
        sent_edition=claimed.edition,
        reference=reference,
        made=_B.made + int(reference is None),
        doubt=False,
        attempt=0,
        lease_until=None,
        looked_at=now,
        next_at=_due(claimed, now, next_at),
    )


def again(session: Session, claimed: Booking, next_at: datetime | None, now: datetime, *, doubt: bool) -> None:
    """It did not go through; what was wanted since is due at once."""
    _write(session, claimed.id, doubt=doubt, lease_until=None, next_at=_due(claimed, now, next_at))


def looked(session: Session, claimed: Booking, answers: dict[str, Any], now: datetime, next_at: datetime | None) -> None:
    """How it stood when it was looked at."""
    due = _due(claimed, now, next_at)
    _write(session, claimed.id, answers=answers, looked_at=now, attempt=0, lease_until=None, next_at=due)


def gone(session: Session, claimed: Booking, now: datetime) -> None:
    """Somebody took it out of the calendar: it is made anew only when something else is wanted."""
    due = _due(claimed, now, None)
    _write(session, claimed.id, reference=None, made=_B.made + 1, doubt=False, lease_until=None, next_at=due)


def _due(claimed: Booking, now: datetime, next_at: datetime | None) -> sa.ColumnElement[datetime | None]:
    """When it is to be looked at next: at once where something else was wanted since it was claimed."""
    return sa.case((_B.edition > claimed.edition, now), else_=next_at)


def _write(session: Session, booking_id: str, **values: Any) -> None:
    session.execute(sa.update(BOOKINGS).where(_B.id == booking_id).values(**values))
