"""Bookings in a calendar: each is one process's at a time, and what is wanted meanwhile is not lost."""

from datetime import timedelta

from sqlalchemy import Engine

from storage import bookings
from storage.bookings import Booking
from storage.db import Session, transaction
from storage.sealing import Vault
from tests.storage import invented
from tests.storage.invented import MINUTE, NOW


def booked(session: Session, vault: Vault, meeting: str = "m1") -> Booking:
    """A meeting that is to be put into the calendar now."""
    found = Booking(meeting, "westbrook", invented.reported(session, vault).id, "strategy_meeting", {"starts": "x"}, next_at=NOW)
    bookings.put(session, found)
    return found


def test_what_one_process_has_no_other_gets_and_a_lease_that_is_over_frees_it_in_doubt(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        first = booked(session, vault)
        claimed = bookings.claim(session, NOW, timedelta(hours=1))
        assert claimed == first
    with transaction(engine) as session:
        again = bookings.claim(session, NOW, -MINUTE)
    if engine.dialect.name == "postgresql":  # where there may be another process
        assert again is None
        with transaction(engine) as session:
            bookings.again(session, first, NOW, NOW, doubt=False)
            bookings.claim(session, NOW, -MINUTE)
        with transaction(engine) as session:
            again = bookings.claim(session, NOW, MINUTE)
    assert again
    assert (again.doubt, again.attempt) == (True, 2 if engine.dialect.name == "postgresql" else 1)


def test_what_is_wanted_while_it_is_sent_is_sent_at_once_afterwards(engine: Engine, vault: Vault) -> None:
    with transaction(engine) as session:
        booking = booked(session, vault)
        claimed = bookings.claim(session, NOW, MINUTE)
        assert claimed
        bookings.want(session, booking.id, {"starts": "y"}, off=False, now=NOW)
        bookings.sent(session, claimed, "E1", NOW, NOW + MINUTE)
        after = bookings.claim(session, NOW, MINUTE)
        assert after
        assert (after.to_send, after.doubt, after.reference, after.about) == (True, False, "E1", {"starts": "y"})
        bookings.sent(session, after, "E1", NOW, NOW + MINUTE)
        assert bookings.claim(session, NOW, MINUTE) is None
        [kept] = bookings.of_episode(session, booking.episode_id)
        assert (kept.to_send, kept.next_at) == (False, NOW + MINUTE)
