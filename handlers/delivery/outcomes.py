"""What can come of handing one post to a platform."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.outgoing import Sent


@dataclass(frozen=True)
class Arrived:
    """The platform has it."""

    sent: Sent


@dataclass(frozen=True)
class NotTaken:
    """Surely not there; try again after `seconds`. `everywhere`: the whole platform asks for that, not only this channel."""

    seconds: float
    everywhere: bool = False


@dataclass(frozen=True)
class InDoubt:
    """It may be there: since this attempt, if it was `sent`; after a look that failed, as long as before."""

    sent: bool = True


@dataclass(frozen=True)
class NotFound:
    """It was looked up and is not there, which is no proof yet."""


@dataclass(frozen=True)
class NotNeeded:
    """Surely not there, and what it was about has ended meanwhile."""


@dataclass(frozen=True)
class Apart:
    """Nobody whom it is for is in its room, and it is surely not there: it goes to each of them alone."""


@dataclass(frozen=True)
class Never:
    """The platform will not take it this way."""

    why: str


Outcome = Arrived | NotTaken | InDoubt | NotFound | NotNeeded | Apart | Never
