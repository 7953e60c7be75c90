"""One attempt at one parcel: what the platform said, or what can be concluded where it said nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handlers.delivery.outcomes import Apart, Arrived, InDoubt, Never, NotFound, NotNeeded, NotTaken, Outcome
from handlers.errors import Elsewhere, Later, Uncertain, Undeliverable
from handlers.outgoing import in_words
from handlers.ports import Encloses, Parcel, Platform
from storage.errors import Unavailable

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


def carry(
    platform: Platform, parcel: Parcel, now: datetime, patience: Patience, *, needed: bool = True, encloses: Encloses | None = None
) -> Outcome:
    """Look for the parcel if it may be there, else hand it over while it is needed, or change what is there. Raises nothing."""
    if parcel.post.state == "uncertain" and not parcel.post.reference:
        found = _asked(lambda: _looked(platform, parcel, now, patience), parcel)
        if found != SEND:
            return replace(found, sent=False) if isinstance(found, InDoubt) else found
        if not needed:
            return NotNeeded()
    method = platform.update if parcel.post.reference else platform.send
    return _asked(lambda: Arrived(method(_filled(parcel, encloses))), parcel)


def _filled(parcel: Parcel, encloses: Encloses | None) -> Parcel:
    """With the file it names; where that cannot be made, with words in its place."""
    if parcel.body.enclosed is None or encloses is None:
        return parcel
    try:
        return replace(parcel, file=encloses(parcel.post, parcel.body.enclosed))
    except Unavailable:
        raise Later(WAIT) from None
    except Exception as error:  # noqa: BLE001 - nobody waits for a picture
        log.error("post %s: %s while its file was made", parcel.post.id, type(error).__name__)
        return replace(parcel, body=in_words(parcel.body))


WAIT = 30  # seconds until a database that was away is asked again
SEND = NotTaken(0)


def _looked(platform: Platform, parcel: Parcel, now: datetime, patience: Patience) -> Outcome:
    there, post = platform.look_up(parcel), parcel.post
    if there:
        return Arrived(there)
    return SEND if patience.over(post.looked + 1, now - (post.tried_at or post.queued_at)) else NotFound()


def _asked(ask: Callable[[], Outcome], parcel: Parcel) -> Outcome:
    try:
        return ask()
    except Later as later:
        return NotTaken(max(later.seconds, 1.0), later.everywhere)
    except Elsewhere:
        return Apart()
    except Undeliverable as refusal:
        return Never(str(refusal))
    except Uncertain:
        return InDoubt()
    except Exception as error:  # noqa: BLE001 - a fault of ours, with an outcome nobody knows
        log.error("post %s: %s while it was carried", parcel.post.id, type(error).__name__)
        return InDoubt()
