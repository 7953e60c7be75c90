"""One episode read against one pack at one moment: what was known when, and what held."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime

from policies.ages import age
from policies.conditions import All, Condition
from policies.facts import Known, Moment
from policies.history import LASTING, Child, Episode
from policies.pack import Pack, Threshold
from policies.segments import Segment, missing_stretches, segments
from policies.thresholds import Sight, counted, crossings, stands
from policies.worktime import Calendar, add


class Reading:
    """One episode read against one pack at one moment; works each thing out once."""

    def __init__(self, pack: Pack, child: Child, episode: Episode, calendar: Calendar, now: datetime) -> None:
        self.pack, self.child, self.episode, self.calendar, self.now = pack, child, episode, calendar, now
        self._kept = {key for done in episode.done for key in done.keys} | set(episode.waived)
        self._stretches: dict[str, tuple[Segment, ...]] = {}
        self._asked: dict[tuple[str, datetime], bool] = {}
        self._moments: dict[datetime, Moment] = {}
        self._later: dict[datetime, list[datetime]] = {}
        self.stretches = self._of(episode)
        self.missing = missing_stretches(self.stretches)
        self.acted = frozenset(done.action for done in episode.done)
        self.edges = _edges(episode, self.stretches)
        back = episode.found_at is not None
        self.happened = {"missing_since": bool(self.missing), "found_at": back, "returned_at": back}  # what is not here can always be
        self._sight = sight = Sight(self._first_missing, self.absences, calendar, self._excused)
        self.crossings = {rule.id: crossings(rule, child, sight, now) for rule in pack.thresholds}
        lengths = [rule.min_duration for rule in pack.thresholds if rule.min_duration]
        start = self.missing_from(episode)
        self.long_enough = [add(start, length) for length in lengths] if start else []
        frequent = [rule for rule in pack.thresholds if rule.frequent]
        often = any(stands(rule, child, episode, sight, now) for rule in frequent)
        self._known = Known(child, episode, self.stretches, calendar, self.missing_from, self.absences, often)

    def counts(self, episode: Episode) -> bool:
        """Whether an episode was a missing one at any moment (G5)."""
        return self._first_missing(episode) is not None

    def missing_from(self, episode: Episode) -> datetime | None:
        """When an episode became a missing one, from which it is counted (BURY-47, BURY-76); None when it never was."""
        first = self._first_missing(episode)
        return first.clock_start if first else None

    def absences(self, episode: Episode) -> bool:
        """Whether an episode was an absence, and never a missing one."""
        return any(s.absent for s in self._of(episode)) and not self.counts(episode)

    def counted(self, rule: Threshold) -> list[Episode]:
        """The episodes that count towards a threshold at this one, the newest first; none when it does not count."""
        return counted(rule, self.child, self.episode, self._sight, self.now)

    def _of(self, episode: Episode) -> tuple[Segment, ...]:
        if episode.id not in self._stretches:
            self._stretches[episode.id] = segments(self.pack, episode, age(self.child, episode))
        return self._stretches[episode.id]

    def _first_missing(self, episode: Episode) -> Segment | None:
        return next((s for s in self._of(episode) if s.missing), None) if not episode.voided_at else None

    def _excused(self, rule: Threshold, episode: Episode) -> bool:
        if rule.until_held_unless is None or episode.missing_since is None:
            return False
        return rule.until_held_unless.holds(Moment(Known(self.child, episode, (), self.calendar, self.missing_from), episode.missing_since))

    def at(self, moment: datetime) -> Moment:
        """What was known at `moment`."""
        found = self._moments.get(moment)
        if found is None:
            found = self._moments[moment] = Moment(self._known, moment)
        return found

    def is_kept(self, key: tuple[str, int]) -> bool:
        """Whether an obligation was done or waived by name: it stays so, whatever becomes of its condition."""
        return key in self._kept

    def holds(self, condition: Condition | None, moment: datetime) -> bool:
        """Whether the condition holds at `moment`; no condition always does."""
        if condition is None:
            return True
        asked = (condition.key, moment)
        answer = self._asked.get(asked)
        if answer is None:
            answer = self._asked[asked] = condition.holds(self.at(moment))
        return answer

    def first_true(self, condition: Condition | None, since: datetime) -> datetime | None:
        """The first moment from `since` on at which the condition holds; None when it never does, as far as is known."""
        if self.holds(condition, since):
            return since
        later = self._after(since)
        if not later or condition is None or condition.lasting:
            return None  # what was always so does not become otherwise
        if isinstance(condition, All) and not all(self.holds(part, since) for part in condition.always):
            return None
        for edge in later:
            if self.holds(condition, edge):
                return edge
        return None

    def _after(self, since: datetime) -> list[datetime]:
        """The edges that come later: of a child just reported there are none, and nothing can become otherwise."""
        found = self._later.get(since)
        if found is None:
            found = self._later[since] = self.edges[bisect_right(self.edges, since) :]
        return found

    @property
    def back_at(self) -> datetime | None:
        """When the child was no longer missing: found, or the category changed to one that is not."""
        if self.episode.found_at:
            return self.episode.found_at
        return self.missing[-1].end if self.missing else None


def _edges(episode: Episode, stretches: tuple[Segment, ...]) -> list[datetime]:
    """Every moment at which a fact may change, in order."""
    told = {since for name, timeline in episode.facts.items() if name not in LASTING for since, _ in timeline}
    told |= {stretch.start for stretch in stretches}
    told |= {done.at for done in episode.done}
    told |= {at for at in (episode.found_at, episode.returned_at) if at}
    return sorted(told)
