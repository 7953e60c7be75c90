"""The stretches of every episode with the child they belong to: what all returns are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from handlers.desk import Desk
from handlers.reports.tally import bring_up_all, moment
from handlers.returns.cells import harmless
from policies.worktime import LONDON
from storage import children, figures
from storage.figures import Counted

AT_ONCE = 500  # episodes whose children are opened together


@dataclass(frozen=True)
class Who:
    """The child as a return names it."""

    case_reference: str | None
    born: date | None


@dataclass(frozen=True)
class Line:
    """One stretch of one episode: M or A, or neither; `nth` from 1 tells those of one episode apart; times UTC."""

    episode: Counted
    who: Who
    nth: int
    code: str
    start: datetime
    end: datetime | None

    @property
    def name(self) -> str:
        """How a person finds it: the reference of its episode, and which stretch of it."""
        return self.episode.reference if self.nth == 1 else f"{self.episode.reference} (part {self.nth})"


@dataclass(frozen=True)
class LeftOut:
    """Something that is not in a file, and why, in a sentence. `fault`: it should be, and keeps the file from being written."""

    name: str
    why: str
    fault: bool = False
    code: str = ""

    def __str__(self) -> str:
        cited = f" [{self.code}]" if self.code else ""
        return f"{self.name}{cited}: {self.why}"


def lines(desk: Desk, authority: str, since: datetime, until: datetime) -> Iterator[Line]:
    """Every stretch that had begun by `until` of the episodes going on after `since`."""
    bring_up_all(desk, authority)
    waiting = figures.counted(desk.session, authority, since, until)
    while page := list(islice(waiting, AT_ONCE)):
        known = _who(desk, page)
        for episode in page:
            yield from _of_one(episode, known.get(episode.child, Who(None, None)), until)


def _who(desk: Desk, page: Sequence[Counted]) -> dict[str, Who]:
    ids = list(dict.fromkeys(episode.child for episode in page))
    opened = children.identities(desk.session, desk.vault, ids)
    return {
        child: Who(who.get("case_reference"), date.fromisoformat(who["date_of_birth"]) if who.get("date_of_birth") else None)
        for child, who in opened.items()
    }


def _of_one(episode: Counted, who: Who, until: datetime) -> Iterator[Line]:
    for nth, (code, start, end) in enumerate(episode.stretches, 1):
        began, ended = datetime.fromisoformat(start), moment(end)
        if began < until:
            yield Line(episode, who, nth, code, began, ended)


def day(at: datetime) -> date:
    """The day in London."""
    return at.astimezone(LONDON).date()


def cannot_be_named(line: Line) -> LeftOut | None:
    """Without the case system's own number nobody can match the child; one that a spreadsheet would run is refused."""
    named = line.who.case_reference
    if not named:
        return LeftOut(line.name, "the case reference of the child is not recorded, so no return can name the child")
    if harmless(named) != named:
        why = "its case reference begins with a sign that a spreadsheet would run, or holds one that no file can; correct it"
        return LeftOut(line.name, why, fault=True)
    return None
