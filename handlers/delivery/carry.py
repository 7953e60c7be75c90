"""One attempt at one parcel: what the platform said, or what can be concluded where it said nothing."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.delivery.outcomes import Arrived, InDoubt, Never, NotFound, NotTaken, Outcome
from handlers.errors import Later, Uncertain, Undeliverable
from handlers.ports import Parcel, Platform

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """How long to look for a post that may have arrived before it is sent again (house)."""

    first: timedelta = timedelta(seconds=5)
    again: timedelta = timedelta(seconds=25)
    looks: int = 2
    sure_after: timedelta = timedelta(seconds=30)  # a platform may show late what it took

    def over(self, looked: int, waited: timedelta) -> bool:
        """Whether that many looks, the last after `waited`, prove that it is not there."""
        return looked >= self.looks and waited >= self.sure_after


def carry(platform: Platform, parcel: Parcel, now: datetime, patience: Patience) -> Outcome:
    """Hand the parcel over, look for it, or change what is there. Raises nothing."""
    try:
        return _attempt(platform, parcel, now, patience)
    except Later as later:
        return NotTaken(later.seconds, later.everywhere)
    except Undeliverable as refusal:
        return Never(str(refusal))
    except Uncertain:
        return InDoubt()
    except Exception as error:  # noqa: BLE001 - a fault of ours, with an outcome nobody knows
        log.error("post %s: %s on the way to %s", parcel.post.id, type(error).__name__, type(platform).__name__)
        return InDoubt()


def _attempt(platform: Platform, parcel: Parcel, now: datetime, patience: Patience) -> Outcome:
    post = parcel.post
    if post.reference:
        return Arrived(platform.update(parcel))
    if post.state == "uncertain":
        there = platform.look_up(parcel)
        if there:
            return Arrived(there)
        if not patience.over(post.looked + 1, now - (post.tried_at or post.queued_at)):
            return NotFound()
    return Arrived(platform.send(parcel))
