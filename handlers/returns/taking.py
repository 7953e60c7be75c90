"""History from an extract: thresholds are right on the first day. What is there already is left as it is, so it can be taken twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from handlers.desk import Actor, Desk
from handlers.past import PastEpisode, remember
from handlers.returns.extract import Given
from policies.pack import Pack
from storage import children, episodes
from storage.episodes import EpisodeRow

MISSING_AS = ("missing", "missing_from_care")
AWAY_AS = ("away_from_placement_without_authorisation", "absent", "whereabouts_known")
MINUTE = timedelta(minutes=1)
SAME = timedelta(hours=1)  # what two systems say of one start may differ by this


@dataclass(frozen=True)
class Taken:
    """What was, or would be, done with the rows. `open_ones`: still missing there; they are to be reported, not remembered."""

    episodes: int = 0
    children: int = 0
    there: int = 0
    open_ones: tuple[Given, ...] = ()
    overlapping: tuple[tuple[Given, str], ...] = ()

    def plus(self, other: Taken) -> Taken:
        """Both together."""
        return Taken(
            self.episodes + other.episodes,
            self.children + other.children,
            self.there + other.there,
            (*self.open_ones, *other.open_ones),
            (*self.overlapping, *other.overlapping),
        )


def take(desk: Desk, actor: Actor, person: str, rows: Sequence[Given], *, keep: bool) -> Taken:
    """One person's rows, oldest first; with `keep` False nothing is written."""
    _, pack = desk.pack_in_force(desk.authority(actor.authority))
    known = children.with_case_reference(desk.session, desk.vault, actor.authority, person)
    child = known[0] if known else None
    held = episodes.lock(desk.session, child) if child else []
    done = Taken()
    for row in rows:
        before = _same(row, held)
        over = _over(row, held)
        if before:
            done = done.plus(Taken(there=1))
        elif row.end is None:
            done = done.plus(Taken(open_ones=(row,)))
        elif over:
            done = done.plus(Taken(overlapping=((row, over.reference),)))
        else:
            done = done.plus(Taken(episodes=1, children=int(child is None and not done.episodes)))
            if keep:
                child = child or children.add(desk.session, desk.vault, actor.authority, {"case_reference": person}, desk.now)
                _remember(desk, actor, pack, child, row)
    return done


def _remember(desk: Desk, actor: Actor, pack: Pack, child: str, row: Given) -> None:
    category = category_for(pack, row.code)
    facts = {} if row.code == "M" else {"whereabouts_known": True}
    past = PastEpisode(category, row.start, row.end or row.start, facts, interview={"offered": row.offered, "accepted": row.accepted})
    remember(past, desk, actor, child)


def category_for(pack: Pack, code: str) -> str:
    """The category of this protocol that an extract's M or A stands for."""
    wanted = MISSING_AS if code == "M" else AWAY_AS
    found = [name for name in wanted if name in pack.categories]
    return found[0] if found else next(iter(pack.categories))


def _same(row: Given, held: Sequence[EpisodeRow]) -> EpisodeRow | None:
    """The episode here that this row is, or is a part of; void ones count, since somebody decided so."""
    return next((e for e in held if _is(row, e)), None)


def _is(row: Given, e: EpisodeRow) -> bool:
    start, end = e.missing_since or e.notified_at, e.returned_at or e.found_at
    if abs(start - row.start) < MINUTE:
        return True
    shares = (end is None or row.start < end) and (row.end is None or start < row.end)
    within = start <= row.start and row.end is not None and (end is None or row.end <= end)
    return shares and (abs(start - row.start) <= SAME or within)


def _over(row: Given, held: Sequence[EpisodeRow]) -> EpisodeRow | None:
    for e in held:
        start, end = e.missing_since or e.notified_at, e.returned_at or e.found_at
        if e.status != "void" and row.start < (end or row.start + SAME) and (row.end is None or start < row.end):
            return e
    return None


def sentence(done: Taken, *, keep: bool) -> str:
    """What was done, in a line."""
    verb = "were taken" if keep else "would be taken"
    said = f"{done.episodes} episodes {verb}, {done.children} children are new; {done.there} were here already."
    return said + (
        f" {len(done.open_ones)} have no end: report them with '/missing report', so that reminders begin." if done.open_ones else ""
    )
