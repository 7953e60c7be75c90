"""What a training session plays: a protocol, a story or none, and how far the story has gone; kept in its database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage import settings
from storage.db import Session

FIRST_PACK = "triborough"
PACK, STORY, BEGAN = "sandbox.pack", "sandbox.story", "sandbox.began"
STEPS, CHILD = "sandbox.steps", "sandbox.child"


@dataclass(frozen=True)
class Exercise:
    """`pack` as an authority names it; `story` is None in free play; `began` is where the clock started."""

    pack: str
    began: datetime
    story: str | None = None

    def settings(self) -> dict[str, str]:
        """What a new database is told of it."""
        return {PACK: self.pack, BEGAN: self.began.isoformat(), STORY: self.story or ""}


def read(session: Session, moment: datetime) -> Exercise:
    """What is played in this database; one that does not say plays the first protocol freely."""
    began = settings.get(session, BEGAN)
    story = settings.get(session, STORY) or None
    return Exercise(settings.get(session, PACK) or FIRST_PACK, datetime.fromisoformat(began) if began else moment, story)


@dataclass(frozen=True)
class Progress:
    """How many steps of the story have happened, and to which child; empty until the child is known."""

    steps: int = 0
    child: str = ""


def progress(session: Session) -> Progress:
    """How far the story has gone."""
    return Progress(int(settings.get(session, STEPS) or 0), settings.get(session, CHILD) or "")


def keep(session: Session, found: Progress) -> None:
    """Remember it, in the transaction in which the step happened."""
    settings.put(session, STEPS, str(found.steps))
    settings.put(session, CHILD, found.child)
