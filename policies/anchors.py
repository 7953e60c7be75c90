"""From which moments a rule counts: one start for each time its anchor happened."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import NamedTuple

from policies import words
from policies.conditions import All, Condition
from policies.facts import Known, Moment, age, as_date, edges
from policies.history import NOT_HELD, Child, Done, Episode
from policies.pack import After, AtThreshold, Pack, Threshold
from policies.pack.duty import Timed
from policies.segments import Segment, away_stretches, missing_stretches, segments
from policies.thresholds import Crossing, Sight, counted, crossings, stands
from policies.worktime import LONDON, Calendar, add, at_local


class Start(NamedTuple):
    """The `nth` time an anchor happened. `begins` and `ends` bound the stretch it belongs to, None where there is none.

    Starts of a second anchor of the same rule count from 101, of a third from 201, so that keys stay what they were.
    """

    nth: int
    at: datetime
    anchor: object = None
    begins: datetime | None = None
    ends: datetime | None = None


class Reading:
    """One episode read against one pack at one moment; works each thing out once."""

    def __init__(self, pack: Pack, child: Child, episode: Episode, calendar: Calendar, now: datetime) -> None:
        self.pack, self.child, self.episode, self.calendar, self.now = pack, child, episode, calendar, now
        self._kept = {key for done in episode.done for key in done.keys} | set(episode.waived)
        self._stretches: dict[str, tuple[Segment, ...]] = {}
        self._asked: dict[tuple[str, datetime], bool] = {}
        self._moments: dict[datetime, Moment] = {}
        self.stretches = self._of(episode)
        self.missing = missing_stretches(self.stretches)
        self.acted = frozenset(done.action for done in episode.done)
        self.edges = edges(episode, self.stretches)
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
        if condition is None or condition.lasting:
            return None  # what was always so does not become otherwise
        if isinstance(condition, All) and not all(self.holds(part, since) for part in condition.always):
            return None
        for edge in self.edges:
            if edge > since and self.holds(condition, edge):
                return edge
        return None

    @property
    def back_at(self) -> datetime | None:
        """When the child was no longer missing: found, or the category changed to one that is not."""
        if self.episode.found_at:
            return self.episode.found_at
        return self.missing[-1].end if self.missing else None


ANCHOR_STEP = 100


def starts(rule: Timed, reading: Reading) -> list[Start]:
    """Every start of the rule's anchors, in order."""
    return [
        Start(n, at, anchor, begins, ends)
        for index, anchor in enumerate(rule.anchors)
        for n, (at, begins, ends) in enumerate(_of_one(anchor, rule, reading), 1 + index * ANCHOR_STEP)
    ]


def has_begun(rule: Timed, reading: Reading) -> bool:
    """Whether any anchor of the rule can have happened at all: most rules wait for something that never comes."""
    for anchor in rule.anchors:  # noqa: SIM110 - twice as fast as any() of a generator
        if _can_be(anchor, reading):
            return True
    return False


def _can_be(anchor: str | After | AtThreshold, reading: Reading) -> bool:
    if isinstance(anchor, str):
        return reading.happened.get(anchor, True)
    if isinstance(anchor, After):
        return not reading.acted.isdisjoint(anchor.actions)
    return bool(reading.crossings.get(anchor.threshold))


Bounds = tuple[datetime, datetime | None, datetime | None]


def _of_one(anchor: str | After | AtThreshold, rule: Timed, reading: Reading) -> list[Bounds]:
    """When, and the bounds of the stretch it belongs to."""
    if isinstance(anchor, After):
        return [(d.at, None, None) for d in _after(anchor, reading.episode)]
    if isinstance(anchor, AtThreshold):
        return [(c.at, None, None) for c in _crossed(anchor.threshold, reading)]
    if anchor == "missing_since":
        return [(s.clock_start, s.start, s.end) for s in reading.missing]
    if anchor == "absent_since":
        return [(s.clock_start, s.start, s.end) for s in away_stretches(reading.stretches)]
    moment = _known(rule, reading) if anchor in {"notified_at", "when"} else _stated(anchor, rule, reading)
    return [(moment, None, None)] if moment else []


def _known(rule: Timed, reading: Reading) -> datetime | None:
    """The report, or the first moment after it at which the condition holds."""
    told = reading.episode.notified_at
    if told is None or rule.when_at == "anchor":
        return told
    return reading.first_true(rule.when, told) or (told if reading.is_kept((rule.id, 1)) else None)


def _stated(anchor: str, rule: Timed, reading: Reading) -> datetime | None:
    moment = _moment(anchor, reading)
    if moment is None and anchor == "assessed_missing_at":
        return _known(rule, reading)  # C-51: judged missing by being recorded so
    return moment


def _after(anchor: After, episode: Episode) -> list[Done]:
    fitting = [d for d in episode.done if d.action in anchor.actions and _outcome_fits(anchor, d)]
    return sorted(fitting, key=lambda d: d.at)


def _outcome_fits(anchor: After, done: Done) -> bool:
    if anchor.outcome:
        return (done.outcome or "done") in anchor.outcome
    meeting_decided = done.decision and words.actions()[done.action] == "meeting"
    return done.outcome not in NOT_HELD and not meeting_decided


def _crossed(threshold: str, reading: Reading) -> list[Crossing]:
    return [c for c in reading.crossings.get(threshold, ()) if c.episode == reading.episode.id]


def _moment(anchor: object, reading: Reading) -> datetime | None:
    episode = reading.episode
    match anchor:
        case "found_at":
            return episode.found_at
        case "returned_at":
            return episode.returned_at if episode.found_at else None
        case "birthday_18":
            return _birthday(as_date(reading.at(reading.now).value("date_of_birth") or reading.child.date_of_birth))
    value = episode.latest(str(anchor))
    return value if isinstance(value, datetime) or value is None else at_local(as_date(value) or date.max, time(0))


def _birthday(born: date | None) -> datetime | None:
    if born is None:
        return None
    leap = born.month == 2 and born.day == 29
    day = date(born.year + 18, 3, 1) if leap and (born.year + 18) % 4 else born.replace(year=born.year + 18)
    return at_local(day, time(0)).astimezone(LONDON)
